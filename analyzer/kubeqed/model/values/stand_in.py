"""Words to be filled in before the server sees them, though no tool would know them for placeholders.

`{host}`, `{self.host}`, `{0}`, `%(host)s`, `%s`, `$HOST`, `$host$`, `$[host]`, `[[host]]`, `%%host%%`, `__host__`, `...`, `c2Vj***`, `x.x.x.x/16`, `ඞඞඞ`,
`EXAMPLE`, `REDACTED`, `filled in by the operator`, `replace this with …`, `your-key` and `your key in base64` look so anywhere, and so does a value
that is wholly `<in these marks>`, a comment or, as Chainsaw writes expressions, `(in these)`; what is encrypted, `vault:v1:…`,
`ENC[…]` or as kubesec writes it, is decrypted before. In place of base64 so does a sentence that describes what belongs there. A bare upper-case word, `PORT` or
`web-MY_HOST`, or several, `YOUR HOST`, do where the server would refuse them as a name, a host, a port, a number or an
address; in place of base64 only one of several parts, as base64 has no `_`; and nowhere else.
"""

from __future__ import annotations

import re

from kubeqed.parse import Mapping, Sequence, Value

_NAME = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*"
_ASKING = r"(?i:\bto be (?:replaced|filled|set)\b|(?<![a-z])(?:filled|replaced|injected)(?:[ _-]in)?[ _-]by(?![a-z]))"
_ORDER = r"\A(?i:(?:replace|change|insert|fill|put|enter|specify) (?:this|me|it|in|with|your|the)\b)"
_PROSE = r"\A(?i:your) \S|(?<=\w )(?i:base64)\b|\A(?i:base64)(?= [a-z])|\A(?:EXAMPLE|SAMPLE|DUMMY|TODO|TBD|templated|(?i:redacted|masked|omitted))\Z"
_ENCRYPTED = (  # by SOPS; by Vault's transit engine and its like; by kubesec: the text, an initial vector and a tag
    r"\AENC\[\w+,data:|\A[a-z][a-z0-9-]*(?::[\w-]+)+:[A-Za-z0-9+/]{40,}={0,2}\Z"
    r"|\A[A-Za-z0-9+/]*={0,2}\.[A-Za-z0-9+/]{16}\.[A-Za-z0-9+/]{22}==\Z"
)
_VARIABLE = r"\A\$[A-Za-z_]\w*\$?\Z"
_COMMENT = r"\A(?:[ \t]*#.*\n?)+\Z"
# The marks of other tools around a word; none of them can stand in what the server takes there.
_AROUND = (
    r"([@%$#~|^])\1{1,2}[A-Za-z][\w.-]*\1{2,3}|\A([~|^!])[A-Za-z][\w.-]*\2\Z|\[\[[^\[\]\n]+\]\]|<{2,3}[^<>\n]+>{2,3}|«[^«»\n]+»|\*{2,}[A-Za-z]\w*\*{2,}"
    r"|[$%@&]\{[^{}\n]*\}|[$%@&]\[[^\[\]\n]+\]|[$%@&]\(+[^()\n]+\)|\[[A-Za-z_]{3,}\](?![+*?{])|(?<![A-Za-z0-9])__[A-Za-z]\w*?__(?![A-Za-z0-9])"
)
_PRINTED = r"\A\{\}\Z|(?<=[A-Za-z][-._/])\{\}|\{\}(?=[-._/][A-Za-z])|\{[A-Za-z_][\w-]*\}|%\(\w+\)[sd]|(?<![\w%])%[sdvq](?!\w)"  # of a format string
# As people write them, in lower case too.
_ASKED = (
    r"(?i:(?<![a-z0-9])(?:your[-_.][a-z0-9]|replace_[a-z]|(?:replace|change|insert|fill)[-_]?(?:me|this|it|in|with)(?![a-z])|placeholder(?![a-z]))"
    r"|[a-z0-9][-_.]here\Z|(?<![a-z0-9])base64(?:[-_]|(?=enc))[a-z]|[a-z0-9][-_]base64(?![a-z])|\bb(?:ase)?64\w*\()"
)
_LEFT_OUT = r"\A(?P<sign>[^\x00-\x7f])(?P=sign)+\Z|\A(?:X{2,}|[xX]{2,8}|[xX]{1,3}(?:\.[xX]{1,3})+(?:/\d{1,3})?)\Z|\A\?{2,}\Z"  # more than a few x are a text of that length
_FIELD = r"[A-Za-z_]\w*(?:\.\w+|\[[\w-]+\])*"  # of a format string, as Python and Rust write them
_MARKED = (  # this and those below are texts: `re` compiles what is used and keeps it, and most inputs hold no such word
    rf"{_AROUND}|{_PRINTED}|{_ASKED}|{_LEFT_OUT}|\{{\d+\}}|\{{(?=\w+[.\[]){_FIELD}\}}|(?<!\$)\${_NAME}\b|\.\.\.|…|\*{{3,}}|\A(?:<[^<>]+>|\(.+\))\Z|<[A-Za-z][A-Za-z0-9]*(?:[ _.-][A-Za-z0-9]+)*>|\A[A-Z0-9_-]*(?:CRT|CERT|B64|BASE64)\Z"
    rf"|{_ASKING}|{_ORDER}|{_PROSE}|{_ENCRYPTED}|{_COMMENT}|{_VARIABLE}"
)
_FORMAT_FIELD = rf"\$?{_FIELD}|\d+|(?i:your|the|insert|enter)(?: [A-Za-z]+)+"
_DESCRIPTION = r"[\w.,;'()/-]+(?:\s+[\w.,;'()/-]+){2,}"
_WORDS_IN_MARKS = r"[A-Za-z]+(?: [A-Za-z]+)+"
_LINKING = r"(?i)\b(?:the|of|to|your|if|for|from|in|with)\b"
_SENTENCE = r"[A-Z]{2,}(?: [A-Z]{2,})+"
_ASKING_KEY = r"(?:FILLED|REPLACED|INJECTED)(?:_IN)?_BY_[A-Z0-9_]+"
_OF_PARTS = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
_WORD = r"(?<![A-Za-z0-9])[A-Z][A-Z0-9_]*(?![A-Za-z0-9])"
_REST = r"[a-z0-9.:/*-]*"
_BARE_WORD = r"[A-Za-z]{4,}(?:[-_.][A-Za-z]+)*"
_OTHER_PROSE = r"(?=.*[^\x00-\x7f])\S+ .*\S"  # in an alphabet that no name has
_LEAST = 2  # letters: one alone is a slip
# What people write in capitals and mean as it stands.
_MEANT = frozenset(
    "HTTP HTTPS HTTP2 GRPC TCP UDP SCTP TLS SSL SSH FTP SFTP SMTP IMAP DNS LDAP MQTT AMQP RPC API APP DB SQL UI WEB".split()
)


def is_marked(text: str) -> bool:
    """Whether a text holds a word in marks, wherever it stands."""
    return re.search(_MARKED, text) is not None


def is_description(text: str) -> bool:
    """Whether a text is a sentence of words alone, as one describes what belongs in its place, and no setting or list of words."""
    text = text.strip()
    return re.fullmatch(_DESCRIPTION, text) is not None and re.search(_LINKING, text) is not None


def is_format_field(value: Value) -> bool:
    """Whether a value is `{self.name}`, `{$name}` or `{your name}`, which is a map of one key to YAML."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    ((field, nothing),) = value.items()
    return nothing is None and re.fullmatch(_FORMAT_FIELD, field) is not None


def asks_for_key(key: str) -> bool:
    """Whether a key says who replaces it."""
    return re.fullmatch(_ASKING_KEY, key) is not None


def is_bare_word(value: Value) -> bool:
    """Whether a value is a word of letters, `teststorage`, longer than a unit: where a number must stand, nobody means it as it is."""
    return isinstance(value, str) and re.fullmatch(_BARE_WORD, value) is not None


def has_parts(value: Value) -> bool:
    """Whether a value is an upper-case name of several parts, `TLS_KEY`, which no base64 is."""
    return isinstance(value, str) and re.fullmatch(_OF_PARTS, value) is not None


def is_word(value: Value) -> bool:
    """Whether a value is made of upper-case words, in place of a name, a host, a port, a number or an address.

    `[PORT]`, `[your port]`, `[[port]]` and `{PORT}` are lists and a map to YAML.
    """
    if isinstance(value, Sequence) and len(value) == 1 and isinstance(value[0], Sequence) and len(value[0]) == 1:
        return isinstance(value[0][0], str)
    if (
        isinstance(value, Sequence)
        and len(value) == 1
        and isinstance(value[0], str)
        and re.fullmatch(_WORDS_IN_MARKS, value[0])
    ):
        return True
    if isinstance(value, Sequence | Mapping) and len(value) == 1:
        (word,) = value
        alone = isinstance(value, Sequence) or value[str(word)] is None
        return alone and isinstance(word, str) and re.fullmatch(_WORD, word) is not None
    if not isinstance(value, str) or value in _MEANT:
        return False
    if re.fullmatch(_SENTENCE, value) or re.fullmatch(_OTHER_PROSE, value):
        return True
    words = re.findall(_WORD, value)
    letters = sum(letter.isalpha() for word in words for letter in word)
    return letters >= _LEAST and re.fullmatch(_REST, re.sub(_WORD, "", value)) is not None
