"""What a plain scalar means to Kubernetes.

The API server and kubectl read YAML through sigs.k8s.io/yaml: go-yaml v2 resolves the scalar (`resolve` of its
resolve.go), encoding/json writes it, and what is read back is an int64, a float64, a bool, a string or null. So `1.0`
and `1e3` end up as integers, what exceeds 64 bits as a float, and infinity is an error because JSON has none.
tests/parse/test_scalar.py holds the answers of kubectl itself.
"""

from __future__ import annotations

import binascii
import math
import re
import struct

from kubeqed.late_pattern import compile_late

Scalar = None | bool | int | float | str

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"], True),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"], False),
    **dict.fromkeys(["", "~", "null", "Null", "NULL"], None),
    **dict.fromkeys([".nan", ".NaN", ".NAN"], math.nan),
    **dict.fromkeys([".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"], math.inf),
    **dict.fromkeys(["-.inf", "-.Inf", "-.INF"], -math.inf),
}
_HINTS = frozenset("+-.~0123456789yYnNtTfFoO")
ALWAYS_TEXT = frozenset("abcdeghijklmpqrsuvwxzABCDEGHIJKLMPQRSUVWXZ/")  # a plain scalar that starts so is a string
_INTEGER = re.compile(r"([-+]?)(?:0([xX])([0-9a-fA-F]+)|0([bB])([01]+)|0()[oO]?([0-7]+)|()([1-9][0-9]*|0))")
_DECIMAL = compile_late(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LEADING_POINT = r"\.[0-9](_?[0-9])*([eE][-+]?[0-9](_?[0-9])*)?"
_DATE = r"\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?"

_INT64 = 1 << 63
_UINT64 = 1 << 64
_LONGEST_INTEGER = 80  # characters; 64 binary digits, a sign and a prefix fit
YAML_TAG = "tag:yaml.org,2002:"


class ScalarError(ValueError):
    """A scalar that Kubernetes refuses; the text says why."""


def resolve(text: str) -> Scalar:
    """The value of a plain scalar, before JSON: floats may be infinite or whole, ints go up to 2**64 - 1."""
    if text[:1] not in _HINTS:
        return text or None
    if text in _WORDS:
        return _WORDS[text]
    if text[0] == ".":
        return _parse_float(text) if re.fullmatch(_LEADING_POINT, text) else text
    if text[0] not in "+-0123456789":
        return text
    number = _parse_number(text.replace("_", ""))
    return text if number is None else number


def _parse_number(plain: str) -> int | float | None:
    if len(plain) <= _LONGEST_INTEGER and (match := _INTEGER.fullmatch(plain)):
        integer = _parse_integer(match)
        if -_INT64 <= integer < (_INT64 if match[1] else _UINT64):
            return integer
    if _DECIMAL.fullmatch(plain):
        number = _parse_float(plain)
        return number if isinstance(number, float) else None
    return None


def _parse_integer(match: re.Match[str]) -> int:
    sign, letter_x, hexadecimal, letter_b, binary, _, octal, _, decimal = match.groups()
    base = 16 if letter_x else 2 if letter_b else 8 if octal else 10
    return int(sign + (hexadecimal or binary or octal or decimal), base)


def _parse_float(text: str) -> float | str:
    """The float of `text`; the text itself when it exceeds a float64, as strconv.ParseFloat refuses that."""
    number = float(text)
    return text if math.isinf(number) else number


def resolve_tagged(tag: str, text: str) -> Scalar:
    """The value of a scalar with an explicit tag of YAML itself (`!!int "5"`); ScalarError when it does not fit.

    The tag is spelt in full.
    """
    name = tag.removeprefix(YAML_TAG)
    if name == "binary":
        return _decode_binary(text)
    if name not in ("bool", "int", "float", "null", "timestamp"):
        return text
    if name == "timestamp" and re.fullmatch(_DATE, text):
        return text
    value = resolve(text)
    found = _type_name(value)
    if name == "float" and found == "int":
        return value
    if found != name:
        raise ScalarError(f"cannot decode the value as !!{name}")
    return value


def _decode_binary(text: str) -> str:
    import base64  # few documents need it

    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        raise ScalarError("the value of !!binary is not base64") from None


def _type_name(value: Scalar) -> str:
    return "null" if value is None else type(value).__name__


def json_number(value: float) -> int | float:
    """The number as it arrives through JSON: whole ones within int64 are ints, all others floats.

    ScalarError for infinity and NaN.
    """
    if isinstance(value, int):
        return value if -_INT64 <= value < _INT64 else float(value)
    if not math.isfinite(value):
        raise ScalarError("is not a finite number, and JSON has no infinity")
    if not value.is_integer() or abs(value) >= _UINT64:
        return value
    written = _round_whole(value)
    return written if -_INT64 <= written < _INT64 else value


def _round_whole(value: float) -> int:
    """What encoding/json writes for a whole number: the fewest digits that give the same float64, then zeros."""
    mantissa, _, exponent = repr(value).partition("e")
    if not exponent:
        return int(value)
    digits, _, decimals = mantissa.partition(".")
    return int(digits + decimals + "0" * (int(exponent) - len(decimals)))


def key_text(value: Scalar) -> str:
    """The key that a scalar makes (convertToJSONableObject of sigs.k8s.io/yaml); ScalarError for null and uint64."""
    if isinstance(value, str):
        return value
    if value is None:
        raise ScalarError("a key is null, which no JSON object can hold")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if not -_INT64 <= value < _INT64:
            raise ScalarError("the key exceeds 64 bits")
        return str(value)
    return _float_key(value)


def _float_key(value: float) -> str:
    """strconv.FormatFloat(value, 'g', -1, 32): the shortest text that gives the same float32."""
    try:
        single = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        single = math.copysign(math.inf, value)
    if not math.isfinite(single):
        return ".nan" if math.isnan(single) else ".inf" if single > 0 else "-.inf"
    digits = next(count for count in range(1, 18) if _round_digits(single, count) == single)
    mantissa, exponent = f"{single:.{digits - 1}e}".split("e")
    if -4 <= int(exponent) < 6:
        return f"{single:.{max(digits - 1 - int(exponent), 0)}f}"
    return f"{mantissa}e{exponent[0]}{exponent[1:].zfill(2)}"


def _round_digits(single: float, digits: int) -> float:
    (result,) = struct.unpack("f", struct.pack("f", float(f"{single:.{digits - 1}e}")))
    return float(result)
