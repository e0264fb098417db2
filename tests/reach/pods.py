"""Small clusters of workloads, and their pods one by one as a cluster would make them; knows nothing of kubeqed."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st
from tests.reach.clusters import SPACES, Manifest, container_ports, labels, networkpolicies

POD_NAME = "statefulset.kubernetes.io/pod-name"
POD_INDEX = "apps.kubernetes.io/pod-index"
UNKNOWN = "${REPLICAS}"
SHOWN_OF_UNKNOWN = 3  # pods that stand for those of a workload of which nobody knows how many it has


class Made(NamedTuple):
    """A pod that a workload, by its place among them, makes; `ordinal` is its number, if it has one."""

    manifest: Manifest
    workload: int
    ordinal: int | None = None


@st.composite
def _workload(draw: st.DrawFn, number: int) -> Manifest:
    kind = draw(st.sampled_from(("Pod", "Deployment", "StatefulSet", "StatefulSet", "DaemonSet")))
    name = draw(st.sampled_from((f"w{number}", f"w{number}", "w0", "${NAME}", "{{ .name }}")))
    spec: Manifest = {"containers": [{"name": "c", "image": "x", "ports": draw(container_ports)}]}
    if draw(st.integers(0, 5)) == 0:
        spec["hostNetwork"] = True
    metadata = {"name": name, "namespace": draw(st.sampled_from(SPACES[:2]))}
    own = draw(labels)
    if kind == "Pod":
        return {"apiVersion": "v1", "kind": kind, "metadata": {**metadata, "labels": own}, "spec": spec}
    body: Manifest = {"selector": {"matchLabels": own}, "template": {"metadata": {"labels": own}, "spec": spec}}
    if kind != "DaemonSet" and (replicas := draw(st.sampled_from((None, 0, 1, 2, 3, UNKNOWN)))) is not None:
        body["replicas"] = replicas
    if kind == "StatefulSet" and draw(st.booleans()):
        body["ordinals"] = {"start": draw(st.sampled_from((0, 1, 5)))}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": metadata, "spec": body}


def _by_number(workloads: list[Manifest]) -> st.SearchStrategy[Manifest]:
    """A selector of pods by their number: of some that there are, and of some that there are not."""
    names = [one["metadata"]["name"] for one in workloads if one["kind"] == "StatefulSet"] or ["w0"]
    values = st.lists(
        st.tuples(st.sampled_from(names), st.sampled_from((0, 1, 2, 5, 6))).map(lambda one: f"{one[0]}-{one[1]}"),
        min_size=1,
        max_size=2,
        unique=True,
    )
    valued = st.tuples(st.sampled_from(("In", "NotIn")), values).map(
        lambda one: {"matchExpressions": [{"key": POD_NAME, "operator": one[0], "values": one[1]}]}
    )
    bare = st.sampled_from(("Exists", "DoesNotExist")).map(
        lambda one: {"matchExpressions": [{"key": POD_NAME, "operator": one}]}
    )
    index = st.sampled_from(("0", "1", "5")).map(lambda one: {"matchLabels": {POD_INDEX: one}})
    return st.one_of(valued, bare, index)


@st.composite
def clusters_of_workloads(draw: st.DrawFn) -> list[Manifest]:
    """Two to four workloads, of which some may be defined twice or read alike, and policies that may tell pods apart."""
    spaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in SPACES[:2]]
    workloads = [draw(_workload(number)) for number in range(draw(st.integers(2, 4)))]
    policies = draw(networkpolicies())
    for policy in policies:
        if draw(st.booleans()):
            policy["spec"]["podSelector"] = draw(_by_number(workloads))
        for way, key in (("ingress", "from"), ("egress", "to")):
            for rule in policy["spec"].get(way, []):
                for peer in rule.get(key, []):
                    if "podSelector" in peer and draw(st.booleans()):
                        peer["podSelector"] = draw(_by_number(workloads))
    return [*spaces, *workloads, *policies]


def made(objects: list[Manifest]) -> list[Made]:
    """The pods of all workloads: of one that is defined again, those of the last definition."""
    workloads = [one for one in objects if one["kind"] in ("Pod", "Deployment", "StatefulSet", "DaemonSet")]
    last = {_key(item, number): number for number, item in enumerate(workloads)}
    return [pod for number in sorted(last.values()) for pod in _pods(workloads[number], number)]


def _key(item: Manifest, number: int) -> tuple[Any, ...]:
    name = item["metadata"]["name"]
    known = name if name.isalnum() else number
    return item["kind"], item["metadata"]["namespace"], known


def _pods(item: Manifest, number: int) -> list[Made]:
    if item["kind"] == "Pod":
        return [Made(item, number)]
    spec = item["spec"]
    replicas = spec.get("replicas", 2 if item["kind"] == "DaemonSet" else 1)
    count = SHOWN_OF_UNKNOWN if replicas in (UNKNOWN, 0) else replicas
    start = spec.get("ordinals", {}).get("start", 0)
    found = []
    for ordinal in range(start, start + count):
        metadata = {"namespace": item["metadata"]["namespace"], "labels": dict(spec["template"]["metadata"]["labels"])}
        numbered = item["kind"] == "StatefulSet"
        if numbered:
            metadata["labels"] |= {POD_NAME: f"{item['metadata']['name']}-{ordinal}", POD_INDEX: str(ordinal)}
        pod = {"metadata": metadata, "spec": spec["template"]["spec"]}
        found.append(Made(pod, number, ordinal if numbered else None))
    return found
