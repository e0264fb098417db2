"""Where pods may run: affinity, tolerations, topology spread.

Ported from validateAffinity, ValidateTolerations and validateTopologySpreadConstraints of pkg/apis/core/validation.
Selectors of labels are judged in `formats.labels`; what stands here is about nodes and about the pairs of fields that exclude
each other.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.labels import validate_selector
from kubeqed.apiserver.formats.names import Check, dns_label, dns_subdomain, label_value, qualified_name
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Violation, forbidden, invalid, rename_path, required, unsupported
from kubeqed.model.values.known import equals, is_known, is_one_of, is_set, known_only, known_or

_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_UNSATISFIABLE = ("DoNotSchedule", "ScheduleAnyway")
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"


def validate_affinity(node: Node, own: Node | None = None) -> Iterator[Violation]:
    """`affinity` of a pod; `own` are the labels of a Pod, None for a template."""
    if node.absent:
        return
    yield from _validate_node_affinity(node["nodeAffinity"])
    for key in ("podAffinity", "podAntiAffinity"):
        for term in node[key][_REQUIRED].items():
            yield from _validate_pod_term(term)
            yield from _merged_keys(term, own)
        for weighted in node[key][_PREFERRED].items():
            yield from _validate_weight(weighted["weight"])
            yield from _validate_pod_term(weighted["podAffinityTerm"])
            yield from _merged_keys(weighted["podAffinityTerm"], own)


def _validate_node_affinity(node: Node) -> Iterator[Violation]:
    needed = node[_REQUIRED]
    if needed.present and equals(needed["nodeSelectorTerms"].length, 0):
        yield required(needed["nodeSelectorTerms"], "must have at least one node selector term")
    for term in needed["nodeSelectorTerms"].items():
        yield from _validate_term(term, strict=True)
    for preferred in node[_PREFERRED].items():
        yield from _validate_weight(preferred["weight"])
        yield from _validate_term(preferred["preference"], strict=False)


def _validate_weight(node: Node) -> Iterator[Violation]:
    if is_known(node.number) and not 1 <= node.number <= 100:
        yield invalid(node, "must be in the range 1-100")


def _validate_term(term: Node, *, strict: bool) -> Iterator[Violation]:
    for expression in term["matchExpressions"].items():
        yield from _validate_requirement(expression, strict=strict)
    for field in term["matchFields"].items():
        if is_known(field["operator"].text) and field["operator"].text not in ("In", "NotIn"):
            yield invalid(field["operator"], "not a valid selector operator")
        elif is_known(field["values"].length) and field["values"].length != 1:
            yield required(field["values"], "must be only one value for a node field selector")
        if is_known(field["key"].text) and field["key"].text != "metadata.name":
            yield invalid(field["key"], "not a valid field selector key")
        elif is_known(field["key"].text):
            for value in field["values"].items():
                yield from _validate_named(value, dns_subdomain)


def _validate_named(node: Node, check: Check) -> Iterator[Violation]:
    """A name that may not be empty."""
    for why in check(node.text) if is_known(node.text) else ():
        yield invalid(node, why)


def _validate_requirement(node: Node, *, strict: bool) -> Iterator[Violation]:
    operator, values, key = node["operator"].text, node["values"], node["key"]
    if is_one_of(operator, ("In", "NotIn")) and equals(values.length, 0):
        yield required(values, "must be specified when `operator` is In or NotIn")
    elif is_one_of(operator, ("Exists", "DoesNotExist")) and values.filled:
        yield forbidden(values, "may not be specified when `operator` is Exists or DoesNotExist")
    elif is_one_of(operator, ("Gt", "Lt")) and is_known(values.length) and values.length != 1:
        yield required(values, "must be a single value when `operator` is Lt or Gt")
    elif is_known(operator) and operator not in ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"):
        yield invalid(node["operator"], "not a valid selector operator")
    for why in qualified_name(key.text) if is_known(key.text) else ():
        yield invalid(key, why)
    for value in values.items() if strict else ():
        for why in label_value(known_or(value.text, "")):
            yield invalid(value, why)


def _validate_pod_term(term: Node) -> Iterator[Violation]:
    yield from validate_selector(term["labelSelector"])
    yield from validate_selector(term["namespaceSelector"])
    for namespace in term["namespaces"].items():
        for why in dns_label(namespace.text) if is_known(namespace.text) else ():
            yield Violation(
                Reason.VALUE,
                f"{term.path}.namespace",
                f'names the namespace "{namespace.text}" at {namespace.path}: {why}',
            )
    yield from _label_keys(term)
    key = term["topologyKey"]
    if equals(key.text, ""):
        yield required(key, "can not be empty")
    elif is_known(key.text):
        for why in qualified_name(key.text):
            yield invalid(key, why)


def _label_keys(term: Node) -> Iterator[Violation]:
    """`matchLabelKeys` and `mismatchLabelKeys`: keys of which the pod's own value is taken."""
    selecting, same, other = term["labelSelector"], term["matchLabelKeys"], term["mismatchLabelKeys"]
    for listed in (same, other):
        if listed.filled and selecting.absent:
            yield forbidden(listed, "must not be specified when labelSelector is not set")
            continue
        for key in listed.items():
            yield from _validate_named(key, qualified_name)
    differing = set(known_only(key.text for key in other.items()))
    for key in same.items():
        if is_known(key.text) and key.text in differing:
            yield invalid(key, "exists in both matchLabelKeys and mismatchLabelKeys")


def _merged_keys(term: Node, labels: Node | None) -> Iterator[Violation]:
    """A key may not stand in the selector too; `labels` are the pod's own, None where nothing is merged yet.

    The server takes the selector with what it merged into it, and names the position of the key without its list.
    """
    positions = {known_or(key.text, ""): index for index, key in enumerate(term["matchLabelKeys"].items())}
    written = [key for key, _ in term["labelSelector"]["matchLabels"].entries()]
    expressions = [item["key"].text for item in term["labelSelector"]["matchExpressions"].items()]
    if labels is not None:
        own = dict(labels.entries())
        for listed in ("matchLabelKeys", "mismatchLabelKeys"):
            expressions += [key.text for key in term[listed].items() if is_one_of(key.text, own)]
    seen = set(written)
    for key in expressions:
        if is_set(key) and key in positions and key in seen:
            index = positions[key]
            fault = invalid(term["matchLabelKeys"], f"{key} exists in labelSelector too")
            yield rename_path(fault, f"{term.path}[{index}]")
        seen.add(known_or(key, ""))


def validate_tolerations(node: Node) -> Iterator[Violation]:
    """`tolerations` of a pod."""
    for toleration in node.items():
        key, operator, value = toleration["key"], toleration["operator"], toleration["value"]
        effect, seconds = toleration["effect"], toleration["tolerationSeconds"]
        for why in qualified_name(key.text) if is_set(key.text) else ():
            yield invalid(key, why)
        if equals(key.text, "") and is_known(operator.text) and operator.text != "Exists":
            yield invalid(operator, "must be Exists when `key` is empty")
        if seconds.present and is_known(effect.text) and effect.text != "NoExecute":
            yield invalid(effect, "must be NoExecute when `tolerationSeconds` is set")
        if is_one_of(operator.text, ("", "Equal")):
            for why in label_value(known_or(value.text, "")):
                yield Violation(Reason.VALUE, operator.path, f'sets {value.path} to "{value.text}": {why}')
        elif equals(operator.text, "Exists") and is_set(value.text):
            yield Violation(Reason.VALUE, operator.path, f"sets {value.path}: must be empty when `operator` is Exists")
        elif is_known(operator.text) and operator.text != "Exists":
            yield unsupported(operator, ("Equal", "Exists"))  # Lt and Gt need TaintTolerationComparisonOperators
        if is_set(effect.text) and effect.text not in _EFFECTS:
            yield unsupported(effect, _EFFECTS)


def validate_topology_spread(node: Node, own: Node | None = None) -> Iterator[Violation]:
    """`topologySpreadConstraints` of a pod; `own` are the labels of a Pod, None for a template."""
    seen: dict[tuple[str, str], Node] = {}
    for constraint in node.items():
        skew, key, action = constraint["maxSkew"], constraint["topologyKey"], constraint["whenUnsatisfiable"]
        if is_known(skew.number) and skew.number <= 0:
            yield invalid(skew, "must be greater than 0") if skew.present else required(skew, "must be greater than 0")
        if equals(key.text, ""):
            yield required(key, "can not be empty")
        if is_known(action.text) and action.text not in _UNSATISFIABLE:
            yield unsupported(action, _UNSATISFIABLE)
        if is_known(key.text) and is_known(action.text):
            first = seen.setdefault((key.text, action.text), constraint)
            if first is not constraint:
                what = f"repeats the topologyKey and the whenUnsatisfiable of {first.path} at {constraint.path}"
                named_by_server = f"{first.path}.{{topologyKey, whenUnsatisfiable}}"
                yield Violation(Reason.VALUE, named_by_server, what, place=constraint.path)
        yield from _label_keys(constraint)
        yield from _merged_keys(constraint, own)
        yield from _validate_domains(constraint)
        yield from validate_selector(constraint["labelSelector"])


def _validate_domains(constraint: Node) -> Iterator[Violation]:
    least, action = constraint["minDomains"], constraint["whenUnsatisfiable"]
    if least.present and is_known(least.number):
        if least.number <= 0:
            yield invalid(least, "must be greater than 0")
        if is_known(action.text) and action.text != "DoNotSchedule":
            yield invalid(least, "can only be set when whenUnsatisfiable is DoNotSchedule")
    for key in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
        policy = constraint[key]
        if policy.present and is_known(policy.text) and policy.text not in ("Ignore", "Honor"):
            yield unsupported(constraint[key], ("Ignore", "Honor"))
