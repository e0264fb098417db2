"""From tokens to the tree of a template (text/template/parse)."""

from __future__ import annotations

from collections.abc import Collection

from kubeqed.build.gotemplate.expressions import ExpressionParser, ParseError
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

_BRANCHES = ("if", "with", "range")
_CONSTANTS = {"true": True, "false": False, "nil": None}
_KEYWORDS = frozenset(("block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"))
_MOST_NESTED = 250  # of blocks and parentheses; Python's stack ends where Go's would not


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
        body, closing = self._list(top=True)
        if closing is not None:
            following = self._peek()
            if closing.text == "end" or following is None or following.text not in ("if", "with"):
                self._expect("close", closing.text)
            raise self._error(f"unexpected {{{{{closing.text}}}}}", closing)
        self._define(Definition(self._source.name, body), 0)
        return list(self._definitions.values())

    def _define(self, new: Definition, offset: int) -> None:
        """Adds a template; a file may not define one twice."""
        old = self._definitions.get(new.name)
        if old is not None and not old.is_empty:
            if new.is_empty:
                return
            raise ParseError(f'template: multiple definition of template "{new.name}"', offset)
        self._definitions[new.name] = new

    def _list(self, *, top: bool = False) -> tuple[list[Statement], Token | None]:
        """The statements up to an `end` or `else`, and that token; its action is not closed yet."""
        nodes: list[Statement] = []
        self._depth += 1
        if self._depth > _MOST_NESTED:
            raise self._error("a template that is nested too deeply for kubeqed", self._peek())
        while (token := self._peek()) is not None:
            self._position += 1
            if token.kind == "text":
                nodes.append(TextNode(token.offset, token.end, token.text))
                continue
            if token.kind != "open":
                raise self._unexpected(token, "input")
            self._action_at = token.offset
            word = self._peek()
            keyword = word.text if word is not None and word.kind == "word" and word.text in _KEYWORDS else ""
            if word is not None and keyword in ("end", "else"):
                self._position += 1
                self._depth -= 1
                return nodes, word
            nodes += self._action(token, keyword, top=top)
            self._action_at = None
        self._depth -= 1
        return nodes, None

    def _action(self, opening: Token, keyword: str, *, top: bool) -> list[Statement]:
        """The statements of one action."""
        if not keyword:
            pipe = self._pipeline("command", "close")
            return [ActionNode(opening.offset, self._last_end(), pipe)]
        token = self._next()
        if keyword in _BRANCHES:
            return [self._branch(keyword, opening.offset)]
        if keyword == "template":
            return [self._call(opening)]
        if keyword == "block":
            return [self._block(opening)]
        if keyword == "define":
            if not top:
                raise self._unexpected(token, "command")
            self._definition(token)
            return []
        closing = self._expect("close", f"{{{{{keyword}}}}}")
        if not self._loops:
            raise self._error(f"{{{{{keyword}}}}} outside {{{{range}}}}", closing)
        return [JumpNode(opening.offset, self._last_end(), keyword)]

    def _branch(self, keyword: str, offset: int) -> BranchNode:
        """`if`, `with` or `range` behind its keyword, with its `else` and `end`."""
        known = len(self._variables)
        pipe = self._pipeline(keyword, "close")
        self._loops += keyword == "range"
        body, closing = self._list()
        self._loops -= keyword == "range"
        otherwise: list[Statement] = []
        if closing is not None and closing.text == "else":
            otherwise, closing = self._else(keyword, closing)
        if closing is None:
            raise self._error("unexpected EOF", None)
        if closing.kind == "word":
            self._expect("close", "end")
        del self._variables[known:]
        return BranchNode(offset, self._last_end(), keyword, pipe, body, otherwise)

    def _else(self, keyword: str, token: Token) -> tuple[list[Statement], Token | None]:
        """What stands behind `else`: another branch, which takes the `end` with it, or a list."""
        following = self._next()
        if following.kind == "word" and following.text == keyword and keyword in ("if", "with"):
            nested = self._branch(keyword, token.offset)
            return [nested], self._tokens[self._position - 1]
        if following.kind != "close":
            is_branch = following.kind == "word" and following.text in ("if", "with")
            raise self._unexpected(following, "input" if is_branch else "else")
        otherwise, closing = self._list()
        if closing is not None and closing.text == "else":
            raise self._error("expected end; found {{else}}", closing)
        return otherwise, closing

    def _name(self, context: str) -> str:
        """The name of a template, in quotes."""
        token = self._next()
        if token.kind not in ("string", "raw"):
            raise self._unexpected(token, context)
        return self._unquote(token)

    def _call(self, opening: Token) -> TemplateNode:
        """`template`."""
        name = self._name("template clause")
        token = self._peek()
        pipe = None
        if token is not None and token.kind == "close":
            self._position += 1
        else:
            pipe = self._pipeline("template clause", "close")
        return TemplateNode(opening.offset, self._last_end(), name, pipe)

    def _block(self, opening: Token) -> TemplateNode:
        """`block`: defines a template and prints it."""
        name = self._name("block clause")
        pipe = self._pipeline("block clause", "close")
        self._body_of(name, opening.offset, "block clause")
        return TemplateNode(opening.offset, self._last_end(), name, pipe)

    def _definition(self, token: Token) -> None:
        """`define`."""
        name = self._name("define clause")
        self._expect("close", "define clause")
        self._body_of(name, token.offset, "define clause")

    def _body_of(self, name: str, offset: int, context: str) -> None:
        """The body of a named template, in which no variable of the file is known."""
        outer, self._variables, loops, self._loops = self._variables, ["$"], self._loops, 0
        body, closing = self._list()
        if closing is None:
            raise self._error("unexpected EOF", None)
        if closing.text != "end":
            raise self._error(f"unexpected {{{{{closing.text}}}}} in {context}", closing)
        self._expect("close", "end")
        self._variables, self._loops = outer, loops
        self._define(Definition(name, body), offset)
