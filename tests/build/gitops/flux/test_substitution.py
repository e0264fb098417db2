"""What `postBuild` makes of objects, where each value then stands, and what is not known."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.built import plain
from tests.build.gitops.flux.flux_objects import build_path, kustomization, tree_of

from kubeqed.build.built import Built
from kubeqed.build.node import OriginNode
from kubeqed.parse import Unknown, Value

POD = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
spec:
  whole: ${PORT}
  quoted: "${PORT}"
  mixed: web-${PORT}.${DOMAIN}
  default: ${MISSING:=8080}
  list: ["${LIST}"]
"""
SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: flux-system}\ndata:\n  DOMAIN: example.com\n  PORT: '1'\n"
POST_BUILD = "  postBuild:\n    substitute:\n      PORT: '8080'\n      DOMAIN: example.org\n      LIST: '{a: [b]}'\n"


def built(root: Path, flux: str, text: str = POD, **found: str) -> Built:
    def lookup(kind: str, namespace: str, name: str) -> OriginNode | None:
        text = found.get(f"{kind}_{name}")
        return tree_of(text) if text is not None and namespace == "flux-system" else None

    return build_path(root, {"apps/web.yaml": text}, kustomization(flux), lookup)


def value_at(one: Built, *path: str) -> Value:
    value = one.documents[0].document.root
    for step in path:
        assert isinstance(value, dict)
        value = value[step]
    return value


def test_a_text_is_read_again_after_its_variables_are_filled_in(tmp_path: Path) -> None:
    spec = plain(value_at(built(tmp_path, POST_BUILD), "spec"))
    assert spec == {
        "whole": 8080,
        "quoted": 8080,
        "mixed": "web-8080.example.org",
        "default": 8080,
        "list": [{"a": ["b"]}],
    }


def test_a_value_that_is_one_variable_stands_where_that_is_set(tmp_path: Path) -> None:
    (placed,) = built(tmp_path, POST_BUILD).documents
    place = placed.at("spec.quoted")
    assert (place.span.file, place.span.line, place.span.column) == ("flux.yaml", 9, 13)
    (written, applied) = place.through
    assert (written.place.span.file, written.place.span.line) == ("apps/web.yaml", 7)
    assert (applied.place.span.file, applied.place.span.line, applied.text) == ("flux.yaml", 5, "takes it in")


def test_a_text_around_variables_keeps_its_place_and_names_theirs(tmp_path: Path) -> None:
    (placed,) = built(tmp_path, POST_BUILD).documents
    place = placed.at("spec.mixed")
    assert (place.span.file, place.span.line) == ("apps/web.yaml", 8)
    assert [one.place.span.line for one in place.through] == [9, 10, 5]


def test_without_variables_nothing_is_substituted(tmp_path: Path) -> None:
    assert plain(value_at(built(tmp_path, ""), "spec"))["default"] == "${MISSING:=8080}"
    assert plain(value_at(built(tmp_path, "  postBuild: {}\n"), "spec"))["default"] == "${MISSING:=8080}"
    always = "  postBuild: {substituteStrategy: Always}\n"
    assert plain(value_at(built(tmp_path, always), "spec"))["default"] == 8080


def test_a_variable_that_nothing_sets_is_empty(tmp_path: Path) -> None:
    spec = plain(value_at(built(tmp_path, "  postBuild: {substitute: {X: y}}\n"), "spec"))
    assert (spec["whole"], spec["mixed"], spec["default"]) == (None, "web-.", 8080)


def test_a_config_map_gives_its_data_and_their_place(tmp_path: Path) -> None:
    flux = "  postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}], substitute: {PORT: '2'}}\n"
    one = built(tmp_path, flux, ConfigMap_settings=SETTINGS)
    assert plain(value_at(one, "spec", "mixed")) == "web-2.example.com"
    assert [step.place.span.line for step in one.documents[0].at("spec.mixed").through] == [7, 5, 5]


@pytest.mark.parametrize("kind", ["ConfigMap", "Secret"])
def test_what_a_missing_source_may_set_is_one_unknown(tmp_path: Path, kind: str) -> None:
    flux = f"  postBuild: {{substituteFrom: [{{kind: {kind}, name: other, optional: true}}], substitute: {{DOMAIN: a.b}}}}\n"
    one = built(tmp_path, flux)
    whole, quoted, mixed = (value_at(one, "spec", key) for key in ("whole", "quoted", "mixed"))
    assert isinstance(whole, Unknown)
    assert whole.same_as(quoted)
    assert isinstance(mixed, Unknown)
    assert mixed.text == "web-${PORT}.a.b"


def test_a_missing_source_may_override_what_came_before_it(tmp_path: Path) -> None:
    sources = "[{kind: ConfigMap, name: settings}, {kind: Secret, name: other}]"
    one = built(tmp_path, f"  postBuild: {{substituteFrom: {sources}}}\n", ConfigMap_settings=SETTINGS)
    assert isinstance(value_at(one, "spec", "whole"), Unknown)


def test_values_of_a_secret_are_not_kept(tmp_path: Path) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: secret}\nstringData: {PORT: hunter2}\n"
    flux = "  postBuild: {substituteFrom: [{kind: Secret, name: secret}]}\n"
    one = built(tmp_path, flux, Secret_secret=secret)
    whole = value_at(one, "spec", "whole")
    assert isinstance(whole, Unknown)
    assert "hunter2" not in repr(one)
    assert plain(value_at(one, "spec", "default")) == 8080


@pytest.mark.parametrize("field", ["labels", "annotations"])
def test_an_object_can_be_left_alone(tmp_path: Path, field: str) -> None:
    switched = POD.replace(
        "  name: web\n", f"  name: web\n  {field}: {{kustomize.toolkit.fluxcd.io/substitute: disabled}}\n"
    )
    assert plain(value_at(built(tmp_path, POST_BUILD, switched), "spec", "whole")) == "${PORT}"


def test_what_envsubst_refuses_is_refused_at_its_line(tmp_path: Path) -> None:
    (refusal,) = built(tmp_path, POST_BUILD, POD.replace("${MISSING:=8080}", "${MISSING-8080}")).refusals
    assert (refusal.place.span.file, refusal.place.span.line) == ("apps/web.yaml", 9)
    assert refusal.reason == (
        "post build failed for 'ConfigMap.v1.[noGrp]/web': envsubst error: variable substitution failed: missing closing brace"
    )


def test_what_is_no_yaml_afterwards_is_refused_at_its_line(tmp_path: Path) -> None:
    (refusal,) = built(tmp_path, POST_BUILD.replace("example.org", "'a: b'")).refusals
    assert (refusal.place.span.file, refusal.place.span.line) == ("apps/web.yaml", 8)


def test_a_name_that_is_none_is_refused(tmp_path: Path) -> None:
    (refusal,) = built(tmp_path, "  postBuild: {substitute: {my-port: '1'}}\n").refusals
    assert refusal.reason == "'my-port' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'"


def test_keys_are_filled_in(tmp_path: Path) -> None:
    one = built(tmp_path, POST_BUILD, f"{POD}  ${{DOMAIN}}/a: b\n  plain: c\n")
    spec = value_at(one, "spec")
    assert isinstance(spec, dict)
    assert spec["example.org/a"] == "b"
    assert not getattr(spec, "open")  # noqa: B009  # the type of a value is wider
