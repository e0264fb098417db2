"""Objects come in the order in which the tool prints them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.built import build_directory, build_files, objects, objects_of

CASES = sorted(path.parent for path in Path("tests/oracle/kustomize").glob("*/expected.yaml"))
RESOURCES = """\
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: hook}
---
{apiVersion: v1, kind: Service, metadata: {name: b}}
---
{apiVersion: v1, kind: Service, metadata: {name: a, namespace: z}}
---
{apiVersion: v1, kind: Service, metadata: {name: c, namespace: y}}
---
{apiVersion: example.com/v1, kind: Namespace, metadata: {name: other}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: example.com/v1, kind: Thing, metadata: {name: b}}
"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_order_is_the_tools(case: Path) -> None:
    built = build_directory(case / "root")
    assert list(objects(built.documents)) == list(objects_of((case / "expected.yaml").read_bytes()))


# What `kustomize build` of v5.8.2 prints.
@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("", "shop other c a b b hook"),
        ("sortOptions: {order: legacy}", "shop other c a b b hook"),
        ("sortOptions: {order: fifo}", "hook b a c other shop b"),
        (
            "sortOptions: {order: legacy, legacySortOptions: {orderFirst: [Thing, Service], orderLast: [Namespace]}}",
            "b c a b hook shop other",
        ),
    ],
)
def test_orders_that_a_kustomization_states(options: str, names: str, tmp_path: Path) -> None:
    files = {"overlay/kustomization.yaml": f"resources: [all.yaml]\n{options}\n", "overlay/all.yaml": RESOURCES}
    built = build_files(tmp_path, files)
    assert built.refusals == ()
    assert [name for *_, name in objects(built.documents)] == names.split()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("{order: lexical}", "the field 'sortOptions.order' must be one of [fifo, legacy]"),
        ("{}", "the field 'sortOptions.order' must be one of [fifo, legacy]"),
        ("{order: fifo, legacySortOptions: {orderFirst: [Service]}}", "'sortOptions.legacySortOptions' is set but"),
    ],
)
def test_wrong_orders_are_refused_and_all_is_built(options: str, reason: str, tmp_path: Path) -> None:
    files = {
        "overlay/kustomization.yaml": f"resources: [all.yaml]\nsortOptions: {options}\n",
        "overlay/all.yaml": RESOURCES,
    }
    built = build_files(tmp_path, files)
    (refusal,) = built.refusals
    assert reason in refusal.reason
    assert refusal.place.span.line == 2
    assert len(built.documents) == 7
