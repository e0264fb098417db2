"""Target ports against their definition, pod by pod, however many pods there are and however many ports they declare."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from tests.worlds import graph, one

from kubeqed.model.kinds.service import Service
from kubeqed.prove.engine.answer import Verdict
from kubeqed.prove.questions.target_port import TargetPortAnswer, TargetPortDeclared, TargetPortNamed
from kubeqed.resolve import Resolver

Ports = list[tuple[object, int, str]]  # name, number, protocol; "${N}" is a name that nobody knows

ports = st.lists(
    st.tuples(
        st.sampled_from(["web", "api", None, "${N}"]), st.sampled_from([80, 81]), st.sampled_from(["TCP", "UDP"])
    ),
    max_size=3,
)
pods = st.lists(st.tuples(ports, st.booleans()), min_size=1, max_size=20)
"""The ports of each pod, and whether the Service surely selects it."""


def world(found: list[tuple[Ports, bool]], port: dict[str, object], more: int = 0) -> Resolver:
    """A Service in front of pods; each declares `more` ports beside its own."""
    service = {"selector": {"app": "x"}, "ports": [port]}
    documents: list[object] = [{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": service}]
    for index, (declared, sure) in enumerate(found):
        others = [{"name": f"o{at}", "containerPort": 1000 + at} for at in range(more)]
        listed = [{"name": name, "containerPort": number, "protocol": way} for name, number, way in declared]
        template = {
            "metadata": {"labels": {"app": "x" if sure else f"${{APP{index}}}"}},
            "spec": {"containers": [{"name": "c", "image": "i", "ports": others + listed}]},
        }
        spec = {"template": template}
        documents.append(
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": f"d{index}"}, "spec": spec}
        )
    return graph("\n---\n".join(map(json.dumps, documents)))


def has(declared: Ports, wanted: object) -> bool | None:
    """Whether a pod declares the port for TCP."""
    column = 0 if isinstance(wanted, str) else 1
    if any((one[column], one[2]) == (wanted, "TCP") for one in declared):
        return True
    return None if any((one[column], one[2]) == ("${N}", "TCP") for one in declared) else False


def asked(within: Resolver, question: type[TargetPortNamed | TargetPortDeclared]) -> TargetPortAnswer:
    service = one(within, Service)
    return question(service, service.ports.items[0]).answer(within)


@given(pods, st.sampled_from([0, 20]))
def test_a_name_has_to_be_declared_by_every_pod(found: list[tuple[Ports, bool]], more: int) -> None:
    few = [
        *(one for one in found if one[1]),
        *[one for one in found if not one[1]][:8],
    ]  # of those that may be selected
    answer = asked(world(few, {"port": 80, "targetPort": "web"}, more), TargetPortNamed)
    states = [(has(declared, "web"), sure) for declared, sure in few]
    fails, holds = (False, True) in states, all(state is True for state, _ in states)
    assert answer.verdict is (Verdict.FAILS if fails else Verdict.HOLDS if holds else Verdict.DEPENDS)
    if fails:
        assert answer.every is all(state == (False, True) for state in states)
    for lacking in answer.lacking:
        assert states[int(str(lacking.name).removeprefix("d"))][0] is not True


@given(pods, st.sampled_from([0, 20]))
def test_a_number_has_to_be_declared_by_some_pod(found: list[tuple[Ports, bool]], more: int) -> None:
    few = [*(one for one in found if one[1]), *[one for one in found if not one[1]][:8]]
    answer = asked(world(few, {"port": 80}, more), TargetPortDeclared)
    if not more and any(not declared for declared, _ in few):
        assert answer.verdict is Verdict.HOLDS  # a pod that declares nothing says nothing
        return
    states = {(has(declared, 80), sure) for declared, sure in few}
    may, surely = any(state for state, _ in states), (True, True) in states
    certain = any(sure for _, sure in states)
    fails = certain and not may
    assert answer.verdict is (
        Verdict.HOLDS
        if surely
        else Verdict.FAILS
        if fails
        else Verdict.DEPENDS
        if not _never(states)
        else Verdict.HOLDS
    )


def _never(states: set[tuple[bool | None, bool]]) -> bool:
    """Whether every pod that may be selected declares the port, so that whichever are selected, all is well."""
    return all(state is True for state, _ in states)


def test_a_port_of_another_protocol_is_not_what_was_meant() -> None:
    """`targetPort: web` would find no port of this protocol either."""
    other: list[tuple[Ports, bool]] = [([("web", 81, "UDP")], True)]
    assert asked(world(other, {"port": 81, "name": "web", "targetPort": "we"}), TargetPortNamed).meant is None
    assert asked(world(other, {"port": 81}), TargetPortDeclared).meant is None
    same = {"port": 81, "targetPort": "we", "protocol": "UDP"}
    assert asked(world(other, same), TargetPortNamed).meant == "targetPort: web"


def test_the_ports_are_shown_where_they_stand() -> None:
    """Those of a sidecar, where the first container has none."""
    sidecar = {"name": "p", "restartPolicy": "Always", "ports": [{"name": "web", "containerPort": 81}]}
    spec = {"containers": [{"name": "c"}], "initContainers": [{"name": "i"}, sidecar]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "labels": {"app": "x"}}, "spec": spec}
    service = {"selector": {"app": "x"}, "ports": [{"port": 80, "targetPort": "we"}]}
    front = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": service}
    answer = asked(graph(f"{json.dumps(front)}\n---\n{json.dumps(pod)}\n"), TargetPortNamed)
    assert [place.path for place, _ in answer.related] == ["spec.initContainers[1].ports"]
