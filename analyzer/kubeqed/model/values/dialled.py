"""Names that a text would dial: hosts of URLs, `host:port`, and names spelt as the DNS of the cluster spells them.

`redis-cart:6379`, `http://orders.shop.svc:8080/v1`, `jdbc:postgresql://db:5432/app`, `amqp://user:secret@rabbit:5672` and lists with
commas are read. What stands before an `@` is never part of a name, and a name with a part in `{{ }}` or `< >` is none. Whether a
name means a Service is not asked here.

https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.late_pattern import compile_late

_LABEL = r"(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?|\x01)"
_HOST = rf"{_LABEL}(?:\.{_LABEL}){{0,7}}"
_TOKEN = compile_late(
    rf"(?<![\w.:/%$~\\\x01\x02}}-])(?P<scheme>(?:[A-Za-z][A-Za-z0-9+.:_-]{{0,40}}:)?///?)?(?:[^\s/@,\"'=]{{1,200}}@)?(?:tcp\()?"
    rf"(?P<host>{_HOST})\.?(?::(?P<port>\d{{1,5}}))?(?![\w.@%$*\\\x01\x02{{-]|:[\w$\x01\x02{{]|://|[=(]|(?<=\.)<)"
)
_WORTH = compile_late(r"://|[a-z0-9\x01]:\d|\.svc\b")
_COMMENT = compile_late(r"^\s*(?:#|//|;|--|\*|/\*|<!--|rem ).*$|(?<=\s)(?:#|//) .*$", re.MULTILINE)
_LETTER = compile_late(r"[a-z\x01]")
_DEFAULT = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_MOST = 20_000  # characters of a text; more is no configuration but content


class DialledName(NamedTuple):
    """A host that a text names, with the port that stands there or that its scheme implies.

    `is_url` says that a scheme stands before it, `is_implied` that only the scheme says the port, `ends` that nothing follows.
    """

    host: str
    port: int | None
    is_url: bool
    is_implied: bool
    ends: bool

    @property
    def is_spelt_out(self) -> bool:
        """Whether it is spelt as a Service in the DNS of the cluster: `orders.shop.svc`."""
        return "svc" in self.host.split(".")[2:4]

    def __str__(self) -> str:
        return self.host if self.port is None or self.is_implied else f"{self.host}:{self.port}"


def find_dialled(text: str) -> Iterator[DialledName]:
    """The hosts that a text would dial: those with a scheme or a port, and those spelt out; not those in comments."""
    if len(text) > _MOST or not _WORTH.search(text):
        return
    for match in _TOKEN.finditer(_COMMENT.sub("", text) if "\n" in text else text):
        found = _read_match(match)
        if found is not None and (found.is_url or found.port is not None or found.is_spelt_out):
            yield found


def locate_dialled(text: str, dialled: DialledName) -> tuple[int, int] | None:
    """Where a text of several lines first dials a host, and its port if it says one."""
    for match in _TOKEN.finditer(_COMMENT.sub(_blank_out, text)):
        found = _read_match(match)
        if found is not None and (found.host, found.port) == (dialled.host, dialled.port):
            return match.start("host"), match.end("port" if match["port"] else "host")
    return None


def _blank_out(match: re.Match[str]) -> str:
    return "".join(one if one == "\n" else " " for one in match[0])


def read_host(text: str) -> DialledName | None:
    """The host that a text is as a whole, without a port; None where it is none."""
    match = re.fullmatch(rf"(?P<host>{_HOST})", text)
    return DialledName(text, None, False, False, True) if match and _LETTER.search(text) else None


def _read_match(match: re.Match[str]) -> DialledName | None:
    host, port, scheme = match["host"], match["port"], match["scheme"]
    is_path = (scheme or "").endswith("///") and port is None
    if is_path or not _LETTER.search(host.rpartition(".")[2]) or port == "0":
        return None
    implied = _DEFAULT.get((scheme or "").partition(":")[0].lower()) if port is None else None
    ends = match.end() == len(match.string)
    return DialledName(host, int(port) if port else implied, scheme is not None, port is None, ends)
