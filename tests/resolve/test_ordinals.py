"""Selectors that ask for a pod by its number: what the graph says, held against every pod one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.worlds import graph, one

from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.statefulset import POD_INDEX, POD_NAME, StatefulSet
from kubeqed.model.values.match import Match
from kubeqed.resolve.missing.pods import explain_missing_pods

HPA = "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h}, spec: {LIMITS, scaleTargetRef: {kind: StatefulSet, name: db}}}"


def world(selector: str, spec: str = "replicas: 3, ordinals: {start: 1}", *more: str) -> str:
    template = "template: {metadata: {labels: {app: db}}, spec: {containers: []}}"
    return "\n---\n".join(
        (
            f"{{apiVersion: v1, kind: Service, metadata: {{name: front}}, spec: {{selector: {{{selector}}}}}}}",
            f"{{apiVersion: apps/v1, kind: StatefulSet, metadata: {{name: db}}, spec: {{{spec}, {template}}}}}",
            *more,
        )
    )


def match(text: str) -> Match:
    found = graph(text)
    selected = found.list_selected(one(found, Service))
    return selected[0][1] if selected else Match.NO


LABELS = st.dictionaries(
    st.sampled_from((POD_NAME, POD_INDEX, "app")),
    st.sampled_from(("db-0", "db-1", "db-3", "db-4", "db", "0", "1", "3", "4")),
    min_size=1,
)


@given(labels=LABELS, first=st.integers(0, 2), count=st.integers(1, 4))
def test_a_service_selects_a_statefulset_when_some_pod_has_all_labels(
    labels: dict[str, str], first: int, count: int
) -> None:
    pods = [{"app": "db", POD_NAME: f"db-{at}", POD_INDEX: str(at)} for at in range(first, first + count)]
    some = any(labels.items() <= pod.items() for pod in pods)
    selector = ", ".join(f"{key}: '{value}'" for key, value in labels.items())
    found = match(world(selector, f"replicas: {count}, ordinals: {{start: {first}}}"))
    assert found is (Match.YES if some else Match.NO)


def test_what_scales_a_statefulset_decides_how_many_pods_it_has() -> None:
    def scaled(number: int, limits: str) -> Match:
        return match(world(f"{POD_NAME}: db-{number}", "replicas: 3", HPA.replace("LIMITS", limits)))

    assert scaled(1, "minReplicas: 2, maxReplicas: 4") is Match.YES
    assert scaled(2, "minReplicas: 2, maxReplicas: 4") is Match.UNDECIDED
    assert scaled(4, "minReplicas: 2, maxReplicas: 4") is Match.NO
    assert scaled(9, "minReplicas: 2, maxReplicas: '${MOST}'") is Match.UNDECIDED
    assert scaled(1, "maxReplicaCount: 4") is Match.UNDECIDED
    other = HPA.replace("LIMITS", "maxReplicas: 9").replace("name: db", "name: other")
    assert match(world(f"{POD_NAME}: db-4", "replicas: 3", other)) is Match.NO


def test_a_pod_whose_name_is_filled_in_may_be_there() -> None:
    assert match(world(f"{POD_NAME}: '${{LOCATION}}-db-0'")) is Match.UNDECIDED
    assert match(world(f"{POD_NAME}: '${{LOCATION}}-db-0', {POD_INDEX}: x")) is Match.NO


def test_a_number_that_no_pod_has_is_a_mistake_of_the_selector_or_of_the_numbers() -> None:
    for number, path in ((0, "spec.ordinals.start"), (4, "spec.replicas")):
        found = graph(world(f"{POD_NAME}: db-{number}"))
        missing = explain_missing_pods(found, one(found, Service))
        assert missing.candidate is not None
        assert missing.candidate.object is one(found, StatefulSet)
        assert (missing.candidate.path, missing.candidate.why) == (
            path,
            "the pods of StatefulSet db are numbered 1 to 3",
        )
        assert missing.is_likely_a_mistake
    for selector in (f"{POD_NAME}: dc-1", f"app: dc, {POD_INDEX}: '0'", f"{POD_NAME}: db-0, {POD_INDEX}: '1'"):
        found = graph(world(selector))
        assert explain_missing_pods(found, one(found, Service)).candidate is None
