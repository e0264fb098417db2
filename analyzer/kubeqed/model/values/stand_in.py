"""Words to be filled in before the server sees them, though no tool would know them for placeholders.

`{HOST}`, `{self.host}`, `{0}`, `$HOST`, `...`, `***`, `EXAMPLE`, `filled in by the operator`, `replace this with …` and
`your key in base64` look so anywhere, and so does a value that is wholly `<in these marks>`, a comment or, as Chainsaw writes
expressions, `(in these)`; what is encrypted, `vault:v1:…` or `ENC[…]`, is decrypted before. A bare upper-case word, `PORT` or
`web-MY_HOST`, or several, `YOUR HOST`, do where the server would refuse them as a name, a host, a port, a number or an
address; in place of base64 only one of several parts, as base64 has no `_`; and nowhere else.
"""

from __future__ import annotations

import re

from kubeqed.parse import Mapping, Sequence, Value

_NAME = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*"
_ASKING = r"(?i:\bto be (?:replaced|filled|set)\b|(?<![a-z])(?:filled|replaced|injected)(?:[ _-]in)?[ _-]by(?![a-z]))"
_ORDER = r"\A(?i:(?:replace|change|insert|fill|put|enter|specify) (?:this|me|it|in|with|your|the)\b)"
_PROSE = r"\A(?i:your) \S|(?<=\w )(?i:base64)\b|\A(?:EXAMPLE|SAMPLE|DUMMY|TODO|TBD)\Z"
_ENCRYPTED = r"\AENC\[\w+,data:|\A[a-z][a-z0-9-]*(?::[\w-]+)+:[A-Za-z0-9+/]{40,}={0,2}\Z"  # SOPS, Vault's transit engine and its like
_VARIABLE = r"\A\$[A-Za-z_]\w*\Z"
_COMMENT = r"\A(?:[ \t]*#.*\n?)+\Z"
_FIELD = r"[A-Za-z_]\w*(?:\.\w+|\[[\w-]+\])*"  # of a format string, as Python and Rust write them
_MARKED = re.compile(
    rf"\{{{_NAME}\}}|\{{\d+\}}|\{{(?=\w+[.\[]){_FIELD}\}}|(?<!\$)\${_NAME}\b|\.\.\.|\A(?:<[^<>]+>|\(.+\)|\*{{3,}})\Z|\A[A-Z0-9_-]*(?:CRT|CERT|B64|BASE64)\Z"
    rf"|{_ASKING}|{_ORDER}|{_PROSE}|{_ENCRYPTED}|{_COMMENT}|{_VARIABLE}"
)
_FORMAT_FIELD = re.compile(_FIELD)
_SENTENCE = re.compile(r"[A-Z]{2,}(?: [A-Z]{2,})+")
_ASKING_KEY = re.compile(r"(?:FILLED|REPLACED|INJECTED)(?:_IN)?_BY_[A-Z0-9_]+")
_OF_PARTS = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Z0-9_]*(?![A-Za-z0-9])")
_REST = re.compile(r"[a-z0-9.:/*-]*")
_LEAST = 2  # letters: one alone is a slip
# What people write in capitals and mean as it stands.
_MEANT = frozenset(
    "HTTP HTTPS HTTP2 GRPC TCP UDP SCTP TLS SSL SSH FTP SFTP SMTP IMAP DNS LDAP MQTT AMQP RPC API APP DB SQL UI WEB".split()
)


def is_marked(text: str) -> bool:
    """Whether a text holds a word in marks, wherever it stands."""
    return _MARKED.search(text) is not None


def is_format_field(value: Value) -> bool:
    """Whether a value is `{self.name}` or `{name}`, which is a map of one key to YAML."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    ((field, nothing),) = value.items()
    return nothing is None and _FORMAT_FIELD.fullmatch(field) is not None


def asks_for_key(key: str) -> bool:
    """Whether a key says who replaces it."""
    return _ASKING_KEY.fullmatch(key) is not None


def has_parts(value: Value) -> bool:
    """Whether a value is an upper-case name of several parts, `TLS_KEY`, which no base64 is."""
    return isinstance(value, str) and _OF_PARTS.fullmatch(value) is not None


def is_word(value: Value) -> bool:
    """Whether a value is made of upper-case words, in place of a name, a host, a port, a number or an address.

    `[PORT]` and `{PORT}` are a list and a map to YAML.
    """
    if isinstance(value, Sequence | Mapping) and len(value) == 1:
        (word,) = value
        alone = isinstance(value, Sequence) or value[str(word)] is None
        return alone and isinstance(word, str) and _WORD.fullmatch(word) is not None
    if not isinstance(value, str) or value in _MEANT:
        return False
    if _SENTENCE.fullmatch(value):
        return True
    words = _WORD.findall(value)
    letters = sum(letter.isalpha() for word in words for letter in word)
    return letters >= _LEAST and _REST.fullmatch(_WORD.sub("", value)) is not None
