"""What suppresses a finding, and what is said of what suppresses none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kubeqed.app.check.run import Analysis, CheckRequest, analyze
from kubeqed.app.check.shown import Show
from kubeqed.app.settings import CommandLineSettings
from kubeqed.diagnostic import Certainty, Diagnostic, Suppression

ALL = Show(frozenset(Certainty), suppressed=True)
RULE = "node-port-out-of-range"
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations: {ANNOTATIONS}
spec:
  type: NodePort
  ports:
    # ABOVE
    - {port: 80, nodePort: 20080}  # BESIDE
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "k8s").mkdir()
    return tmp_path


def service(beside: str = "", above: str = "", annotations: str = "") -> str:
    return SERVICE.replace("BESIDE", beside).replace("ABOVE", above).replace("ANNOTATIONS", annotations)


def check(tree: Path, text: str, config: str = "", paths: tuple[str, ...] = ("",)) -> Analysis:
    (tree / "k8s" / "web.yaml").write_text(text)
    if config:
        (tree / "kubeqed.yaml").write_text(config)
    asked = tuple(str(tree / path) for path in paths)
    return analyze(
        CheckRequest(asked, show=ALL, statement=CommandLineSettings(str(tree / "kubeqed.yaml") if config else None))
    )


def of(analysis: Analysis, rule: str = RULE) -> list[Diagnostic]:
    return [item for item in analysis.report.findings if item.rule == rule]


def said(analysis: Analysis) -> list[tuple[str, str]]:
    """(certainty, message) of all that is said of suppressions."""
    return [
        (item.certainty.value, item.message)
        for item in analysis.report.findings
        if item.rule.startswith("suppression-")
    ]


IN_SOURCE = Suppression("inSource", "the range is wider")


@pytest.mark.parametrize(
    "text",
    [
        service(beside=f"kubeqed: ignore[{RULE}] the range is wider"),
        service(beside=f"kubeqed: ignore [ {RULE} ]: the range is wider"),
        service(beside=f"kubeqed: ignore[{RULE}] -- the range is wider  # else"),
        service(above=f"kubeqed: ignore[{RULE}] the range is wider"),
        service(above=f"kubeqed: ignore[{RULE}] the range is wider\n    # more"),
        service(annotations=f"kubeqed.dev/ignore: '{RULE}: the range is wider'"),
        service(annotations=f'kubeqed.dev/ignore: "{RULE}: the range is wider\\n"'),
    ],
)
def test_beside_the_fault(tree: Path, text: str) -> None:
    analysis = check(tree, text)
    assert [item.suppression for item in of(analysis)] == [IN_SOURCE]
    assert said(analysis) == []
    assert analysis.report.summary.suppressed == 1
    assert analysis.report.summary.error == 0


def test_nothing_is_suppressed_that_is_not_named(tree: Path) -> None:
    other = "service-selects-nothing, suppression-unused"
    analysis = check(
        tree, service(beside=f"kubeqed: ignore[{other}] x", annotations=f"kubeqed.dev/ignore: '{other}: x'")
    )
    assert [item.suppression for item in of(analysis)] == [None]
    assert said(analysis) == []


def test_several_rules_each_of_which_must_be_needed(tree: Path) -> None:
    analysis = check(tree, service(beside=f"kubeqed: ignore[{RULE}, node-port-clash] x"))
    assert of(analysis)[0].suppression
    assert said(analysis) == [("likely", "the comment suppresses no finding of node-port-clash")]


def test_a_comment_speaks_of_one_line(tree: Path) -> None:
    text = service(above=f"kubeqed: ignore[{RULE}] x\n\n    # more")
    assert of(check(tree, text))[0].suppression is None


def test_a_comment_about_a_literal_block_stands_on_the_line_that_opens_it(tree: Path) -> None:
    config = (
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: shop}\ndata:\n"
        "  a.conf: |  # kubeqed: ignore[configured-port-missing] the program listens there too\n    url = http://web:81\n"
        "---\napiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: shop}\nspec: {containers: [{name: x, image: x}]}\n"
    )
    (found,) = of(check(tree, service() + config), "configured-port-missing")
    assert found.suppression
    assert found.span.column == 18


def test_text_that_looks_like_a_comment_suppresses_nothing(tree: Path) -> None:
    text = service().replace("namespace: shop", f"namespace: shop\n  labels: {{note: '# kubeqed: ignore[{RULE}] x'}}")
    analysis = check(tree, text)
    assert of(analysis)[0].suppression is None
    assert [item for item in said(analysis) if "unknown" in item[1]] == []


def test_a_missing_reason_is_reported_and_the_finding_is_not(tree: Path) -> None:
    for text in (service(beside=f"kubeqed: ignore[{RULE}]"), service(annotations=f"kubeqed.dev/ignore: {RULE}")):
        analysis = check(tree, text)
        assert of(analysis)[0].suppression == Suppression("inSource", "")
        assert [item.rule for item in analysis.report.findings if item.rule != RULE] == ["suppression-unexplained"]


def test_without_brackets_it_is_refused_with_what_to_write(tree: Path) -> None:
    analysis = check(tree, service(beside="kubeqed: ignore"))
    assert of(analysis)[0].suppression is None
    assert said(analysis) == [("likely", "the comment names no rule, so it suppresses nothing")]
    assert of(analysis, "suppression-unused")[0].suggestion == f"# kubeqed: ignore[{RULE}] reason"


@pytest.mark.parametrize("text", ["disable", "ignore[]", "ignore[,]", "igonre[x] y", "skip-file"])
def test_what_is_not_understood_is_reported(tree: Path, text: str) -> None:
    assert len(said(check(tree, service(beside=f"kubeqed: {text}")))) == 1


def test_prose_is_left_alone(tree: Path) -> None:
    assert said(check(tree, service(above="kubeqed: see the README"))) == []


def test_unknown_rules_get_the_nearest_name(tree: Path) -> None:
    wrong = "node-port-out-of-rnge"
    message = f'names the unknown rule "{wrong}", did you mean "{RULE}"?'
    assert said(check(tree, service(beside=f"kubeqed: ignore[{wrong}] x"))) == [("likely", f"the comment {message}")]
    analysis = check(tree, service(annotations=f"kubeqed.dev/ignore: '{wrong}, {wrong}x: x'"))
    assert [text.partition(",")[0] for _, text in said(analysis)] == [
        f'the annotation of Service shop/web names the unknown rule "{wrong}"',
        f'the annotation of Service shop/web names the unknown rule "{wrong}x"',
    ]


def test_an_annotation_without_text(tree: Path) -> None:
    message = "the annotation of Service shop/web names no rule, so it suppresses nothing"
    for text in ("''", "': why'"):
        assert said(check(tree, service(annotations=f"kubeqed.dev/ignore: {text}"))) == [("likely", message)]


CLASHING = """\
apiVersion: v1
kind: Service
metadata: {name: other, namespace: shop}
spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}
"""
NEEDED = service(beside="kubeqed: ignore[node-port-clash] x").replace("20080", "30080")


@pytest.mark.parametrize("part", [("k8s",), ("k8s/web.yaml",), ("k8s", "first/empty")])
def test_what_a_part_needs_not_the_whole_may(tree: Path, part: tuple[str, ...]) -> None:
    (tree / "first" / "empty").mkdir(parents=True)
    (tree / "first" / "service.yaml").write_text(CLASHING)
    assert said(check(tree, NEEDED)) == said(check(tree, NEEDED, paths=part)) == []
    (tree / "first" / "service.yaml").unlink()
    assert [certainty for certainty, _ in said(check(tree, NEEDED))] == ["likely"]
    assert said(check(tree, NEEDED, paths=part)) == []


def test_what_was_not_read_may_need_a_comment(tree: Path) -> None:
    (tree / "first").mkdir()
    (tree / "first" / "service.yaml").write_text(CLASHING)
    assert said(check(tree, NEEDED, "exclude: [first/]")) == []


def test_a_stated_unit_is_whole_whatever_was_named(tree: Path) -> None:
    (tree / "first").mkdir()
    (tree / "first" / "service.yaml").write_text(CLASHING)
    stated = "units: [{path: k8s/}, {path: first/}]"
    assert [certainty for certainty, _ in said(check(tree, NEEDED, stated, ("k8s",)))] == ["likely"]
    assert said(check(tree, NEEDED, "units: [{paths: [k8s/, first/]}]", ("k8s",))) == []
    excluded = "units: [{paths: [k8s/, first/]}]\nexclude: [first/]"
    assert said(check(tree, NEEDED, excluded, ("k8s",))) == []


def test_a_kustomization_is_whole_where_all_of_it_is_built(tree: Path) -> None:
    (tree / "k8s" / "kustomization.yaml").write_text("resources: [web.yaml]\n")
    assert [certainty for certainty, _ in said(check(tree, NEEDED, paths=("k8s",)))] == ["likely"]
    (tree / "k8s" / "kustomization.yaml").write_text("resources: [web.yaml, 'https://example.com/base?ref=1']\n")
    assert said(check(tree, NEEDED, paths=("k8s",))) == []


def test_a_closed_world_is_whole(tree: Path) -> None:
    (tree / "k8s" / "web.yaml").write_text(NEEDED)
    closed = analyze(CheckRequest((str(tree / "k8s"),), closed=True, show=ALL))
    assert [certainty for certainty, _ in said(closed)] == ["likely"]


def test_rules_that_do_not_run_make_nothing_unused(tree: Path) -> None:
    text = service(beside="kubeqed: ignore[node-port-clash] x")
    config = "rules: {ignore: [node-port-clash]}\nignore: [{rules: [node-port-clash], reason: x}]"
    assert said(check(tree, text, config)) == []
    assert said(check(tree, text, "rules: {ignore: [suppression-unused]}")) == []


def test_a_document_that_cannot_be_read_leaves_its_comments_alone(tree: Path) -> None:
    text = "a: [  # kubeqed: ignore[parse-error] x\n---\n" + service(beside="kubeqed: ignore[nope] x")
    assert len(said(check(tree, text))) == 1


@pytest.mark.parametrize(
    "entry",
    [
        f"rules: [{RULE}]",
        "rules: ['node-port-*']",
        "paths: [k8s/web.yaml]",
        "paths: [k8s]",
        "paths: [k8s/]",
        "paths: ['k8s/*']",
        "paths: ['./k8s/*.yaml']",
        "paths: ['web.yaml']",
        "objects: [Service shop/web]",
        "objects: ['* shop/*']",
        f"rules: [{RULE}], paths: [other, k8s], objects: ['Service shop/w?b']",
    ],
)
def test_the_configuration(tree: Path, entry: str) -> None:
    analysis = check(tree, service(), f"ignore: [{{{entry}, reason: the range is wider}}]")
    assert [item.suppression for item in of(analysis)] == [Suppression("external", "the range is wider")]
    assert said(analysis) == []


@pytest.mark.parametrize(
    "entry",
    [
        "rules: [node-port-clash]",
        "paths: [web]",
        "paths: ['*.json']",
        "paths: ['!k8s']",
        "objects: [Service web]",
        "objects: [Ingress shop/web]",
        f"rules: [{RULE}], paths: [other]",
    ],
)
def test_entries_that_do_not_fit(tree: Path, entry: str) -> None:
    analysis = check(tree, service(), f"# first\nignore: [{{{entry}, reason: x}}]")
    assert of(analysis)[0].suppression is None
    assert said(analysis) == [("likely", "the entry of ignore: suppresses no finding")]
    assert of(analysis, "suppression-unused")[0].span.line == 2


def test_a_part_of_the_tree_makes_no_entry_unused(tree: Path) -> None:
    config = "ignore: [{rules: [node-port-clash], reason: x}]"
    assert said(check(tree, service(), config, ("k8s",))) == []


@pytest.mark.parametrize(
    ("entry", "unused"),
    [
        ("paths: [vendor/]", False),
        ("paths: ['vendor/*.yaml']", False),
        ("paths: ['*.yaml'], rules: [node-port-clash]", False),
        ("rules: [node-port-clash]", False),
        ("paths: [k8s/], rules: [node-port-clash]", False),
        ("paths: [k8s/web.yaml], rules: [node-port-clash]", True),
        ("paths: [/k8s], rules: [node-port-clash]", True),
    ],
)
def test_what_was_not_read_may_need_an_entry(tree: Path, entry: str, unused: bool) -> None:
    (tree / "vendor").mkdir()
    (tree / "vendor" / "web.yaml").write_text(service())
    found = said(check(tree, service(), f"exclude: [vendor/]\nignore: [{{{entry}, reason: x}}]"))
    assert found == ([("likely", "the entry of ignore: suppresses no finding")] if unused else [])


def test_what_was_not_read_may_need_a_line_of_the_baseline(tree: Path) -> None:
    for name in ("old.yaml", "gone.yaml"):
        (tree / "k8s" / name).write_text(service())
    (tree / "base.json").write_text(
        json.dumps(
            {
                "version": 1,
                "findings": [
                    {"rule": RULE, "file": f"k8s/{name}", "fingerprint": f"{RULE} x spec", "reason": "old"}
                    for name in ("old.yaml", "gone.yaml")
                ],
            }
        )
    )
    found = said(check(tree, service(), "exclude: [k8s/old.yaml]\nbaseline: base.json"))
    assert found == [("posture", f"the baseline lists a finding of {RULE} in k8s/gone.yaml that is gone")]


def test_objects_without_a_namespace(tree: Path) -> None:
    text = service().replace("  namespace: shop\n", "")
    assert of(check(tree, text, "ignore: [{objects: [Service web], reason: x}]"))[0].suppression
    assert not of(check(tree, text, "ignore: [{objects: [Service */web], reason: x}]"))[0].suppression


def test_what_stands_beside_the_fault_comes_first_and_both_are_needed(tree: Path) -> None:
    text = service(beside=f"kubeqed: ignore[{RULE}] the range is wider")
    analysis = check(tree, text, f"ignore: [{{rules: [{RULE}], reason: x}}]")
    assert [item.suppression for item in of(analysis)] == [IN_SOURCE]
    assert said(analysis) == []


def test_the_configuration_speaks_of_suppressions_too(tree: Path) -> None:
    config = "ignore: [{rules: [suppression-*], reason: later}]"
    found = of(check(tree, service(beside="kubeqed: ignore"), config), "suppression-unused")
    assert [item.suppression for item in found] == [Suppression("external", "later")]


def test_fingerprints_stay(tree: Path) -> None:
    plain = of(check(tree, service()))[0].fingerprint
    assert of(check(tree, service(beside=f"kubeqed: ignore[{RULE}] x")))[0].fingerprint == plain
