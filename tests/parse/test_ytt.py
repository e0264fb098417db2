"""What ytt is told in comments makes unknown what it writes."""

from __future__ import annotations

import pytest
from tests.parse.reading import document, plain

from kubeqed.parse import Mapping

VALUES = """\
#@ load("@ytt:data", "data")
kind: Service
metadata:
  name: #@ data.values.name
  labels: #@ labels()
spec:
  replicas: 1 #@ data.values.replicas
  ports:
  - #@ data.values.port
  - port: 80 # not for ytt
    name: "#@ text"
"""
BLOCKS = """\
spec:
  always: a
  #@ if data.values.more:
  sometimes: b
  list:
  - c
  #@ end
  #@ if/end data.values.one:
  once: d
  #@ for name in data.values.names:
  #@ if name:
  inner: e
  #@ end
  outer: f
  #@ end
  last: g
"""
FUNCTION = "#@ def web():\nkind: Service\nmetadata: {name: web}\n#@ end\n"
OVERLAY = (
    "#@overlay/match by=overlay.all\n---\n#@overlay/match missing_ok=True\nkind: Service\nspec: {type: NodePort}\n"
)


def test_values_that_it_writes() -> None:
    found = document(VALUES)
    assert found.placeholders
    assert plain(found.root) == {
        "kind": "Service",
        "metadata": {"name": ("unknown", "data.values.name"), "labels": ("unknown", "labels()")},
        "spec": {
            "replicas": ("unknown", "data.values.replicas"),
            "ports": [("unknown", "data.values.port"), {"port": 80, "name": "#@ text"}],
        },
    }


def test_blocks_that_it_may_leave_out() -> None:
    found = document(BLOCKS)
    assert isinstance(found.root, Mapping)
    spec = found.root["spec"]
    assert isinstance(spec, Mapping)
    assert spec.open
    assert plain(spec) == {
        "always": "a",
        "sometimes": ("unknown", "b"),
        "list": [("unknown", "c")],
        "once": ("unknown", "d"),
        "inner": ("unknown", "e"),
        "outer": ("unknown", "f"),
        "last": "g",
    }


def test_a_function_is_no_object() -> None:
    assert plain(document(FUNCTION).root) == {
        "kind": ("unknown", "Service"),
        "metadata": {"name": ("unknown", "web")},
    }


def test_what_follows_a_function_has_no_part_of_it() -> None:
    found = document("kind: Service\n#@ def users():\nusers: [a]\n#@ end\nspec: {}\n")
    assert plain(found.root) == {"kind": "Service", "spec": {}}


@pytest.mark.parametrize(("text", "may_lack"), [("kind: Service # a", False), ("kind: Service #@ kind", True)])
def test_what_it_writes_an_overlay_may_complete(text: str, may_lack: bool) -> None:
    root = document(text).root
    assert isinstance(root, Mapping)
    assert root.open is may_lack


def test_an_overlay_may_lack_anything() -> None:
    found = document(OVERLAY)
    assert isinstance(found.root, Mapping)
    assert found.root.open
    assert plain(found.root) == {"kind": "Service", "spec": {"type": "NodePort"}}


@pytest.mark.parametrize("text", ["a: b # ytt has no part in this\n", 'a: "x #@ y"\n', "a: |\n  b #@ c\n"])
def test_what_is_not_for_it(text: str) -> None:
    assert "unknown" not in str(plain(document(text).root))
