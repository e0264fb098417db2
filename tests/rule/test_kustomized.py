"""What the server refuses in files that kustomize builds: what the tool makes of them is no error."""

from __future__ import annotations

import pytest
from tests.worlds import whole

from kubeqed.diagnostic import Certainty
from kubeqed.model.cluster import Cluster
from kubeqed.rule.catalogue import find_rules
from kubeqed.rule.run import run_rules
from kubeqed.rule.select import Choice, choose

KUSTOMIZATION = {"k/kustomization.yaml": "resources: [web.yaml, services-patch.yaml]"}
NUMBERS = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, annotations: {{{annotation}}}, labels: {{{label}}}}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}, annotations: {{{inner}}}}}
    spec: {{containers: [{{name: web, image: nginx}}]}}
"""
PART = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ipFamilyPolicy: PreferDualStack}}"


def errors_in(files: dict[str, str]) -> list[str]:
    """The paths of the fields that the server surely refuses."""
    choice = Choice()
    found = run_rules(whole(files), choose(find_rules(), choice), Cluster(), choice).diagnostics
    return [one.path for one in found if one.certainty is Certainty.REJECTED]


def numbers(annotation: str = "a: '2'", label: str = "b: c", inner: str = "d: e") -> str:
    return NUMBERS.format(annotation=annotation, label=label, inner=inner)


@pytest.mark.parametrize("value", ["2", "1.5", "true", "on"])
def test_kustomize_makes_texts_of_the_annotations_of_an_object_alone(value: str) -> None:
    """As `kubectl kustomize` 5.5 writes them."""
    assert errors_in({"web.yaml": numbers(f"a: {value}")}) == ["metadata.annotations.a"]
    assert errors_in({**KUSTOMIZATION, "k/web.yaml": numbers(f"a: {value}")}) == []
    assert errors_in({"web.yaml": numbers(f"kluctl.io/hook-weight: {value}")}) == []
    if value != "on":
        assert errors_in({**KUSTOMIZATION, "k/web.yaml": numbers(label=f"b: {value}")}) == ["metadata.labels.b"]
        inner = "spec.template.metadata.annotations.d"
        assert errors_in({**KUSTOMIZATION, "k/web.yaml": numbers(inner=f"d: {value}")}) == [inner]
        assert errors_in({"web.yaml": numbers("kluctl.io/hook: pre-deploy", inner=f"d: {value}")}) == [inner]


def test_a_resource_that_is_named_a_patch_is_laid_over_what_exists() -> None:
    assert errors_in({**KUSTOMIZATION, "k/services-patch.yaml": PART}) == []
    assert errors_in({**KUSTOMIZATION, "k/web.yaml": PART}) == ["spec.ports"]
    wrong = PART.replace("PreferDualStack", "Dual")
    assert errors_in({**KUSTOMIZATION, "k/services-patch.yaml": wrong}) == ["spec.ipFamilyPolicy"]


def test_what_flux_lays_over_an_object_may_be_a_part_of_it() -> None:
    laid = PART.replace("name: web", "name: web, annotations: {kustomize.toolkit.fluxcd.io/ssa: Merge}")
    assert errors_in({**KUSTOMIZATION, "k/web.yaml": laid}) == []
    assert errors_in({**KUSTOMIZATION, "k/web.yaml": laid.replace("Merge", "Override")}) == ["spec.ports"]


def test_a_base_that_no_overlay_takes_in_is_completed_by_one() -> None:
    """Beside other bases that overlays take in; a base that stands alone is applied as it is."""
    unused = {"base/web/kustomization.yaml": "resources: [web.yaml]", "base/web/web.yaml": PART}
    used = {
        "base/other/kustomization.yaml": "resources: [cm.yaml]",
        "base/other/cm.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: other}}",
    }
    overlay = {"dev/other/kustomization.yaml": "resources: [../../base/other]"}
    assert errors_in({f"k/{name}": text for name, text in {**unused, **used, **overlay}.items()}) == []
    assert errors_in({f"k/{name}": text for name, text in {**unused, **used}.items()}) == ["spec.ports"]
    elsewhere = {
        name.replace("base", "apps"): text.replace("base", "apps")
        for name, text in {**unused, **used, **overlay}.items()
    }
    assert errors_in({f"k/{name}": text for name, text in elsewhere.items()}) == ["spec.ports"]


def test_what_a_program_holds_is_completed_by_it() -> None:
    imageless = numbers().replace(", image: nginx", "")
    lacks = ["spec.template.spec.containers[0].image"]
    assert errors_in({"bindata/v1/web.yaml": imageless}) == errors_in({"pkg/assets/web.yaml": imageless}) == []
    assert errors_in({"web.yaml": imageless}) == errors_in({"my-assets/web.yaml": imageless}) == lacks
    portless = PART.replace("ipFamilyPolicy: PreferDualStack", "selector: {app: web}")
    assert errors_in({"assets/web.yaml": portless}) == ["spec.ports"]
    assert errors_in({"bindata/web.yaml": portless}) == errors_in({"bindata/web.yaml": numbers("a: 2")}) == []
    assert errors_in({"assets/web.yaml": numbers("a: 2")}) == ["metadata.annotations.a"]
    assert errors_in({"bindata/web.yaml": numbers().replace("image: nginx", "imgae: nginx")}) == [
        lacks[0].replace("image", "imgae")
    ]


def diagnostics_of(text: str) -> list[tuple[str, int, int]]:
    """Message, line and column of what the server surely refuses."""
    choice = Choice()
    found = run_rules(whole({"web.yaml": text}), choose(find_rules(), choice), Cluster(), choice).diagnostics
    return [(one.message, one.span.line, one.span.column) for one in found if one.certainty is Certainty.REJECTED]


def test_a_field_that_does_not_exist_is_at_fault_at_its_key() -> None:
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports: [{port: 80}]\n  selectors:\n    app: web\n"
    ((message, *place),) = diagnostics_of(text)
    assert "spec.selectors, a field that does not exist" in message
    assert place == [6, 3]


def test_an_empty_selector_is_called_so() -> None:
    ((message, *_),) = diagnostics_of(numbers().replace("{matchLabels: {app: web}}", "{}"))
    assert message == "Deployment web sets spec.selector to an empty selector, which a Deployment may not have"
