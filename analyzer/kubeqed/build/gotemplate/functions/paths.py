"""Paths and URLs."""

from __future__ import annotations

import posixpath
from typing import Any

from kubeqed.build.gotemplate.functions.signature import Function, takes
from kubeqed.build.gotemplate.values import TemplateError


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


def _directory(path: str) -> str:
    """path.Dir."""
    head, slash, _ = path.rpartition("/")
    return clean(head + slash)


def _extension(path: str) -> str:
    """path.Ext."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot:] if dot >= 0 else ""


def _parse_url(text: str) -> dict[str, Any]:
    """`urlParse`."""
    from urllib.parse import unquote, urlsplit  # seldom asked for

    try:
        parts = urlsplit(text)
        hostname = parts.hostname or ""
    except ValueError as error:
        raise TemplateError(f"unable to parse url: {error}") from None
    user, _, host = parts.netloc.rpartition("@")
    is_opaque = bool(parts.scheme) and not parts.netloc and not parts.path.startswith("/")
    return {
        "scheme": parts.scheme,
        "host": host,
        "hostname": hostname,
        "path": "" if is_opaque else unquote(parts.path),
        "query": parts.query,
        "opaque": parts.path if is_opaque else "",
        "fragment": unquote(parts.fragment),
        "userinfo": user,
    }


def _join_url(parts: dict[str, Any]) -> str:
    """`urlJoin`."""
    found = {key: _text(parts, key) for key in ("scheme", "host", "path", "query", "opaque", "fragment", "userinfo")}
    text = f"{found['scheme']}:" if found["scheme"] else ""
    if found["opaque"]:
        text += found["opaque"]
    else:
        if found["scheme"] or found["host"] or found["userinfo"]:
            user = f"{found['userinfo']}@" if found["userinfo"] else ""
            text += f"//{user}{found['host']}" if found["host"] or found["path"] or user else ""
        slash = "/" if found["path"] and not found["path"].startswith("/") and found["host"] else ""
        text += slash + found["path"]
    return (
        text + (f"?{found['query']}" if found["query"] else "") + (f"#{found['fragment']}" if found["fragment"] else "")
    )


def _text(parts: dict[str, Any], key: str) -> str:
    """A part of a URL, which has to be a text."""
    value = parts.get(key, "")
    if not isinstance(value, str):
        raise TemplateError(f"unable to parse {key} key, must be of type string")
    return value


_PATHS: dict[str, Function] = {
    "base": takes("s", base),
    "dir": takes("s", _directory),
    "clean": takes("s", clean),
    "ext": takes("s", _extension),
    "isAbs": takes("s", lambda path: path.startswith("/")),
}
FUNCTIONS = {
    **_PATHS,
    **{f"os{name[0].upper()}{name[1:]}": function for name, function in _PATHS.items()},
    "urlParse": takes("s", _parse_url),
    "urlJoin": takes("m", _join_url),
}
