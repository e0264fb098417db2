"""From tokens to the tree of a template (text/template/parse)."""

from __future__ import annotations

from collections.abc import Collection

from kubeqed.build.gotemplate.expressions import MOST_NESTED, ExpressionParser, ParseError
from kubeqed.build.gotemplate.lexer import LexicalError, Token, scan_tokens
from kubeqed.build.gotemplate.nodes import (
    ActionNode,
    BranchNode,
    Definition,
    JumpNode,
    Statement,
    TemplateNode,
    TextNode,
)
from kubeqed.build.gotemplate.origin import TemplateSource
from kubeqed.build.gotemplate.values import TooLargeError

_BRANCHES = ("if", "with", "range")
_CONSTANTS = {"true": True, "false": False, "nil": None}
_KEYWORDS = frozenset(("block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"))


def parse_template(source: TemplateSource, functions: Collection[str]) -> list[Definition]:
    """The templates that a file defines, the file itself last; a ParseError for what Go refuses.

    `functions` are the names of those that may be called.
    """
    tokens: list[Token] = []
    try:
        tokens.extend(scan_tokens(source.text))
    except LexicalError as error:
        tokens.append(
            Token("error", error.reason, error.offset, len(source.text))
        )  # what stands before it may be refused first
    return _Parser(source, tokens, functions).file()


class _Parser(ExpressionParser):
    """The statements of one file."""

    def file(self) -> list[Definition]:
        """All definitions of the file."""
        body, closing = self._parse_list(top=True)
        if closing is not None:
            following = self._peek_token()
            if closing.text == "end" or following is None or following.text not in ("if", "with"):
                self._expect_token("close", closing.text)
            raise self._make_error(f"unexpected {{{{{closing.text}}}}}", closing)
        self._add_definition(Definition(self._source.name, body), 0)
        return list(self._definitions.values())

    def _add_definition(self, new: Definition, offset: int) -> None:
        """Adds a template; a file may not define one twice."""
        old = self._definitions.get(new.name)
        if old is not None and not old.is_empty:
            if new.is_empty:
                return
            raise ParseError(f'template: multiple definition of template "{new.name}"', offset)
        self._definitions[new.name] = new

    def _parse_list(self, *, top: bool = False) -> tuple[list[Statement], Token | None]:
        """The statements up to an `end` or `else`, and that token; its action is not closed yet."""
        nodes: list[Statement] = []
        self._depth += 1
        if self._depth > MOST_NESTED:
            raise TooLargeError("it is nested too deeply")
        while (token := self._peek_token()) is not None:
            self._position += 1
            if token.kind == "text":
                nodes.append(TextNode(token.offset, token.end, token.text))
                continue
            if token.kind != "open":
                raise self._refuse_token(token, "input")
            self._action_at = token.offset
            word = self._peek_token()
            keyword = word.text if word is not None and word.kind == "word" and word.text in _KEYWORDS else ""
            if word is not None and keyword in ("end", "else"):
                self._position += 1
                self._depth -= 1
                return nodes, word
            nodes += self._parse_action(token, keyword, top=top)
            self._action_at = None
        self._depth -= 1
        return nodes, None

    def _parse_action(self, opening: Token, keyword: str, *, top: bool) -> list[Statement]:
        """The statements of one action."""
        if not keyword:
            pipe = self._parse_pipeline("command", "close")
            return [ActionNode(opening.offset, self._last_end(), pipe)]
        token = self._take_token()
        if keyword in _BRANCHES:
            return [self._parse_branch(keyword, opening.offset)]
        if keyword == "template":
            return [self._parse_call(opening)]
        if keyword == "block":
            return [self._parse_block(opening)]
        if keyword == "define":
            if not top:
                raise self._refuse_token(token, "command")
            self._parse_definition(token)
            return []
        closing = self._expect_token("close", f"{{{{{keyword}}}}}")
        if not self._loops:
            raise self._make_error(f"{{{{{keyword}}}}} outside {{{{range}}}}", closing)
        return [JumpNode(opening.offset, self._last_end(), keyword)]

    def _parse_branch(self, keyword: str, offset: int) -> BranchNode:
        """`if`, `with` or `range` behind its keyword, with its `else` and `end`."""
        known = len(self._variables)
        pipe = self._parse_pipeline(keyword, "close")
        self._loops += keyword == "range"
        body, closing = self._parse_list()
        self._loops -= keyword == "range"
        otherwise: list[Statement] = []
        if closing is not None and closing.text == "else":
            otherwise, closing = self._parse_else(keyword, closing)
        if closing is None:
            raise self._make_error("unexpected EOF", None)
        if closing.kind == "word":
            self._expect_token("close", "end")
        del self._variables[known:]
        return BranchNode(offset, self._last_end(), keyword, pipe, body, otherwise)

    def _parse_else(self, keyword: str, token: Token) -> tuple[list[Statement], Token | None]:
        """What stands behind `else`: another branch, which takes the `end` with it, or a list."""
        following = self._take_token()
        if following.kind == "word" and following.text == keyword and keyword in ("if", "with"):
            self._depth += 1
            if self._depth > MOST_NESTED:
                raise TooLargeError("it is nested too deeply")
            nested = self._parse_branch(keyword, token.offset)
            self._depth -= 1
            return [nested], self._tokens[self._position - 1]
        if following.kind != "close":
            is_branch = following.kind == "word" and following.text in ("if", "with")
            raise self._refuse_token(following, "input" if is_branch else "else")
        otherwise, closing = self._parse_list()
        if closing is not None and closing.text == "else":
            raise self._make_error("expected end; found {{else}}", closing)
        return otherwise, closing

    def _parse_name(self, context: str) -> str:
        """The name of a template, in quotes."""
        token = self._take_token()
        if token.kind not in ("string", "raw"):
            raise self._refuse_token(token, context)
        return self._unquote_token(token)

    def _parse_call(self, opening: Token) -> TemplateNode:
        """`template`."""
        name = self._parse_name("template clause")
        token = self._peek_token()
        pipe = None
        if token is not None and token.kind == "close":
            self._position += 1
        else:
            pipe = self._parse_pipeline("template clause", "close")
        return TemplateNode(opening.offset, self._last_end(), name, pipe)

    def _parse_block(self, opening: Token) -> TemplateNode:
        """`block`: defines a template and prints it."""
        name = self._parse_name("block clause")
        pipe = self._parse_pipeline("block clause", "close")
        self._body_of(name, opening.offset, "block clause")
        return TemplateNode(opening.offset, self._last_end(), name, pipe)

    def _parse_definition(self, token: Token) -> None:
        """`define`."""
        name = self._parse_name("define clause")
        self._expect_token("close", "define clause")
        self._body_of(name, token.offset, "define clause")

    def _body_of(self, name: str, offset: int, context: str) -> None:
        """The body of a named template, in which no variable of the file is known."""
        outer, self._variables, loops, self._loops = self._variables, ["$"], self._loops, 0
        body, closing = self._parse_list()
        if closing is None:
            raise self._make_error("unexpected EOF", None)
        if closing.text != "end":
            raise self._make_error(f"unexpected {{{{{closing.text}}}}} in {context}", closing)
        self._expect_token("close", "end")
        self._variables, self._loops = outer, loops
        self._add_definition(Definition(name, body), offset)
