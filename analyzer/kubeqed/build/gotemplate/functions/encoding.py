"""Texts in other spellings: JSON, TOML, base64, checksums."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import zlib
from posixpath import commonprefix
from typing import Any

from kubeqed.build.gotemplate.functions.signature import takes
from kubeqed.build.gotemplate.printing import quote_text, spell_float
from kubeqed.build.gotemplate.values import Int64, TemplateError, TemplateObject, kind_of

_ESCAPED = re.compile("[<>&\u2028\u2029]")
_SMALLEST, _LARGEST = 1e-6, 1e21  # numbers that JSON writes without an exponent
_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_JSON_TEXT = re.compile(r'"(?:\\.|[^"\\])*"')
_DAMAGES = {
    "Expecting property name enclosed in double quotes": "looking for beginning of object key string",
    "Expecting ':' delimiter": "after object key",
    "Expecting ',' delimiter": "after",  # an array's element or an object's entry
    "Extra data": "after top-level value",
    "Invalid control character at": "in string literal",
}


def to_json(value: Any, *, escapes: bool = True, indent: str = "", depth: int = 0) -> str:
    """A value as encoding/json writes it; `escapes` says that it is made safe for HTML."""
    if isinstance(value, TemplateObject):
        value = value.encoded()
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
        return json.loads(text, parse_int=float, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise TemplateError(_json_damage(text, error)) from None
    except (ValueError, RecursionError):
        raise TemplateError("invalid character in JSON") from None


def _refuse_constant(text: str) -> float:
    """Refuses what Python reads and JSON does not know: NaN and infinity."""
    raise ValueError(text)


def _json_damage(text: str, error: json.JSONDecodeError) -> str:
    """What encoding/json says of a text that is no JSON."""
    if error.pos >= len(text) or error.msg.startswith("Unterminated string"):
        return "unexpected end of JSON input"
    at, where = error.pos, _DAMAGES.get(error.msg, "looking for beginning of value")
    for word in ("true", "false", "null"):
        if text[at] == word[0] and where.endswith("of value"):
            same = len(commonprefix((text[at:], word)))
            at, where = at + same, f"in literal {word} (expecting '{word[same]}')"
            break
    if where == "after":
        where = f"after {'array element' if _is_in_array(text[:at]) else 'object key:value pair'}"
    sign = text[at : at + 1].encode()[:1].decode("latin-1") or " "
    return f"invalid character {_quote_sign(sign)} {where}"


def _is_in_array(text: str) -> bool:
    """Whether the innermost bracket that is open at the end of a text is that of an array."""
    closed = 0
    for sign in reversed(_JSON_TEXT.sub("", text)):
        closed += (sign in "]}") - (sign in "[{")
        if closed < 0:
            return sign == "["
    return False


def _quote_sign(sign: str) -> str:
    """A sign as encoding/json names it."""
    return "'\\''" if sign == "'" else "'\"'" if sign == '"' else f"'{quote_text(sign)[1:-1]}'"


def fit_json(value: Any, wanted: type) -> Any:
    """A value of JSON as a map or list; nil is an empty one, and a TemplateError says that it is something else."""
    if value is None or isinstance(value, wanted):
        return wanted() if value is None else value
    name = {"slice": "array", "map": "object", "float64": "number"}.get(kind_of(value), kind_of(value))
    into = "map[string]interface {}" if wanted is dict else "[]interface {}"
    raise TemplateError(f"json: cannot unmarshal {name} into Go value of type {into}")


def _map_of_json(text: str) -> dict[str, Any]:
    """`fromJson`: an error stands in the map, as Helm has it."""
    try:
        found: dict[str, Any] = fit_json(from_json(text), dict)
    except TemplateError as error:
        return {"Error": error.reason}
    return found


def _list_of_json(text: str) -> list[Any]:
    """`fromJsonArray`: an error is the only item, as Helm has it."""
    try:
        found: list[Any] = fit_json(from_json(text), list)
    except TemplateError as error:
        return [error.reason]
    return found


def _decode_base64(text: str) -> str:
    """`b64dec`: an error is what it gives."""
    data = text.encode()
    damaged = _damaged_byte(data)
    if damaged is not None:
        return f"illegal base64 data at input byte {damaged}"
    return base64.b64decode(data).decode(errors="replace")


def _damaged_byte(data: bytes) -> int | None:
    """The first byte at which a text is no base64, as encoding/base64 counts; None if it is."""
    signs = [(number, sign) for number, sign in enumerate(data) if sign not in b"\r\n"]
    plain = next((place for place, (_, sign) in enumerate(signs) if sign not in _BASE64), len(signs))
    rest = plain % 4
    if plain == len(signs):
        return len(data) - rest if rest else None
    at, sign = signs[plain]
    if sign != ord("=") or rest < 2:
        return at
    after = plain + 1
    if rest == 2:
        if after == len(signs):
            return len(data)
        if signs[after][1] != ord("="):
            return signs[after][0] - 1
        after += 1
    return signs[after][0] if after < len(signs) else None


def _decode_base32(text: str) -> str:
    """`b32dec`."""
    try:
        return base64.b32decode(text).decode(errors="replace")
    except binascii.Error:
        return "illegal base32 data at input byte 0"


def _to_toml(value: Any) -> str:
    """`toToml`: an error is what it gives."""
    if value is None:
        raise TemplateError("reflect: call of reflect.Value.Type on zero Value")
    lines: list[str] = []
    try:
        if isinstance(value, list) and _is_table(value):
            return "toml: top-level values must be Go maps or structs"
        if not isinstance(value, dict):
            return _toml_value(value)
        _toml_table(value, (), lines)
    except TemplateError as error:
        return error.reason
    return "".join(f"{line}\n" for line in lines)


def _toml_entries(table: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The keys of plain entries, and of tables; nil is left out."""
    keys = sorted((key for key in table if table[key] is not None), key=str.encode)
    tables = [key for key in keys if _is_table(table[key])]
    return [key for key in keys if key not in tables], tables


def _toml_table(table: dict[str, Any], path: tuple[str, ...], lines: list[str]) -> None:
    """The plain entries of a table, then the tables in it, as BurntSushi's encoder writes them."""
    plain, tables = _toml_entries(table)
    pad = "  " * len(path)
    lines += [f"{pad}{_toml_key(key)} = {_toml_value(table[key])}" for key in plain]
    for key in tables:
        value = table[key]
        name = ".".join(map(_toml_key, (*path, key)))
        for one in value if isinstance(value, list) else [value]:
            if lines and (not path or isinstance(value, list)):
                lines.append("")
            lines.append(f"{pad}[[{name}]]" if isinstance(value, list) else f"{pad}[{name}]")
            _toml_table(one, (*path, key), lines)


def _is_table(value: Any) -> bool:
    """Whether TOML writes a value under a heading of its own; a TemplateError for a list that holds nil."""
    if not isinstance(value, list):
        return isinstance(value, dict)
    if None in value:
        raise TemplateError("toml: cannot encode array with nil element")
    return bool(value) and all(isinstance(one, dict) for one in value)


def _toml_key(key: str) -> str:
    """A key of TOML, in quotes if it needs them."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _toml_text(key)


def _toml_text(text: str) -> str:
    """A text in the quotes of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_value(value: Any) -> str:
    """A value behind its key."""
    if isinstance(value, list):
        _is_table(value)
        return f"[{', '.join(map(_toml_value, value))}]"
    if isinstance(value, dict):
        plain, tables = _toml_entries(value)
        return f"{{{', '.join(f'{_toml_key(key)} = {_toml_value(value[key])}' for key in plain + tables)}}}"
    if isinstance(value, str):
        return _toml_text(value)
    if isinstance(value, float):
        text = spell_float(value)
        return text if "." in text or "e" in text else f"{text}.0"
    return to_json(value)


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
    "b64dec": takes("s", _decode_base64),
    "b32enc": takes("s", lambda text: base64.b32encode(text.encode()).decode()),
    "b32dec": takes("s", _decode_base32),
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
