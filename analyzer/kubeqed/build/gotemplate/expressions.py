"""The inside of an action: pipelines, commands and their operands (text/template/parse)."""

from __future__ import annotations

from collections.abc import Collection

from kubeqed.build.gotemplate.constants import parse_number, unquote
from kubeqed.build.gotemplate.lexer import Token
from kubeqed.build.gotemplate.nodes import (
    ChainNode,
    CommandNode,
    ConstantNode,
    Definition,
    DotNode,
    FieldNode,
    IdentifierNode,
    Operand,
    PipeNode,
    VariableNode,
)
from kubeqed.build.gotemplate.origin import TemplateSource
from kubeqed.build.gotemplate.printing import quote_text
from kubeqed.build.gotemplate.values import TemplateError, TooLargeError

_CONSTANTS = {"true": True, "false": False, "nil": None}
_KEYWORDS = frozenset(("block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"))
_OPERANDS = frozenset(("string", "raw", "character", "number", "variable", "field", "dot"))
MOST_NESTED = 100  # of blocks and parentheses; Python's stack ends where Go's would not
_MOST_VARIABLES = 500  # that hold at one place: each is looked for among all


class ParseError(TemplateError):
    """What Go does not parse, and where."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.offset = offset


class ExpressionParser:
    """Reads the tokens of one file from left to right; of these, the expressions."""

    def __init__(self, source: TemplateSource, tokens: list[Token], functions: Collection[str]) -> None:
        self._source = source
        self._tokens = tokens
        self._position = 0
        self._functions = functions
        self._variables = ["$"]
        self._definitions: dict[str, Definition] = {}
        self._loops = 0
        self._depth = 0
        self._action_at: int | None = None  # where the action begins that is read

    def _make_error(self, reason: str, at: Token | None) -> ParseError:
        """What is refused at a token, or at the end of the text."""
        return ParseError(reason, at.offset if at is not None else len(self._source.text))

    def _peek_token(self, ahead: int = 0) -> Token | None:
        """A token that is not taken yet."""
        position = self._position + ahead
        return self._tokens[position] if position < len(self._tokens) else None

    def _take_token(self) -> Token:
        """Takes a token."""
        token = self._peek_token()
        if token is None:
            raise self._make_error("unexpected EOF", None)
        self._position += 1
        return token

    def _expect_token(self, kind: str, context: str) -> Token:
        """Takes a token of a kind."""
        token = self._take_token()
        if token.kind != kind:
            raise self._refuse_token(token, context)
        return token

    def _refuse_token(self, token: Token, context: str) -> ParseError:
        """What is said of a token that may not stand here."""
        if token.kind != "error":
            return self._make_error(f"unexpected {_spell_token(token)} in {context}", token)
        return self._make_error(token.text + self._describe_start(token), token)

    def _describe_start(self, token: Token) -> str:
        """Where the action begins that an error is in, if that is another line."""
        begun = self._source.line_of(self._action_at) if self._action_at is not None else 0
        if begun in (0, self._source.line_of(token.offset)):
            return ""
        started = f"started at {self._source.name}:{begun}"
        return f" {started}" if token.text.endswith(" action") else f" in action {started}"

    def _last_end(self) -> int:
        """Where the token that was taken last ends."""
        return self._tokens[self._position - 1].end

    def _unquote_token(self, token: Token) -> str:
        """What a quoted token says."""
        try:
            return unquote(token.text)
        except ValueError:
            raise self._make_error("invalid syntax", token) from None

    def _parse_pipeline(self, context: str, closing: str) -> PipeNode:
        """A pipeline to the token that ends it, which is taken."""
        start = self._peek_token()
        offset = start.offset if start is not None else len(self._source.text)
        variables, is_assignment = self._parse_declarations(context)
        self._variables += variables
        if len(self._variables) > _MOST_VARIABLES:
            raise TooLargeError("it declares too many variables")
        commands: list[CommandNode] = []
        while True:
            token = self._take_token()
            if token.kind == closing or (token.kind == "sign" and token.text == closing):
                self._check_pipeline(commands, context, token)
                return PipeNode(offset, token.offset, variables, is_assignment, commands)
            if not _begins_operand(token):
                raise self._refuse_token(token, context)
            self._position -= 1
            commands.append(self._parse_command())

    def _parse_declarations(self, context: str) -> tuple[tuple[str, ...], bool]:
        """The variables before `:=` or `=`, and whether it is `=`; two of a `range` stand apart by a comma."""
        names: list[str] = []
        while (token := self._peek_token()) is not None and token.kind == "variable":
            before = self._position
            self._position += 1
            sign = self._peek_token()
            if sign is not None and sign.text in (":=", "="):
                self._position += 1
                return (*names, token.text), sign.text == "="
            if sign is None or sign.text != ",":
                self._position = before
                break
            self._position += 1
            names.append(token.text)
            if context != "range" or len(names) > 1:
                raise self._make_error(f"too many declarations in {context}", sign)
            following = self._peek_token()
            if following is None or not (following.kind in ("variable", "close") or following.text == ")"):
                raise self._make_error("range can only initialize variables", sign)
        return tuple(names), False

    def _check_declared(self, token: Token) -> None:
        """Refuses a variable that is not known here."""
        if token.text not in self._variables:
            raise self._make_error(f'undefined variable "{token.text}"', token)

    def _check_pipeline(self, commands: list[CommandNode], context: str, token: Token) -> None:
        """Refuses an empty pipeline, and a constant that gets a value."""
        if not commands:
            raise self._make_error(f"missing value for {context}", token)
        for number, command in enumerate(commands[1:], 2):
            if isinstance(command.arguments[0], ConstantNode | DotNode):
                raise self._make_error(f"non executable command in pipeline stage {number}", token)

    def _parse_command(self) -> CommandNode:
        """A command to the token that ends it; a `|` is taken."""
        arguments: list[Operand] = []
        while True:
            operand = self._parse_operand()
            if operand is not None:
                arguments.append(operand)
            if operand is not None and self._tokens[self._position - 1].is_apart:
                continue
            token = self._take_token()
            if token.kind == "close" or (token.kind == "sign" and token.text == ")"):
                self._position -= 1
                break
            if token.kind == "sign" and token.text == "|":
                break
            raise self._refuse_token(token, "operand")
        if not arguments:
            raise self._make_error("empty command", token)
        return CommandNode(arguments[0].offset, arguments[-1].end, arguments)

    def _parse_operand(self) -> Operand | None:
        """A term and the fields behind it."""
        node = self._parse_term()
        names: list[str] = []
        while node is not None and not self._tokens[self._position - 1].is_apart:
            token = self._peek_token()
            if token is None or token.kind != "field":
                break
            names.append(token.text[1:])
            self._position += 1
        if node is None or not names:
            return node
        end = self._last_end()
        if isinstance(node, FieldNode):
            return FieldNode(node.offset, end, (*node.names, *names))
        if isinstance(node, VariableNode):
            return VariableNode(node.offset, end, node.name, (*node.names, *names))
        if isinstance(node, ConstantNode | DotNode):
            shown = quote_text(self._source.text[node.offset : node.end])
            raise ParseError(f"unexpected . after term {shown}", node.offset)
        return ChainNode(node.offset, end, node, tuple(names))

    def _parse_term(self) -> Operand | None:
        """A constant, a name, a field, a variable, or a pipeline in parentheses; None for what is none."""
        token = self._peek_token()
        if token is None:
            raise self._make_error("unexpected EOF", None)
        self._position += 1
        span = (token.offset, token.end)
        if token.kind == "sign" and token.text == "(":
            self._depth += 1
            if self._depth > MOST_NESTED:
                raise TooLargeError("it is nested too deeply")
            pipe = self._parse_pipeline("parenthesized pipeline", ")")
            self._depth -= 1
            pipe.offset, pipe.end = token.offset, self._last_end()
            return pipe
        if token.kind == "dot":
            return DotNode(*span)
        if token.kind == "field":
            return FieldNode(*span, (token.text[1:],))
        if token.kind == "variable":
            self._check_declared(token)
            return VariableNode(*span, token.text, ())
        if token.kind == "word":
            return self._parse_word(token)
        if token.kind in ("string", "raw"):
            return ConstantNode(*span, self._unquote_token(token))
        if token.kind in ("number", "character"):
            return ConstantNode(*span, self._parse_number(token))
        self._position -= 1
        return None

    def _parse_word(self, token: Token) -> Operand:
        """A constant or a function."""
        if token.text in _CONSTANTS:
            return ConstantNode(token.offset, token.end, _CONSTANTS[token.text])
        if token.text in _KEYWORDS:
            raise self._refuse_token(token, "operand")
        if token.text not in self._functions:
            raise self._make_error(f'function "{token.text}" not defined', token)
        return IdentifierNode(token.offset, token.end, token.text)

    def _parse_number(self, token: Token) -> int | float:
        """A number or a character."""
        try:
            return parse_number(token.text)
        except ValueError as error:
            raise self._make_error(str(error), token) from None


def _begins_operand(token: Token) -> bool:
    """Whether a command may begin with a token."""
    if token.kind == "word":
        return token.text not in _KEYWORDS
    return token.kind in _OPERANDS or (token.kind == "sign" and token.text == "(")


def _spell_token(token: Token) -> str:
    """A token as Go's errors show it."""
    if token.kind == "dot" or (token.kind == "word" and (token.text in _KEYWORDS or token.text == "nil")):
        return f"<{token.text}>"
    return quote_text(token.text) if len(token.text) <= 10 else f"{quote_text(token.text[:10])}..."
