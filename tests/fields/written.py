"""A document with some YAML text put into one of its fields: instead of the value, as a key, an item, a line, a block."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

Way = tuple[str | int, ...]

_HERE, _LINE, _END = "\ue000here", "\ue000line", "\ue000end"

PLACEHOLDERS = (
    *("${X}", '"${X}"', '"a-${X}"', '"${X:-80}"', "$X", '"$(X)"', "'{{ .x }}'", "{{ .x }}", "{{x}}", "a-{{ .x }}-b"),
    *("{{ if .x }}a{{ end }}", "{% x %}", "<name>", '"<name>"', '"@NAME@"', "@NAME@", "__NAME__", '"%NAME%"', "%NAME%"),
    *("[NAME]", '"[NAME]"', "REPLACE_ME", "PORT", "MY_HOST", "#@ data.x", "!ref x", "'?{plain:x}'", "ref+vault://a/b"),
)
ODD = (
    *("null", "", '""', "{}", "[]", "0", "-1", "80", "1.5", "1e400", "9" * 5000, "99999999999999999999", "true", "web"),
    *("2001-01-01", "0755", "{app: web}", "[web]", "[null]", "[[]]", "[{}]", "[web, web]", "{a: null}", "{1: {2: 3}}"),
    *(
        r'"\n"',
        r'"\u2028\u0000"',
        '"a b"',
        r'"\ud83e"',
        "é",
        "*nowhere",
        "&a x",
        "{<<: ${X}}",
        "'\U0001f980'",
        "a/b:c@d",
    ),
)
LINES = ("{{- toYaml .x | nindent 2 }}", '{{ include "x" . }}', "{{- if .x }}", "#@ if data.x:", "${X}", "<<: *x")


class Change(NamedTuple):
    """What becomes of a field: `how` says where the `text` goes, in block style or, with `flow`, in flow style.

    `value` replaces the value, `key` and `item` add to the map or list, `line` adds a line to it, `block` puts the
    field between `{{ if }}` and `{{ end }}`, `absent` takes it out.
    """

    how: str
    text: str = ""
    flow: bool = False


def changed(document: Any, way: Way, change: Change) -> str:
    """The document as YAML, with the field at `way` changed; what is missing on the way is made."""
    old = found(document, way)
    if change.how == "value":
        tree = put(document, way, _HERE)
    elif change.how == "item":
        tree = put(document, way, [*(old if isinstance(old, list) else ()), _HERE])
    elif change.how in ("key", "line"):
        key = _HERE if change.how == "key" else _LINE
        tree = put(document, way, {**(old if isinstance(old, dict) else {}), key: "x"})
    else:
        tree = put(document, way[:-1], _around(found(document, way[:-1]), way[-1], change.how == "absent"))
    return text_of(tree, flow=change.flow, here=change.text)


def text_of(tree: Any, *, flow: bool = False, here: str = "") -> str:
    """A tree as YAML."""
    if flow:
        text = json.dumps(tree)
    else:
        lines: list[str] = []
        _write(tree, "", lines, here)
        text = "\n".join(lines)
    return text.replace(json.dumps(_HERE), here) + "\n"


def found(tree: Any, way: Way) -> Any:
    """What stands at the end of the way; None when nothing does."""
    for step in way:
        if isinstance(step, int):
            tree = tree[step] if isinstance(tree, list) and step < len(tree) else None
        else:
            tree = tree.get(step) if isinstance(tree, dict) else None
    return tree


def put(tree: Any, way: Way, value: Any) -> Any:
    """A copy in which the value stands at the end of the way."""
    if not way:
        return value
    step, below = way[0], way[1:]
    if isinstance(step, int):
        items = list(tree) if isinstance(tree, list) else []
        items += [None] * (step + 1 - len(items))
        items[step] = put(items[step], below, value)
        return items
    entries = dict(tree) if isinstance(tree, dict) else {}
    return {**entries, step: put(entries.get(step), below, value)}


def _around(parent: Any, step: str | int, absent: bool) -> Any:
    """The parent with one entry taken out, or between the two lines of a block."""
    if isinstance(step, int):
        items = parent if isinstance(parent, list) else []
        here = items[step : step + 1]
        return [*items[:step], *([] if absent else [_LINE, *here, _END]), *items[step + 1 :]]
    entries: dict[str, Any] = {}
    for key, value in (parent if isinstance(parent, dict) else {step: "x"}).items():
        if key != step:
            entries[key] = value
        elif not absent:
            entries |= {_LINE: None, key: value, _END: None}
    return entries


def _write(tree: Any, pad: str, lines: list[str], line: str) -> None:
    pairs = [(f"{json.dumps(key)}:", key, value) for key, value in tree.items()] if isinstance(tree, dict) else None
    for start, key, value in pairs if pairs is not None else [("-", item, item) for item in tree]:
        if key == _LINE:
            lines.append(pad + (line or "{{- if .x }}"))
        elif key == _END:
            lines.append(pad + "{{- end }}")
        elif isinstance(value, dict | list) and value:
            lines.append(pad + start)
            _write(value, pad + "  ", lines, line)
        else:
            lines.append(f"{pad}{start} {json.dumps(value)}")
