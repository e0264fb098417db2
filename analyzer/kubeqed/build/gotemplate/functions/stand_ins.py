"""What is random, or depends on the time or the machine: texts of the right form that are nobody's value."""

from __future__ import annotations

import re
from typing import Any

from kubeqed.build.gotemplate.functions.conversions import to_text
from kubeqed.build.gotemplate.functions.signature import Function, takes
from kubeqed.build.gotemplate.values import Int64, StandIn, TemplateError, TemplateObject, TooLargeError

_MOST = 100_000
_UUID = "00000000-0000-4000-8000-000000000000"
_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
_KEY = "-----BEGIN {} PRIVATE KEY-----\nAAAA\n-----END {} PRIVATE KEY-----\n"
_KINDS = {"rsa": "RSA", "dsa": "DSA", "ecdsa": "EC", "ed25519": "", "": "RSA"}
_HASH = "$2a$10$" + "A" * 53
_PASSWORD_LENGTHS = {"maximum": 20, "long": 14, "medium": 8, "short": 4, "basic": 8, "pin": 4}
_LAYOUT = re.compile(
    r"January|Jan|Monday|Mon|MST|2006|Z07:00|Z0700|-07:00|-0700|-07|\.0+|,0+|\.9+|002|01|02|03|04|05|06|15|PM|pm|_2|[12345]"
)
_PARTS = {
    "January": "January", "Jan": "Jan", "Monday": "Thursday", "Mon": "Thu", "MST": "UTC", "2006": "1970", "06": "70",
    "01": "01", "1": "1", "02": "01", "_2": " 1", "2": "1", "002": "001", "15": "00", "03": "12", "3": "12", "04": "00",
    "4": "0", "05": "00", "5": "0", "PM": "AM", "pm": "am", "Z07:00": "Z", "Z0700": "Z", "-07:00": "+00:00",
    "-0700": "+0000", "-07": "+00",
}  # fmt: skip  # the first second of 1970, by the part of a layout


class Time(TemplateObject):
    """A time that nobody knows."""

    type_name = "time.Time"

    def field(self, name: str) -> Any:
        """A method of a time."""
        methods: dict[str, Any] = {
            "Format": lambda layout: format_time(layout, self),
            "Unix": lambda: Int64(0),
            "UnixNano": lambda: Int64(0),
            "Year": lambda: 1970,
            "Day": lambda: 1,
            "UTC": lambda: self,
            "String": lambda: str(self),
            **dict.fromkeys(("AddDate", "Add", "Truncate", "Round", "In"), lambda *_: self),
        }
        if name in methods:
            return methods[name]
        return super().field(name)

    def encoded(self) -> str:
        """As RFC 3339 writes it."""
        return StandIn("1970-01-01T00:00:00Z")

    def __str__(self) -> str:
        return "1970-01-01 00:00:00 +0000 UTC"


class Certificate(TemplateObject):
    """A certificate and its key."""

    type_name = "sprig.certificate"

    def field(self, name: str) -> Any:
        """`Cert` or `Key`."""
        texts = {"Cert": _CERTIFICATE, "Key": _KEY.format("RSA", "RSA")}
        return StandIn(texts[name]) if name in texts else super().field(name)

    def encoded(self) -> dict[str, Any]:
        """Both."""
        return {name: self.field(name) for name in ("Cert", "Key")}


def format_time(layout: str, _: Any, *__: Any) -> str:
    """A time in one of Go's layouts."""
    return StandIn(_LAYOUT.sub(lambda match: _PARTS.get(match[0], match[0].replace("9", "0")), layout))


def _make_text_function(sign: str) -> Function:
    """A function that gives a text of some length."""

    def make(count: int) -> str:
        if count > _MOST:
            raise TooLargeError("a text that is too long")
        return StandIn(sign * max(count, 0))

    return takes("i", make)


def _make_key(kind: str) -> str:
    """`genPrivateKey`."""
    if kind not in _KINDS:
        return f"Unknown type {kind}"
    name = _KINDS[kind]
    return StandIn(_KEY.format(name, name).replace("  ", " "))


def _make_password(_: int, kind: str, *__: str) -> str:
    """`derivePassword`."""
    if kind not in _PASSWORD_LENGTHS:
        return f"cannot find password template {kind}"
    return StandIn("1" * 4 if kind == "pin" else "a" * _PASSWORD_LENGTHS[kind])


def _htpasswd(user: str, _: str) -> str:
    """`htpasswd`."""
    return f"invalid username: {user}" if ":" in user else StandIn(f"{user}:{_HASH}")


def _make_bytes(count: int) -> str:
    """`randBytes`."""
    import base64  # seldom asked for

    return StandIn(base64.b64encode(bytes(min(max(count, 0), _MOST))).decode())


def _choose_number(least: int, most: int) -> int:
    """`randInt`: the least of the numbers."""
    if most <= least:
        raise TemplateError("invalid argument to Intn")
    return least


def _make_certificate(*_: Any) -> Certificate:
    """All that makes certificates."""
    return Certificate()


FUNCTIONS: dict[str, Function] = {
    "randAlphaNum": _make_text_function("a"),
    "randAlpha": _make_text_function("a"),
    "randAscii": _make_text_function("a"),
    "randNumeric": _make_text_function("1"),
    "randBytes": takes("i", _make_bytes),
    "randInt": takes("ii", _choose_number),
    "shuffle": takes("s", lambda text: text),
    "uuidv4": lambda: StandIn(_UUID),
    "bcrypt": takes("s", lambda _: StandIn(_HASH)),
    "htpasswd": takes("ss", _htpasswd),
    "derivePassword": takes("issss", _make_password),
    "encryptAES": takes("ss", lambda *_: StandIn("AAAA")),
    "decryptAES": takes("ss", lambda *_: StandIn("a")),
    "genPrivateKey": takes("s", _make_key),
    "genCA": takes("si", _make_certificate),
    "genCAWithKey": takes("sis", _make_certificate),
    "genSelfSignedCert": takes("slli", _make_certificate),
    "genSelfSignedCertWithKey": takes("sllis", _make_certificate),
    "genSignedCert": takes("slli.", _make_certificate),
    "genSignedCertWithKey": takes("slli.s", _make_certificate),
    "buildCustomCert": takes("ss", _make_certificate),
    "getHostByName": takes("s", lambda _: ""),
    "now": Time,
    "date": takes("s.", format_time),
    "dateInZone": takes("s.s", format_time),
    "date_in_zone": takes("s.s", format_time),
    "htmlDate": takes(".", lambda value: format_time("2006-01-02", value)),
    "htmlDateInZone": takes(".s", lambda value, _: format_time("2006-01-02", value)),
    "toDate": takes("ss", lambda *_: Time()),
    "mustToDate": takes("ss", lambda *_: Time()),
    "ago": takes(".", lambda _: StandIn("0s")),
    "unixEpoch": takes(".", lambda _: StandIn("0")),
    **dict.fromkeys(
        ("dateModify", "date_modify", "mustDateModify", "must_date_modify"), takes("s.", lambda _, value: value)
    ),
    "duration": takes(".", lambda value: _spell_duration(to_text(value)) if isinstance(value, str | Int64) else "0s"),
    "durationRound": takes(".", lambda value: StandIn(to_text(value))),
}


def _spell_duration(text: str) -> str:
    """Seconds as time.Duration prints them."""
    if not re.fullmatch(r"-?\d{1,12}", text):
        return "0s"
    seconds = int(text)
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    return sign + (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + f"{rest}s"
