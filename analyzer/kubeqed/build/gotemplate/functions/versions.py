"""Semantic versions and constraints on them (Masterminds/semver v3.5)."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from kubeqed.build.gotemplate.functions.signature import takes
from kubeqed.build.gotemplate.printing import quote_text
from kubeqed.build.gotemplate.values import Int64, TemplateError, TemplateObject

_VERSION = re.compile(
    r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
    r"(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?",
    re.ASCII,
)
_BOUND = (
    r"v?([0-9|xX*]+)(\.[0-9|xX*]+)?(\.[0-9|xX*]+)?"
    r"(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_OPERATORS = r"=|!=|>=|=>|<=|=<|~>|>|<|~|\^|"
_PART = re.compile(rf"\s*({_OPERATORS})\s*{_BOUND}\s*")
_RANGE = re.compile(r"\s*(v?[0-9xX*][\w.*+-]*)\s+-\s+(v?[0-9xX*][\w.*+-]*)\s*")
_ANY = ("x", "X", "*", "")
_LONGEST = 512


class Version(NamedTuple):
    """A version without its metadata."""

    major: int
    minor: int
    patch: int
    pre: str

    @property
    def order(self) -> tuple[int, int, int, tuple[Any, ...]]:
        """What versions are sorted by: one that is released comes after those before its release."""
        parts = (
            tuple((0, int(one), "") if one.isdecimal() else (1, 0, one) for one in self.pre.split("."))
            if self.pre
            else ()
        )
        return self.major, self.minor, self.patch, (0, parts) if self.pre else (1, ())


class _Bound(NamedTuple):
    """One part of a constraint; `digits` is how many of major, minor and patch it names."""

    operator: str
    version: Version
    digits: int


class VersionObject(TemplateObject):
    """What `semver` gives."""

    type_name = "*semver.Version"

    def __init__(self, text: str) -> None:
        self.version = parse_version(text)
        self._text = text
        match = _VERSION.fullmatch(text)
        self._metadata = (match[5] or "") if match is not None else ""

    def field(self, name: str) -> Any:
        """A part of the version; they are methods in Go."""
        version = self.version
        parts = {"Major": version.major, "Minor": version.minor, "Patch": version.patch}
        if name in parts:
            return lambda: Int64(parts[name])
        texts = {"Prerelease": version.pre, "Metadata": self._metadata, "Original": self._text, "String": str(self)}
        if name in texts:
            return lambda: texts[name]
        if name == "Compare":
            return lambda other: (version.order > other.version.order) - (version.order < other.version.order)
        return super().field(name)

    def encoded(self) -> str:
        """Its text."""
        return str(self)

    def __str__(self) -> str:
        version = self.version
        text = f"{version.major}.{version.minor}.{version.patch}"
        return text + (f"-{version.pre}" if version.pre else "") + (f"+{self._metadata}" if self._metadata else "")


def parse_version(text: str) -> Version:
    """A version; a TemplateError for what is none."""
    match = _VERSION.fullmatch(text)
    if match is None or len(text) > _LONGEST:
        raise TemplateError("invalid semantic version")
    if any(re.fullmatch(r"0\d+", one, re.ASCII) for one in (match[4] or "").split(".")):
        raise TemplateError("version segment starts with 0")
    return Version(int(match[1]), int(match[2] or 0), int(match[3] or 0), match[4] or "")


def satisfies(constraint: str, text: str) -> bool:
    """`semverCompare`: whether a version lies within a constraint; a TemplateError where either is none."""
    bounds = [_parse_bounds(one) for one in _RANGE.sub(r">= \1, <= \2 ", constraint).split("||")]
    version = parse_version(text)
    return any(_holds_all(one, version) for one in bounds)


def _parse_bounds(text: str) -> list[_Bound]:
    """The parts of a constraint that all have to hold."""
    bounds: list[_Bound] = []
    position = 0
    while position < len(text) or not bounds:
        match = _PART.match(text, position)
        if match is None or match.end() == position:
            raise TemplateError(f"improper constraint: {quote_text(text)}")
        bounds.append(_parse_bound(match))
        position = match.end()
        if text[position : position + 1] == ",":
            position += 1
    return bounds


def _parse_bound(match: re.Match[str]) -> _Bound:
    """One part: `>=1.2` and its like."""
    operator, major, minor, patch, pre = match.groups()
    parts = [major, (minor or "")[1:], (patch or "")[1:]]
    digits = next((number for number, part in enumerate(parts) if part in _ANY), len(parts))
    try:
        numbers = [int(part) for part in parts[:digits]] + [0] * (len(parts) - digits)
    except ValueError:
        raise TemplateError("constraint parser error") from None
    return _Bound(operator, Version(numbers[0], numbers[1], numbers[2], (pre or "")[1:]), digits)


def _holds_all(bounds: list[_Bound], version: Version) -> bool:
    """Whether a version lies within all; one before its release only where a part names such a one."""
    if version.pre and not any(one.version.pre for one in bounds):
        return False
    return all(_is_within(one, version) for one in bounds)


def _is_within(bound: _Bound, version: Version) -> bool:
    """Whether a version lies within one part."""
    operator, limit, digits = bound
    same = version[:digits] == limit[:digits]
    is_whole = digits == len(limit) - 1
    if operator in ("", "="):
        return version.order == limit.order if is_whole else _is_near(bound, version)
    if operator == "!=":
        return version.order != limit.order if is_whole else not same
    if operator == ">":
        return version.order > limit.order if is_whole else version[:digits] > limit[:digits]
    if operator == "<":
        return version.order < limit.order
    if operator in (">=", "=>"):
        return version.order >= limit.order
    if operator in ("<=", "=<"):
        return version.order <= limit.order if is_whole else version[:digits] <= limit[:digits]
    return _is_near(bound, version) if operator in ("~", "~>") else _is_compatible(bound, version)


def _is_near(bound: _Bound, version: Version) -> bool:
    """`~`: the same minor version, or the same major one where no minor one is named."""
    limit, digits = bound.version, bound.digits
    if version.order < limit.order:
        return False
    if digits == 0 or (digits == len(limit) - 1 and not any(limit[:3])):
        return True
    return version.major == limit.major and (digits == 1 or version.minor == limit.minor)


def _is_compatible(bound: _Bound, version: Version) -> bool:
    """`^`: the same first number that is not 0."""
    limit, digits = bound.version, bound.digits
    if version.order < limit.order:
        return False
    if digits == 0:
        return True
    if version.major != limit.major:
        return False
    if limit.major > 0 or digits == 1:
        return True
    if version.minor != limit.minor:
        return False
    return limit.minor > 0 or digits == 2 or version.patch == limit.patch


FUNCTIONS = {
    "semver": takes("s", VersionObject),
    "semverCompare": takes("ss", satisfies),
}
