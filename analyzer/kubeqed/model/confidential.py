"""What no report may print: the values of Secrets, and what environment, arguments and headers may hold.

A report shows keys, names and places, and of an argument or a variable only what is surely a name in the network.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from kubeqed.parse import Mapping, Sequence, Value

MASK = "*"

Steps = tuple[str | int, ...]

_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_ALWAYS = frozenset(("stringData", ".dockercfg", ".dockerconfigjson", "httpHeaders", _LAST_APPLIED))
_PROGRAM = frozenset(("arg", "args", "cmd", "command", "commands"))
_OF_SECRET = frozenset(("apiVersion", "kind", "metadata", "type", "immutable"))  # every other field holds its data
_OF_VARIABLE = frozenset(("name", "valueFrom"))
_POINTER = re.compile(r"/(data|stringData|env|args|command|httpHeaders)(/|\Z)")
EMBEDDED_SECRET = re.compile(r"stringData|kind[\"']?\s*:\s*[\"']?Secret\b|path[\"']?\s*:\s*[\"']?/(?:data|spec)/")
_KEY = re.compile(r"[-._a-zA-Z0-9]+\Z")  # of a Secret or a ConfigMap: anything else may be a value that slipped
_DATA = re.compile(r"(?P<data>(?:items\[\d+\]\.)?(?:data|stringData))[.\[](?P<rest>.*)", re.DOTALL)
_FLAG = re.compile(r"--?[A-Za-z][A-Za-z-]*=")
_PORT = r"(?::\d{1,5})?"
_IN_CLUSTER = re.compile(rf"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.svc(?:\.[a-z0-9-]+)*\.?{_PORT}\Z")
_SHORT = re.compile(rf"(?P<service>[a-z0-9-]+)(?:\.[a-z0-9-]+)?{_PORT}\Z")
_URL = re.compile(rf"(?P<scheme>[a-z][a-z0-9+.-]*://)(?P<user>[^/?#@\s]*@)?(?P<host>[A-Za-z0-9.-]+{_PORT})(?=[/?#]|\Z)")


def hides(owner: Value, step: str | int, above: Steps) -> bool:
    """Whether what stands under `step` of `owner` is confidential; `above` are the steps that lead to `owner`."""
    if step in _ALWAYS or step in _PROGRAM or _is_variable(owner, step, above):
        return True
    if not isinstance(owner, Mapping):
        return False
    kind = owner.get("kind")
    if isinstance(kind, str) and kind.lower() == "secret":
        return step not in _OF_SECRET
    if step == "literals":
        return "secretGenerator" in above
    if step == "data" and kind is None:
        return above[:1] == ("items",)  # of a SecretList, whose items need not say their kind
    pointer = owner.get("path")
    return step == "value" and isinstance(pointer, str) and _POINTER.search(pointer) is not None


def _is_variable(owner: Value, step: str | int, above: Steps) -> bool:
    """Whether it is the value of an environment variable, also where `env` is no list of mappings."""
    if isinstance(owner, Mapping) and len(above) > 1 and above[-2] == "env":
        return step not in _OF_VARIABLE
    if isinstance(owner, Sequence) and isinstance(step, int):
        return bool(above) and above[-1] == "env" and not isinstance(owner[step], Mapping)
    if isinstance(owner, Mapping) and step == "env":
        return "image" in owner and not isinstance(owner.get("env"), Sequence)
    return False


def is_program_text(steps: Steps) -> bool:
    """Whether the field is an argument, a command or a variable, of which host names may be shown."""
    return any(step in _PROGRAM or step == "env" for step in steps)


def visible(text: str, services: Collection[str]) -> str:
    """The text of an argument or a variable with `*` for all that is not surely the name of a Service or a host.

    Shown are the name of a Service of `services`, a DNS name of the cluster, both with a port, scheme, host and port
    of a URL, and the name of a flag with what is visible of its value. A password can look like any other host.
    """
    flag = _FLAG.match(text)
    start = flag.end() if flag else 0
    value = text[start:]
    if value in ("true", "false") or _is_cluster_name(value, services):
        return text
    url = _URL.match(value)
    if url is None:
        return text[:start] + masked(value)
    shown = url["scheme"] + masked(url["user"] or "") + url["host"]
    return text[:start] + shown + masked(value[url.end() :])


def _is_cluster_name(text: str, services: Collection[str]) -> bool:
    short = _SHORT.match(text)
    return _IN_CLUSTER.match(text) is not None or (short is not None and short["service"] in services)


def shown_path(path: str) -> str:
    """A manifest path as a report may print it: below the data of a Secret, what cannot be a key may be a value."""
    match = _DATA.match(path)
    if match is None or _KEY.match(match["rest"].removesuffix("]").strip('"')):
        return path
    return f"{match['data']}[{MASK * 3}]"


def hides_key(key: str, value: Value, depth: int) -> bool:
    """Whether a key, `depth` below a confidential field, may be a value that slipped: there is no value, or no key."""
    if depth == 0 or key in ("name", "value", "valueFrom"):
        return False
    return depth > 1 or value is None or not _KEY.match(key)


def masked(text: str) -> str:
    """The text with `*` for each character that is not a space, so that columns stay."""
    return re.sub(r"\S", MASK, text)
