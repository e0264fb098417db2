"""Words that somebody fills in before the server sees them, though no tool would know them for placeholders.

`{HOST}`, `$HOST`, `...` look so anywhere, and so does a value that is wholly `<in these marks>` or, as Chainsaw writes
expressions, `(in these)`. A bare upper-case word, `PORT` or `web-MY_HOST`, does where the server would
refuse it as a name, a host, a port, a number or an address, and nowhere else.
"""

from __future__ import annotations

import re

from kubeqed.parse import Mapping, Sequence, Value

_NAME = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*"
_MARKED = re.compile(
    rf"\{{{_NAME}\}}|(?<!\$)\${_NAME}\b|\.\.\.|\A[A-Z0-9_-]*(?:CRT|CERT|B64|BASE64)\Z|\bto be (?:replaced|filled|set)\b|\A(?:<[^<>]+>|\(.+\))\Z"
)
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
    words = _WORD.findall(value)
    letters = sum(letter.isalpha() for word in words for letter in word)
    return letters >= _LEAST and _REST.fullmatch(_WORD.sub("", value)) is not None
