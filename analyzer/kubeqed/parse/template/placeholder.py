"""Text to be filled in before the manifest is applied: `${PORT}`, `$(PORT)`, `<your-domain>`, `{{ .Values.x }}`.

`${NAME}` and `{{ .Values.x }}` have one value wherever they stand, `{{ .Name }}` has one in its file, whose template is
run with it; any other placeholder is its own. `$${NAME}` is an escape. `<…>` counts only as a whole word of its own in a value without blanks, never in prose, markup or a pattern.
`@NAME@`, `__NAME__`, `%NAME%`, `[NAME]`, `((NAME))`, `#{NAME}#`, `@project.version@` as Maven filters it, and words such as
REPLACE_ME and the XX of `webXX` count likewise, as parts of a value without blanks. A reference to a secret that a tool looks up when it applies the manifest is one too: `<path:kv/db#password>` (Argo CD
Vault Plugin), `<secret:password|base64>` (argocd-secret-replacer), `ref+vault://kv/db#/password` (vals), `op://vault/item/field` (1Password's `op inject`), `?{vaultkv:db/password}` (kapitan).
"""

from __future__ import annotations

import re

from kubeqed.parse.tree.unknown import Concat, Fresh, Term, Variable

_MARKUP = "a|b|br|body|center|code|div|em|font|form|head|h[1-6]|hr|html|i|img|li|ol|p|pre|script|span|strong|style|sub|table|td|th|title|tr|ul"
_WORD = rf"(?<![\w?\\])(?<!\?P)<(?!(?:{_MARKUP})>)[A-Za-z][A-Za-z0-9]*(?:[ _.\-]{{1,2}}[A-Za-z0-9]+)*>(?!\w)"
_DOLLAR = r"(?<!\$)\$\{[ \t]*[A-Za-z_][A-Za-z0-9_]*(?:[^A-Za-z0-9_{}\n][^{}\n]*)?\}"
_CALL = r"(?<!\$)\$\([A-Za-z_][A-Za-z0-9_.\-]*\)"
_ACTION = r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}"
_LOOKED_UP = r"<path:[^<>\s#]+#[^<>\n]+>|<secret:[A-Za-z][^<>\s]*>|(?<![\w+])ref\+[a-z0-9]+://\S+|(?<![\w+])op://[^\s/]+/[^\s/]+/\S+|(?<!\()\?\{[a-z0-9]+:[^{}\s]+\}"
_HASHED = r"#\{[A-Za-z][\w.-]*\}#"  # of Azure Pipelines: https://github.com/qetza/replacetokens-task
_NAME = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*"
_FILTERED = r"(?<![\w.+])@(?=[\w.-]{2})[a-z][A-Za-z0-9]*(?:[._-][A-Za-z0-9]+)*@(?!\w)"
_MARKED = rf"{_FILTERED}|@(?=\w{{2}}){_NAME}@|(?<![A-Za-z0-9])__{_NAME}__(?![A-Za-z0-9])|%(?=\w{{3}}){_NAME}%|\[(?=\w{{3}}){_NAME}\](?![+*?{{])|\(\({_NAME}\)\)"
_ASKING = (
    r"(?<![A-Za-z0-9])(?:(?:REPLACE|CHANGE|INSERT|FILL)[_-]?(?:ME|THIS|IT|IN|WITH)(?![A-Za-z])[A-Z0-9_-]{0,60}"
    r"|(?:REPLACE|INSERT|YOUR)[_-][A-Z0-9_-]{1,60}|[A-Z][A-Z0-9_-]{0,60}[_-]HERE|PLACEHOLDER)(?![A-Za-z0-9])"
)
_BLANK = r"(?<=[a-z.-])X{2,}(?![A-Za-z0-9])"  # as a course writes the number of each participant: `webXX`
_WORDS = f"{_MARKED}|{_HASHED}|{_ASKING}|{_BLANK}"
_ONE_LINE = re.compile(f"{_ACTION}|{_DOLLAR}|{_CALL}|{_WORD}|{_LOOKED_UP}|{_WORDS}", re.DOTALL)
_FILLED_IN = re.compile(_WORDS)
_SEVERAL_LINES = re.compile(f"{_ACTION}|{_DOLLAR}", re.DOTALL)
_ACTIONS = re.compile(_ACTION, re.DOTALL)

_NAMED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_FIELD = re.compile(r"\{\{-?\s*\$?(\.[A-Za-z_]\w*(?:\.\w+)*)\s*-?\}\}")
_VARIABLE = re.compile(r"\{\{[^{}]*\$[A-Za-z_]")
_CONTROL = re.compile(r"\{%|\{\{-?\s*(?:if|else|end|range|with|define|block)\b")


def names_variable(text: str) -> bool:
    """Whether an action in the text names a variable, as `{{ $labels.pod }}` of an alert does.

    A deployment's template would have to assign it first, and that action could stand in no value. So where the file
    is YAML as it is, such a text is another program's and hides no object.
    """
    return _VARIABLE.search(text) is not None


def is_filled_in(text: str) -> bool:
    """Whether the text is a name in marks, or a word that asks to be replaced, as people and not tools write them."""
    return _FILLED_IN.fullmatch(text) is not None


def term_of(text: str, file: str = "", *, actions_only: bool = False) -> Term | None:
    """The term of a text of a file that holds placeholders; None when it holds none.

    `actions_only` looks for template actions alone, where everything else belongs to a program.
    """
    pattern = _ACTIONS if actions_only else _SEVERAL_LINES if "\n" in text.rstrip("\n") else _ONE_LINE
    matches = list(pattern.finditer(text))
    if not _is_word(text, matches):
        matches = [match for match in matches if match[0][0] != "<" and not is_filled_in(match[0])]
    if not matches:
        return None
    if _CONTROL.search(text):
        return Fresh(text)
    return _join_terms(text, matches, file)


def _is_word(text: str, matches: list[re.Match[str]]) -> bool:
    """Whether, the placeholders taken out, the text is one word and no markup."""
    start, rest = 0, []
    for match in matches:
        rest.append(text[start : match.start()])
        start = match.end()
    return not re.search(r"[\s<>]", "".join([*rest, text[start:]]))


def _join_terms(text: str, matches: list[re.Match[str]], file: str) -> Term:
    parts: list[str | Variable | Fresh] = []
    end = 0
    for match in matches:
        if match.start() > end:
            parts.append(text[end : match.start()])
        parts.append(_make_term(match[0], file))
        end = match.end()
    if end < len(text):
        parts.append(text[end:])
    return parts[0] if len(parts) == 1 and not isinstance(parts[0], str) else Concat(tuple(parts))


def _make_term(text: str, file: str) -> Variable | Fresh:
    match = _NAMED.fullmatch(text) or _FIELD.fullmatch(text)
    if match is None:
        return Fresh(text)
    return Variable(match[1], file if match[1].rfind(".") == 0 else "")
