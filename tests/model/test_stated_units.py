"""What a stated unit holds: all files below its path, but not the patches of a kustomization in it."""

from __future__ import annotations

import pytest

from kubeqed.app.load import read_manifest
from kubeqed.model.units.division import divide
from kubeqed.model.units.input import StatedUnit
from kubeqed.parse import parse
from kubeqed.sources import Paths, Root, SourceFile

KUSTOMIZATION = "kind: Kustomization\nresources: [web.yaml]\npatches: [{path: more.yaml}]\n"
WEB = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
FILES = {"shop/kustomization.yaml": KUSTOMIZATION, "shop/web.yaml": WEB, "shop/more.yaml": WEB}


@pytest.mark.parametrize(("stated", "closed"), [([StatedUnit(("shop",), False)], False), ([], True), ([], False)])
def test_a_patch_is_no_object_of_any_unit(stated: list[StatedUnit], closed: bool) -> None:
    manifests = [read_manifest(parse(SourceFile(path, text.encode()))) for path, text in FILES.items()]
    whole = divide(manifests, Paths(roots=[Root("shop", True)]), stated=stated, closed=closed)
    objects = [item for unit in whole.units for item in unit.objects if item.kind == "Deployment"]
    assert [item.file for item in objects] == ["shop/web.yaml"]
