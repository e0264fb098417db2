"""The verdicts of a real server on single objects: accepted or refused, and at which field."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from tests.apiserver.verdicts import ORACLE, SERVER, Step, lines, manifest, rejected, step

from kubeqed.apiserver import find_violations
from kubeqed.apiserver.crd.schema import Resource, load_resource
from kubeqed.diagnostic import Certainty
from kubeqed.model.cluster import KubernetesVersion
from kubeqed.rule.reasons import RULE_OF_PROBLEM

PROBLEMS = ("parse-error", "key-defined-twice")

# A `kind: List` is for kubectl, which sends its items one by one and had them accepted; the server itself knows no List.
FOR_KUBECTL = ("187-yaml-list-kind-with-two-services",)
# Without a name the address is allocated first, to nobody; the server's dry run names metadata.name.
NAMELESS = ("181-yaml-name-missing",)


@pytest.fixture(autouse=True)
def release_of_the_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server had the newest CRDs of the Gateway API, and the oldest of the policies that kubeqed knows.

    A manifest may be meant for another release.
    """

    def recorded_release(name: str) -> Resource:
        found = load_resource(name)
        one = slice(1) if found.group == "gateway.networking.k8s.io" else slice(-1, None)
        return found._replace(versions={version: schemas[one] for version, schemas in found.versions.items()})

    monkeypatch.setattr("kubeqed.apiserver.crd.load_resource", recorded_release)


def recorded() -> Iterator[Step]:
    for line in lines("verdicts.jsonl"):
        if line["mode"] == "single" and line["case"] not in FOR_KUBECTL:
            found = step(line["case"], (ORACLE / line["file"]).read_bytes().decode(), line["steps"][0])
            yield found._replace(causes=frozenset(["metadata.name"])) if line["case"] in NAMELESS else found
    for line in lines("fuzz.jsonl"):
        yield step(line["id"], json.dumps(line["manifest"]), line)
    for line in lines("gateway/verdicts.jsonl"):
        yield step(line["case"], (ORACLE / "gateway" / line["file"]).read_text(encoding="utf-8"), line["steps"][0])


def test_the_verdicts_agree() -> None:
    wrong = [found.name for found in recorded() if _is_refused(found.text) == found.accepted]
    assert not wrong


def test_the_fields_blamed_are_among_those_the_server_blames() -> None:
    wrong = []
    for found in recorded():
        paths = {violation.path for item in manifest(found.text).objects for violation in rejected(item)}
        if found.causes and not (paths and paths <= found.causes):
            wrong.append((found.name, paths, found.causes))
    assert not wrong


def test_what_the_server_warns_of_is_said_with_a_lower_certainty() -> None:
    """Every warning has its counterpart at its field, or at the field that it says is ignored."""
    wrong = []
    for found in recorded():
        if not found.accepted:
            continue
        said = [
            violation.path
            for item in manifest(found.text).objects
            for violation in find_violations(item, SERVER)
            if violation.certainty in (Certainty.LIKELY, Certainty.POSTURE)
            and "as octal" not in violation.message  # what only the author would object to
        ]
        unsaid = [warning for warning in found.warnings if not any(_speaks_of(warning, path) for path in said)]
        wrong += [(found.name, warning, said) for warning in unsaid]
        if said and not found.warnings:
            wrong.append((found.name, "no warning", said))
    assert not wrong


def _speaks_of(warning: str, path: str) -> bool:
    field = path.removeprefix("metadata.annotations").strip('[]"')
    return field.lower() in warning.lower() or warning.partition(":")[0].lower() in field.lower()


def _is_refused(text: str) -> bool:
    found = manifest(text)
    problems = [RULE_OF_PROBLEM[problem.kind] for placed in found.documents for problem in placed.document.problems]
    return any(rule in PROBLEMS for rule in problems) or any(rejected(item) for item in found.objects)


def test_older_minors_differ_where_the_server_does_when_it_emulates_them() -> None:
    files = {line["case"]: line["file"] for line in lines("verdicts.jsonl")}
    wrong = []
    for line in lines("emulated_older_minors.jsonl"):
        major, minor = (int(part) for part in line["emulated_version"].split("."))
        server = SERVER._replace(version=KubernetesVersion(major, minor))
        said = step(line["case"], (ORACLE / files[line["case"]]).read_text(encoding="utf-8"), line["steps"][0])
        paths = {found.path for item in manifest(said.text).objects for found in rejected(item, server)}
        causes = frozenset(["metadata.name"]) if line["case"] in NAMELESS else said.causes
        warned = {found.path for item in manifest(said.text).objects for found in find_violations(item, server)} - paths
        typed = all(any(_speaks_of(warning, path) for path in warned) for warning in said.warnings)
        if bool(paths) == said.accepted or not paths <= causes or not typed:
            wrong.append((line["case"], line["emulated_version"], paths, causes, warned))
    assert not wrong
