"""Texts in other spellings: JSON, TOML, base64, checksums."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import zlib
from typing import Any

from kubeqed.build.gotemplate.functions.signature import takes
from kubeqed.build.gotemplate.printing import spell_float
from kubeqed.build.gotemplate.values import Int64, TemplateError, TemplateObject

_ESCAPED = re.compile("[<>&\u2028\u2029]")
_SMALLEST, _LARGEST = 1e-6, 1e21  # numbers that JSON writes without an exponent
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\Z")


def to_json(value: Any, *, escapes: bool = True, indent: str = "", depth: int = 0) -> str:
    """A value as encoding/json writes it; `escapes` says that it is made safe for HTML."""
    if isinstance(value, TemplateObject):
        raise TemplateError(f"json: unsupported type: {value.type_name}")
    if isinstance(value, str):
        return _json_text(value, escapes=escapes)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        return json_number(value)
    if isinstance(value, int):
        return str(int(value))
    inner = f"\n{indent * (depth + 1)}" if indent else ""
    outer = f"\n{indent * depth}" if indent else ""
    colon = ": " if indent else ":"
    if isinstance(value, dict):
        entries = [
            f"{_json_text(key, escapes=escapes)}{colon}{to_json(value[key], escapes=escapes, indent=indent, depth=depth + 1)}"
            for key in sorted(value)
        ]
        return f"{{{inner}{f',{inner}'.join(entries)}{outer}}}" if entries else "{}"
    items = [to_json(one, escapes=escapes, indent=indent, depth=depth + 1) for one in value]
    return f"[{inner}{f',{inner}'.join(items)}{outer}]" if items else "[]"


def _json_text(text: str, *, escapes: bool) -> str:
    """A text as JSON spells it."""
    made = json.dumps(text, ensure_ascii=False)
    signs = _ESCAPED if escapes else re.compile("[\u2028\u2029]")
    return signs.sub(lambda match: f"\\u{ord(match[0]):04x}", made)


def json_number(value: float) -> str:
    """A float64 as encoding/json writes it."""
    size = abs(value)
    if size and (size < _SMALLEST or size >= _LARGEST):
        text = spell_float(value)
        return re.sub(r"e-0(\d)\Z", r"e-\1", text)
    return spell_float(value, 400).replace("+", "") if size >= 1e-4 or not size else f"{value:.20f}".rstrip("0")


def from_json(text: str) -> Any:
    """A value of JSON, whose numbers are float64; a TemplateError for what is none."""
    try:
        return json.loads(text, parse_int=float, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise TemplateError("invalid character in JSON") from None


def _refuse(text: str) -> float:
    """Refuses what Python reads and JSON does not know: NaN and infinity."""
    raise ValueError(text)


def _map_of_json(text: str) -> dict[str, Any]:
    """`fromJson`: an error stands in the map, as Helm has it."""
    try:
        value = from_json(text)
    except TemplateError as error:
        return {"Error": error.reason}
    return (
        value
        if isinstance(value, dict)
        else {"Error": "json: cannot unmarshal into Go value of type map[string]interface {}"}
    )


def _list_of_json(text: str) -> list[Any]:
    """`fromJsonArray`: an error is the only item, as Helm has it."""
    try:
        value = from_json(text)
    except TemplateError as error:
        return [error.reason]
    return value if isinstance(value, list) else ["json: cannot unmarshal into Go value of type []interface {}"]


def _decode(text: str) -> str:
    """`b64dec`: an error is what it gives."""
    plain = text.replace("\n", "").replace("\r", "")
    if _BASE64.match(plain) is None:
        length = len(re.match(r"[A-Za-z0-9+/]*", plain)[0])  # type: ignore[index]  # an empty match at least
        return f"illegal base64 data at input byte {length // 4 * 4 if length == len(plain) else length}"
    return base64.b64decode(plain).decode(errors="replace")


def _decode32(text: str) -> str:
    """`b32dec`."""
    try:
        return base64.b32decode(text).decode(errors="replace")
    except binascii.Error:
        return "illegal base32 data at input byte 0"


def _to_toml(value: Any) -> str:
    """`toToml`."""
    lines: list[str] = []
    if isinstance(value, dict):
        _toml_table(value, (), lines)
    return "".join(f"{line}\n" for line in lines)


def _toml_table(table: dict[str, Any], path: tuple[str, ...], lines: list[str]) -> None:
    """The plain entries of a table, then the tables in it, as BurntSushi's encoder writes them."""
    plain = {key: one for key, one in table.items() if one is not None and not _is_table(one)}
    lines += [f"{'  ' * len(path)}{_toml_key(key)} = {_toml_value(plain[key])}" for key in sorted(plain)]
    for key in sorted(table.keys() - plain.keys()):
        value = table[key]
        if value is None:
            continue
        inside = (*path, key)
        for one in value if isinstance(value, list) else [value]:
            name = ".".join(map(_toml_key, inside))
            if lines and not path:
                lines.append("")
            lines.append(f"{'  ' * len(path)}{f'[[{name}]]' if isinstance(value, list) else f'[{name}]'}")
            _toml_table(one, inside, lines)


def _is_table(value: Any) -> bool:
    """Whether TOML writes a value under a heading of its own."""
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)
    )


def _toml_key(key: str) -> str:
    """A key of TOML, in quotes if it needs them."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)


def _toml_value(value: Any) -> str:
    """A value behind its key."""
    if isinstance(value, list):
        return f"[{', '.join(_toml_value(one) for one in value)}]"
    if isinstance(value, float):
        text = spell_float(value, 400)
        return text if "." in text else f"{text}.0"
    return to_json(value, escapes=False)


def _from_toml(text: str) -> dict[str, Any]:
    """`fromToml`."""
    import tomllib  # seldom asked for

    try:
        found: dict[str, Any] = _go_values(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        return {"Error": str(error)}
    return found


def _go_values(value: Any) -> Any:
    """Values of TOML in Go's types: whole numbers are int64."""
    if isinstance(value, dict):
        return {key: _go_values(one) for key, one in value.items()}
    if isinstance(value, list):
        return list(map(_go_values, value))
    if isinstance(value, int) and not isinstance(value, bool):
        return Int64(value)
    return value if isinstance(value, bool | float | str) else str(value)


FUNCTIONS = {
    "b64enc": takes("s", lambda text: base64.b64encode(text.encode()).decode()),
    "b64dec": takes("s", _decode),
    "b32enc": takes("s", lambda text: base64.b32encode(text.encode()).decode()),
    "b32dec": takes("s", _decode32),
    "sha1sum": takes("s", lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()),
    "sha256sum": takes("s", lambda text: hashlib.sha256(text.encode()).hexdigest()),
    "sha512sum": takes("s", lambda text: hashlib.sha512(text.encode()).hexdigest()),
    "adler32sum": takes("s", lambda text: str(zlib.adler32(text.encode()))),
    "toJson": takes(".", to_json),
    "mustToJson": takes(".", to_json),
    "toPrettyJson": takes(".", lambda value: to_json(value, indent="  ")),
    "mustToPrettyJson": takes(".", lambda value: to_json(value, indent="  ")),
    "toRawJson": takes(".", lambda value: to_json(value, escapes=False)),
    "mustToRawJson": takes(".", lambda value: to_json(value, escapes=False)),
    "fromJson": takes("s", _map_of_json),
    "mustFromJson": takes("s", from_json),
    "fromJsonArray": takes("s", _list_of_json),
    "toToml": takes(".", _to_toml),
    "fromToml": takes("s", _from_toml),
}
