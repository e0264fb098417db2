"""What no report may print: the values of Secrets, and what environment, arguments and headers may hold.

A report shows keys, names and places, and of an argument or a variable only what is surely a name in the network.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from kubeqed.late_pattern import compile_late
from kubeqed.parse import Mapping, Sequence, Unknown, Value

MASK = "*"

Steps = tuple[str | int, ...]

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_ALWAYS = frozenset(
    ("stringdata", "sourcevalue", ".dockercfg", ".dockerconfigjson", "httpheaders", LAST_APPLIED)
)  # in lower case
_PROGRAM = frozenset(("arg", "args", "cmd", "command", "commands"))
_VARIABLES = frozenset(("environment", "enviroment", "envvars"))  # as others call `env`, and as it is misspelt
_OF_SECRET = frozenset(("apiVersion", "kind", "metadata", "type", "immutable"))  # every other field holds its data
_OF_SECRETS = frozenset(("secret", "secretgenerator"))  # kinds, in lower case
_OF_GENERATOR = frozenset(("name", "namespace", "type", "behavior", "files", "env", "envs", "options"))
_OF_VARIABLE = frozenset(("name", "valueFrom"))
_OF_CONTAINER = frozenset(
    "env envFrom image imagePullPolicy lifecycle livenessProbe name ports readinessProbe resizePolicy resources "
    "restartPolicy restartPolicyRules securityContext startupProbe stdin stdinOnce targetContainerName "
    "terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir".split()
)
_OF_METADATA = frozenset(
    "name generateName namespace labels annotations ownerReferences finalizers uid resourceVersion generation selfLink "
    "creationTimestamp deletionTimestamp deletionGracePeriodSeconds managedFields clusterName".split()
)
_HEADERS_WORD = compile_late(r"snippet|headers?\Z", re.IGNORECASE)  # of annotations that hold settings of a proxy
_PASSWORDS = frozenset(("password", "passwd", "token", "secret", "client-key-data"))
_VALUES = frozenset(("valuesObject", "valuesInline", "values", "substitute", "elements"))
_SECRET_WORD = compile_late(
    r"passw|pwd|secret|token|credential|private|apikey|accesskey|connectionstring|auth", re.IGNORECASE
)
_POINTER = compile_late(r"/(data|stringData|env|args|command|httpHeaders)(/|\Z)")
EMBEDDED_SECRET = compile_late(
    r"stringData|kind[\"']?\s*:\s*[\"']?Secret(?:Generator|List)?\b|path[\"']?\s*:\s*[\"']?/(?:data|stringData|spec)\b"
)
EMBEDDED_CONTAINER = compile_late(r"\b(?:env|args|command|httpHeaders|value)[\"']?\s*:", re.IGNORECASE)
_KEY = compile_late(r"[-._a-zA-Z0-9]+\Z")  # of a Secret or a ConfigMap: anything else may be a value that slipped
_DATA = re.compile(r"(?P<data>(?:items\[\d+\]\.)?(?:data|stringData))[.\[](?P<rest>.*)", re.DOTALL)
_OF_ITEM = re.compile(r"(?P<item>.*\.(?:env|httpHeaders)\[\d+\])\.(?P<key>[^.\[]*)", re.DOTALL)
_FLAG = compile_late(r"--?[A-Za-z][A-Za-z-]*=")
_PORT = r"(?::\d{1,5})?"
_IN_CLUSTER = compile_late(rf"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.svc(?:\.[a-z0-9-]+)*\.?{_PORT}\Z")
_SHORT = compile_late(rf"(?P<service>[a-z0-9-]+)(?:\.[a-z0-9-]+)?{_PORT}\Z")
_CREDENTIALS = compile_late(
    r"(?<=://)[^/?#\s\"']{1,500}@"  # up to the last: a password may hold one
    r"|(?<=://)[\w.%+-]{1,64}:(?!\d{1,5}[/?#])[^\s\"'@]{1,500}@"  # a password with a slash
    r"|(?<![\w/@.:-])[\w.+-]{1,64}:[^/?#\s\"']{1,500}@(?=[A-Za-z0-9-]{1,63}\.[A-Za-z0-9])"  # `user:password@host.example.com`
    r"|(?<=[?&])(?!(?:ref|version|timeout|submodules)=)[\w.-]{1,100}=[^&\s\"']+"
)
_NO_NAME = compile_late(r"[\s=:]")
_URL = compile_late(
    rf"(?P<scheme>[a-z][a-z0-9+.-]*://)(?P<user>[^/?#@\s]*@)?(?P<host>[A-Za-z0-9.-]+{_PORT})(?=[/?#]|\Z)"
)


def hides_value(owner: Value, step: str | int, above: Steps) -> bool:
    """Whether what stands under `step` of `owner` is confidential; `above` are the steps that lead to `owner`.

    A misspelt field is judged by its place: of a container, whatever is no field of one may be its arguments.
    """
    word = step.lower() if isinstance(step, str) else ""
    if word in _ALWAYS or word in _PROGRAM or word in _VARIABLES or _is_variable(owner, step, above):
        return True
    if not isinstance(owner, Mapping) or not isinstance(step, str):
        return False
    if word == "name" and "value" in owner:  # `name: "Authorization: Bearer …"`
        name = owner.get("name")
        return isinstance(name, str) and _NO_NAME.search(name) is not None
    if word == "value":
        pointer = owner.get("path")
        return "name" in owner or (isinstance(pointer, str) and _POINTER.search(pointer) is not None)
    if word in _PASSWORDS and isinstance(owner.get(step), str):  # of a kubeconfig, of an EncryptionConfiguration
        return True
    if above[-1:] == ("annotations",) and _HEADERS_WORD.search(step):
        return True
    if above[-1:] == ("metadata",) and step not in _OF_METADATA:  # a password under the key above its own
        return isinstance(owner.get(step), str | Unknown)
    return _is_secret_data(owner, step, above) or _is_unknown_in_container(owner, step, above)


def _is_secret_data(owner: Mapping, step: str, above: Steps) -> bool:
    kind = _lower_word(owner.get("kind"))
    if kind in _OF_SECRETS:
        return step not in _OF_SECRET or _is_of_other_type(step, owner.get(step))
    if "secretGenerator" in above:
        return step not in _OF_GENERATOR
    # a patch of a Secret and an item of a SecretList need not say their kind
    return step.lower() == "data" and kind != "configmap"


def _is_of_other_type(step: str, value: Value) -> bool:
    """Whether one of the usual fields of a Secret holds something else."""
    if step == "immutable":
        return value is not None and not isinstance(value, bool)
    return step == "type" and isinstance(value, Mapping | Sequence)


def holds_values(owner: Mapping, step: str) -> bool:
    """Whether a tool lays what stands under `step` into other objects: values of a chart, of a substitution, of a generator."""
    value = owner.get(step)
    if step not in _VALUES:
        return step == "set" and "path" in owner and isinstance(value, Mapping)  # of a chart in kubeqed.yaml
    return isinstance(value, Mapping) or (isinstance(value, Sequence) if step == "elements" else isinstance(value, str))


def names_secret(step: str | int) -> bool:
    """Whether a key of no manifest, such as one of a chart's values, says that a secret stands under it."""
    return isinstance(step, str) and _SECRET_WORD.search(step) is not None


def _lower_word(value: Value) -> str:
    return str(value).lower() if isinstance(value, str | Unknown) else ""


def _is_unknown_in_container(owner: Mapping, step: str, above: Steps) -> bool:
    if above[-1:] == ("exec",) or (step == "exec" and not isinstance(owner.get(step), Mapping)):
        return True
    in_container = "image" in owner and len(above) > 1 and str(above[-2]).lower().endswith("containers")
    return in_container and step not in _OF_CONTAINER and not isinstance(owner.get(step), int | float)


def _is_variable(owner: Value, step: str | int, above: Steps) -> bool:
    """Whether it is the value of an environment variable, also where `env` is no list of mappings."""
    if isinstance(owner, Sequence) and isinstance(step, int):
        return above[-1:] == ("env",) and not isinstance(owner[step], Mapping)
    if not isinstance(owner, Mapping) or not isinstance(step, str):
        return False
    if len(above) > 1 and above[-2] == "env":
        if step == "name":
            return "=" in _lower_word(owner.get("name"))
        return step != "valueFrom" or not isinstance(owner.get(step), Mapping)
    if above[-1:] == ("valueFrom",):
        return not isinstance(owner.get(step), Mapping)
    return step == "env" and "image" in owner and not isinstance(owner.get("env"), Sequence)


def is_of_secret(owner: Mapping, key: str, *, in_list: bool = False) -> bool:
    """Whether a field holds what a Secret keeps: of a Secret of Kubernetes all fields but the usual ones, else its data.

    A kind of Kubernetes' core that has `data` and is no ConfigMap may be a misspelt Secret.

    `in_list` says that the owner is an item of a SecretList, which need not say its kind.
    """
    word, kind = key.lower(), _lower_word(owner.get("kind"))
    if word == "stringdata" or word == LAST_APPLIED:
        return True
    is_core = _lower_word(owner.get("apiVersion")) == "v1"
    if in_list or (kind == "secret" and is_core and "metadata" in owner):
        return key not in _OF_SECRET
    return word == "data" and (kind == "secret" or (is_core and kind not in ("", "configmap")))


def is_program_text(steps: Steps) -> bool:
    """Whether the field is an argument, a command or a variable, of which host names may be shown."""
    return any(step in _PROGRAM or step == "env" for step in steps)


def redact_program_text(text: str, services: Collection[str]) -> str:
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
        return text[:start] + redact(value)
    shown = url["scheme"] + redact(url["user"] or "") + url["host"]
    return text[:start] + shown + redact(value[url.end() :])


def _is_cluster_name(text: str, services: Collection[str]) -> bool:
    short = _SHORT.match(text)
    return _IN_CLUSTER.match(text) is not None or (short is not None and short["service"] in services)


def redact_path(path: str) -> str:
    """A manifest path as a report may print it: below the data of a Secret, what cannot be a key may be a value.

    So may a key of a variable or a header that resembles none of theirs.
    """
    item = _OF_ITEM.match(path)
    if item and not item["key"].lower().startswith(("name", "val")):
        return f"{item['item']}[{MASK * 3}]"
    match = _DATA.match(path)
    if match is None or _KEY.match(match["rest"].removesuffix("]").strip('"')):
        return path
    return f"{match['data']}[{MASK * 3}]"


def is_confidential_key(key: str, value: Value, depth: int) -> bool:
    """Whether a key, `depth` below a confidential field, may be a value that slipped: there is no value, or no key."""
    if depth == 0 or key in ("name", "value", "valueFrom"):
        return False
    return depth > 1 or value is None or not _KEY.match(key)


def redact_credentials(text: str) -> str:
    """The text with `*` for the user, the password and the query of each URL in it."""
    return _CREDENTIALS.sub(lambda found: redact(found[0]), text) if "@" in text or "?" in text else text


def redact(text: str) -> str:
    """The text with `*` for each character that is not a space, so that columns stay."""
    return re.sub(r"\S", MASK, text)
