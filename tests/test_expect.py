"""The comparison notices what is missing, what is too much, and what stands elsewhere."""

from __future__ import annotations

import pytest
from tests.expect import Expectation, differences, expectations, statements, twin

from kubeqed.diagnostic import Certainty, Diagnostic, Span


def found(rule: str, line: int, *, certainty: Certainty = Certainty.PROVED, message: str = "message") -> Diagnostic:
    return Diagnostic(rule, certainty, certainty.severity, message, Span("a.yaml", line, 7, line, 9))


def compare(text: str, *items: Diagnostic) -> list[str]:
    return differences(expectations("a.yaml", text), items)


def test_a_trailing_expectation_is_about_its_own_line() -> None:
    text = "a: 1\nb: 2  # expect: some-rule\n"
    assert compare(text, found("some-rule", 2)) == []
    assert compare(text, found("some-rule", 1)) != []


def test_an_expectation_alone_is_about_the_next_line() -> None:
    text = "# expect: some-rule\n  # expect: other-rule\na: 1\n"
    assert compare(text, found("some-rule", 3), found("other-rule", 3)) == []


def test_what_is_missing_and_what_is_too_much_both_count() -> None:
    assert compare("a: 1  # expect: some-rule")
    assert compare("a: 1", found("some-rule", 1))
    assert compare("a: 1  # expect: some-rule", found("some-rule", 1), found("some-rule", 1))
    assert compare("a: 1  # expect: some-rule, some-rule", found("some-rule", 1))


def test_a_column_and_a_part_of_the_message_may_be_asked_for() -> None:
    assert compare('a: 1  # expect: 7 some-rule "sag"', found("some-rule", 1)) == []
    assert compare("a: 1  # expect: 8 some-rule", found("some-rule", 1))
    assert compare('a: 1  # expect: some-rule "other"', found("some-rule", 1))


def test_another_comment_may_follow() -> None:
    assert compare("a: 1  # expect: some-rule  # because", found("some-rule", 1)) == []
    assert compare('a: 1  # expect: some-rule "#1"  # because', found("some-rule", 1, message="the #1")) == []


def test_hidden_findings_count_only_where_they_are_asked_for() -> None:
    hidden = found("some-rule", 1, certainty=Certainty.POSSIBLE)
    assert compare("a: 1", hidden) == []
    assert compare("a: 1  # expect: some-rule", hidden)
    assert compare("a: 1  # expect: some-rule (possible)", hidden) == []
    assert compare("a: 1  # expect: some-rule (likely)", found("some-rule", 1))


def test_a_json_manifest_has_a_twin() -> None:
    assert list(twin("a.json", "3: 5 some-rule\n\n")) == [Expectation("a.json", 3, 5, "some-rule", "", "")]


@pytest.mark.parametrize("text", ["a: 1  # expect: Some Rule", "a: 1  # expect:", "# expect: some-rule"])
def test_a_slip_in_an_expectation_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"a\.yaml"):
        list(expectations("a.yaml", text))


def test_headers_state_the_world_and_the_cluster() -> None:
    stated = statements(["# config: world=closed\n# config: cni.name=flannel\n# config: kubernetes='1.30'\na: 1\n"])
    assert stated.closed
    assert stated.configuration == "cluster:\n  cni:\n    name: flannel\n  kubernetes: '1.30'\n"
    assert statements(["a: 1"]).configuration == ""
