"""Paths and URLs."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from kubeqed.build.gotemplate.functions.signature import Function, takes
from kubeqed.build.gotemplate.printing import quote_text
from kubeqed.build.gotemplate.values import TemplateError, kind_of

_SAFE_IN_USER = "$&+,;="
_SAFE_IN_HOST = "!\"$&'()*+,:;<=>[]"
_SAFE_IN_PATH = "$&+,/:;=@"
_SAFE_IN_FRAGMENT = "!$&()*+,/:;=?@"


def clean(path: str) -> str:
    """path.Clean."""
    if not path:
        return "."
    made = posixpath.normpath(path)
    return made[1:] if made.startswith("//") else made


def base(path: str) -> str:
    """path.Base."""
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def _find_directory(path: str) -> str:
    """path.Dir."""
    head, slash, _ = path.rpartition("/")
    return clean(head + slash)


def _find_extension(path: str) -> str:
    """path.Ext."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot:] if dot >= 0 else ""


def _parse_url(text: str) -> dict[str, Any]:
    """`urlParse`."""
    before, _, fragment = text.partition("#")
    shown = before
    try:
        parts = _url_parts(before)
        shown = text
        return {**parts, "fragment": _unescape_part(fragment)}
    except ValueError as error:
        raise TemplateError(f"unable to parse url: parse {quote_text(shown)}: {error}") from None


def _url_parts(text: str) -> dict[str, str]:
    """The parts of a URL without its fragment; a ValueError in the words of net/url for what is none."""
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise ValueError("net/url: invalid control character in URL")
    if text.startswith(":"):
        raise ValueError("missing protocol scheme")
    match = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", text)
    scheme = match[1].lower() if match is not None else ""
    rest, _, query = text[match.end() if match is not None else 0 :].partition("?")
    parts = dict.fromkeys(("host", "hostname", "path", "opaque", "userinfo"), "")
    parts |= {"scheme": scheme, "query": query}
    if scheme and not rest.startswith("/"):
        return {**parts, "opaque": rest}
    if ":" in rest.partition("/")[0]:
        raise ValueError("first path segment in URL cannot contain colon")
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        parts |= _parse_authority(scheme, authority)
        rest = slash + path
    return {**parts, "path": _unescape_part(rest)}


def _parse_authority(scheme: str, text: str) -> dict[str, str]:
    """The host of a URL, and who asks it."""
    user, _, host = text.rpartition("@")
    host = _parse_host(scheme, host)
    if not re.fullmatch(r"[A-Za-z0-9._:~!$&'()*+,;=%@-]*", user):
        raise ValueError("net/url: invalid userinfo")
    name, colon, password = user.partition(":")
    userinfo = (
        _escape_part(_unescape_part(name), _SAFE_IN_USER)
        + colon
        + _escape_part(_unescape_part(password), _SAFE_IN_USER)
    )
    hostname = re.sub(r":[0-9]*\Z", "", host)
    if hostname.startswith("[") and hostname.endswith("]"):
        hostname = hostname[1:-1]
    return {"host": host, "hostname": hostname, "userinfo": userinfo}


def _parse_host(scheme: str, host: str) -> str:
    """A host with its port."""
    if host.startswith("["):
        address, bracket, port = host[1:].rpartition("]")
        if not bracket:
            raise ValueError("missing ']' in host")
        _check_address(address)
    elif "[" in host:
        raise ValueError("invalid IP-literal")
    else:
        colon = host.find(":") if scheme in ("http", "https") else host.rfind(":")
        port = host[colon:] if colon >= 0 else ""
    if not re.fullmatch(r"(?::[0-9]*)?", port):
        raise ValueError(f"invalid port {quote_text(port)} after host")
    if (sign := re.search(rf"[^A-Za-z0-9._~%\x80-\U0010ffff{re.escape(_SAFE_IN_HOST)}-]", host)) is not None:
        raise ValueError(f"invalid character {quote_text(sign[0])} in host name")
    if (escape := re.search(r"%(?!25)[0-7][0-9A-Fa-f]", host)) is not None and not host.startswith("["):
        raise ValueError(f"invalid URL escape {quote_text(escape[0])}")
    return _unescape_part(host)


def _check_address(address: str) -> None:
    """Refuses what is no address of IPv6."""
    from ipaddress import IPv6Address  # seldom asked for

    try:
        IPv6Address(address.partition("%25")[0])
    except ValueError:
        raise ValueError(f"invalid host: ParseAddr({quote_text(address)}): unable to parse IP") from None


def _unescape_part(text: str) -> str:
    """A part of a URL without `%`."""
    if (damaged := re.search(r"%(?![0-9A-Fa-f]{2})", text)) is not None:
        raise ValueError(f"invalid URL escape {quote_text(text[damaged.start() : damaged.start() + 3])}")
    if "%" not in text:
        return text
    from urllib.parse import unquote  # seldom asked for

    return unquote(text)


def _escape_part(text: str, safe: str) -> str:
    """A part of a URL with `%` before what is not safe there."""
    from urllib.parse import quote  # seldom asked for

    return quote(text, safe=safe)


def _join_url(parts: dict[str, Any]) -> str:
    """`urlJoin`."""
    found = {
        key: _read_text(parts, key) for key in ("scheme", "host", "path", "query", "opaque", "fragment", "userinfo")
    }
    text = f"{found['scheme']}:" if found["scheme"] else ""
    text += found["opaque"] or _write_hierarchy(found, is_first=not text)
    query = f"?{found['query']}" if found["query"] else ""
    return text + query + (f"#{_escape_part(found['fragment'], _SAFE_IN_FRAGMENT)}" if found["fragment"] else "")


def _write_hierarchy(parts: dict[str, str], *, is_first: bool) -> str:
    """The host and the path of a URL; `is_first` says that no scheme is before them."""
    path = _escape_part(parts["path"], _SAFE_IN_PATH) if parts["path"] != "*" else "*"
    text = "//" if parts["host"] or parts["userinfo"] or (parts["path"] and not is_first) else ""
    text += f"{_write_userinfo(parts['userinfo'])}@" if parts["userinfo"] else ""
    text += _escape_part(parts["host"], _SAFE_IN_HOST)
    if path and not path.startswith("/") and parts["host"]:
        text += "/"
    if is_first and not text and ":" in path.partition("/")[0]:
        text = "./"
    return text + path


def _write_userinfo(text: str) -> str:
    """Who asks, as it stands in a URL."""
    try:
        return _url_parts(f"proto://{text}@host")["userinfo"]
    except ValueError as error:
        url = quote_text(f"proto://{text}@host")
        raise TemplateError(f"unable to parse userinfo in dict: parse {url}: {error}") from None


def _read_text(parts: dict[str, Any], key: str) -> str:
    """A part of a URL, which has to be a text."""
    value = parts.get(key, "")
    if not isinstance(value, str):
        raise TemplateError(f"unable to parse {key} key, must be of type string, but {kind_of(value)} found")
    return value


_PATHS: dict[str, Function] = {
    "base": takes("s", base),
    "dir": takes("s", _find_directory),
    "clean": takes("s", clean),
    "ext": takes("s", _find_extension),
    "isAbs": takes("s", lambda path: path.startswith("/")),
}
FUNCTIONS = {
    **_PATHS,
    **{f"os{name[0].upper()}{name[1:]}": function for name, function in _PATHS.items()},
    "urlParse": takes("s", _parse_url),
    "urlJoin": takes("m", _join_url),
}
