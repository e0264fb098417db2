"""The numbers of a workload's pods, held against the labels of every pod that it may have."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.worlds import manifest

from kubeqed.model.kinds.job import COMPLETION_INDEX
from kubeqed.model.kinds.ordinals import Ordinals, split_number
from kubeqed.model.kinds.statefulset import POD_INDEX, POD_NAME
from kubeqed.model.kinds.workload import Workload
from kubeqed.parse import Unknown

NAMES = ("db", "db-1", "db-0", "a", "1")


def ordinals(spec: str, kind: str = "StatefulSet", name: str = "db") -> Ordinals:
    version = "batch/v1" if kind == "Job" else "apps/v1"
    text = f"{{apiVersion: {version}, kind: {kind}, metadata: {{name: '{name}'}}, spec: {{{spec}}}}}"
    (item,) = manifest(text).objects
    assert isinstance(item, Workload)
    assert item.ordinals is not None
    return item.ordinals


@given(
    name=st.sampled_from(NAMES),
    first=st.integers(0, 12),
    count=st.integers(1, 4),
    asked=st.tuples(
        st.sampled_from(NAMES), st.sampled_from(("-", "")), st.sampled_from(("", "0", "1")), st.integers(0, 16)
    ),
)
def test_a_label_belongs_to_the_pod_whose_labels_hold_it(
    name: str, first: int, count: int, asked: tuple[str, str, str, int]
) -> None:
    found = ordinals(f"replicas: {count}, ordinals: {{start: {first}}}", name=name)
    for key in (POD_NAME, POD_INDEX):
        value = "".join(map(str, asked))
        number = found.ordinal_of(key, value)
        having = [at for at in range(1200) if found.labels_of(at)[key] == value]
        assert having == ([number] if isinstance(number, int) else [])
        there = isinstance(number, int) and found.has(number)
        assert there is any(found.labels_of(at)[key] == value for at in range(first, first + count))


def test_how_many_pods_there_are_is_what_replicas_say_and_at_least_one_where_they_say_nothing() -> None:
    stated, unset, none, unknown = map(ordinals, ("replicas: 2", "", "replicas: 0", "replicas: '${N}'"))
    assert [stated.has(number) for number in (0, 1, 2)] == [True, True, False]
    for one in (unset, none, unknown):
        assert [one.has(number) for number in (0, 1)] == [True, None]


def test_a_first_pod_that_is_a_placeholder_decides_nothing() -> None:
    assert ordinals("replicas: 2, ordinals: {start: '${FIRST}'}").has(0) is None


def test_a_placeholder_in_the_name_is_the_same_in_the_name_of_a_pod() -> None:
    found = ordinals("replicas: 2", name="${NAME}-db")
    pod = found.labels_of(1)[POD_NAME]
    assert isinstance(pod, Unknown)
    assert pod.text == "${NAME}-db-1"
    assert found.ordinal_of(POD_NAME, pod) == 1
    other = ordinals("replicas: 2", name="${OTHER}-db").labels_of(1)[POD_NAME]
    assert isinstance(found.ordinal_of(POD_NAME, other), Unknown)
    assert isinstance(found.ordinal_of(POD_NAME, "x-db-1"), Unknown)


def test_the_pods_of_an_indexed_job_are_numbered_from_0_to_its_completions() -> None:
    found = ordinals("completionMode: Indexed, completions: 3, parallelism: 2", "Job")
    assert found.ordinal_of(COMPLETION_INDEX, "2") == 2
    assert [found.has(number) for number in (0, 2, 3)] == [True, True, False]


def test_a_number_is_short_and_has_no_zeros_before_it() -> None:
    assert split_number("db-007") == ("db-00", 7)
    assert split_number("db-0") == ("db-", 0)
    assert split_number("db-00") == ("db-0", 0)
    assert split_number("db") == ("db", None)
    assert split_number("1" * 5000) == ("1" * 5000, None)
