"""Every value of a built object says where it was set: its line holds the value, or is the line that made it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.build.built import build_directory, build_files, plain
from tests.build.kustomize.test_recorded import BUILT

from kubeqed.build.kustomize.names import KUSTOMIZATIONS
from kubeqed.parse import Mapping, Place, PlacedDocument, Sequence, Value


def scalars(placed: PlacedDocument) -> Iterator[tuple[str, Value, Place]]:
    def walk(value: Value, path: str) -> Iterator[tuple[str, Value, Place]]:
        if isinstance(value, Mapping):
            for key, item in value.items():
                yield from walk(item, f'{path}["{key}"]' if not path or "." in key else f"{path}.{key}")
        elif isinstance(value, Sequence):
            for index, item in enumerate(value):
                yield from walk(item, f"{path}[{index}]")
        else:
            yield path, value, placed.at(path)

    return walk(placed.document.root, "")


def line_of(place: Place) -> str:
    return Path(place.span.file).read_text().split("\n")[place.span.line - 1]


def holds(line: str, value: Value) -> bool:
    """Whether a line shows a value, or begins the block that does."""
    if value is None or any(sign in line for sign in ("|", ">", "\\")):
        return True
    text = plain(value)
    first = (str(text).lower() if isinstance(text, bool) else str(text)).split()[:1]
    return all(word.strip("\"'") in line for word in first)


# `0644`, and dates, as kustomize reads them.
READ_OTHERWISE = (420, "2024-01-02T00:00:00Z")
MAKERS = (*KUSTOMIZATIONS, "r.yaml", "t.yaml")  # kustomizations, files of replacements and of transformers


@pytest.mark.parametrize("case", BUILT, ids=lambda case: case.name)
def test_the_line_holds_the_value_or_made_it(case: Path) -> None:
    for placed in build_directory(case / "root").documents:
        for path, value, place in scalars(placed):
            line = line_of(place)
            made = Path(place.span.file).name in MAKERS and line.strip()
            rendered = "{{" in line  # of its values
            assert made or rendered or holds(line, value) or value in READ_OTHERWISE, (path, value, place.span)


BASE = """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
  - port: 80
    targetPort: 8080
"""
FILES = {
    "base/kustomization.yaml": "resources:\n- web.yaml\n",
    "base/web.yaml": BASE,
    "overlay/patch.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n  - port: 80\n    targetPort: 9090\n",
    "overlay/kustomization.yaml": """\
resources:
- ../base
namespace: shop
namePrefix: dev-
patches:
- path: patch.yaml
- patch: |-
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      type: NodePort
- target: {kind: Service}
  patch: |
    - op: add
      path: /spec/sessionAffinity
      value: ClientIP
labels:
- includeSelectors: true
  pairs:
    team: blue
""",
}
SET_AT = {
    "spec.ports[0].port": ("overlay/patch.yaml", 7),
    "spec.ports[0].targetPort": ("overlay/patch.yaml", 8),
    "spec.selector.app": ("base/web.yaml", 6),
    "spec.selector.team": ("overlay/kustomization.yaml", 22),
    "spec.type": ("overlay/kustomization.yaml", 13),
    "spec.sessionAffinity": ("overlay/kustomization.yaml", 18),
    "metadata.namespace": ("overlay/kustomization.yaml", 3),
    "metadata.name": ("overlay/kustomization.yaml", 4),
    "kind": ("base/web.yaml", 2),
}


def test_a_value_stands_where_one_would_edit_it(tmp_path: Path) -> None:
    (placed,) = build_files(tmp_path, FILES).documents
    found = {path: placed.at(path).span for path in SET_AT}
    assert {
        path: (Path(span.file).relative_to(tmp_path).as_posix(), span.line) for path, span in found.items()
    } == SET_AT


def test_a_value_names_what_it_came_through(tmp_path: Path) -> None:
    (placed,) = build_files(tmp_path, FILES).documents
    through = placed.at("spec.ports[0].targetPort").through
    places = [(Path(one.place.span.file).relative_to(tmp_path).as_posix(), one.place.span.line) for one in through]
    assert places == [("base/web.yaml", 9), ("base/kustomization.yaml", 2), ("overlay/kustomization.yaml", 2)]


def test_generated_values_stand_in_the_files_that_hold_them(tmp_path: Path) -> None:
    files = {
        "kustomization.yaml": "configMapGenerator:\n  - name: a\n    envs:\n      - a.env\n    files: [b=b.txt]\n    literals: [c=1]\n",
        "a.env": "# of the program\nPORT=80\n\nHOST=web\n",
        "b.txt": "text\n",
    }
    (built,) = build_files(tmp_path, files, "").documents

    def places(key: str) -> list[str]:
        place = built.at(f"data.{key}")
        return [f"{Path(one.span.file).name}:{one.span.line}" for one in (place, *(one.place for one in place.through))]

    assert places("PORT") == ["a.env:2", "kustomization.yaml:4"]
    assert places("HOST") == ["a.env:4", "kustomization.yaml:4"]
    assert places("b") == ["b.txt:1", "kustomization.yaml:5"]
    assert places("c") == ["kustomization.yaml:6"]
