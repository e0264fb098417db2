"""Variables are filled in as the packages do that Flux uses: random objects and variables, substituted by both.

`make surfaces EXAMPLES=5000 SEED=7` tries more, and others.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from tests.surfaces.conftest import PLACES

from kubeqed.build.gitops.flux.substitution import VariableSubstitution
from kubeqed.build.gitops.flux.variables import PostBuild
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.node import OriginNode, thaw
from kubeqed.build.refusal import RefusalError, UnbuiltError
from kubeqed.parse import PlacedDocument, Unknown, parse_written

EXAMPLES, SEED = (int(os.environ.get(name) or standard) for name, standard in (("EXAMPLES", 200), ("SEED", 0)))
EACH = 10  # objects for each example that is asked for: they are small
REFUSED, NOT_KNOWN = "refused", "not known"
Answer = dict[str, Any] | str
Ask = Callable[[dict[str, Any], dict[str, str]], Answer]

NAMES = ("A", "BC", "D_1", "UNDEFINED")
KEY = ("KEY",)  # for keys: a blank at the start of one moves what stands below, which depends on the order of entries
# What means something to YAML, to envsubst, or to both.
VALUES = (
    *("", "a", "abcabc", "8080", "true", "on", "0x1f", "1.5", "010", "1e3", "~", "null", "2024-01-01", "1:30"),
    *(
        "[a, b]",
        "{a: b}",
        "{}",
        "- x",
        "a: b",
        "a:b",
        "#x",
        "x #y",
        "'q'",
        '"q"',
        "*",
        "&a x",
        "|",
        "> ",
        "%",
        "@a",
        "`",
    ),
    *(
        "a,b",
        "]",
        "}",
        "x y  z",
        "  lead",
        "tail  ",
        "\\",
        "--- x",
        "...",
        "<<",
        "? a",
        "a:",
        "x: ",
        "10.0.0.0/8",
        "\t",
    ),
)
PIECES = (
    *(
        "x",
        " ",
        "-",
        ":",
        ": ",
        "#",
        " #",
        "{",
        "}",
        "[",
        "]",
        ",",
        "'",
        '"',
        "\\",
        "!",
        "&",
        "*",
        "?",
        "|",
        ">",
        "%",
        "@",
    ),
    *("web", "http://", "/", "$", "$$", "$${A}", "é", "\t", "=", "\U0001f600", "${"),
)
BREAKS = ("\n", "\n  ", "\n\n", " \n")
OPERATORS = (":=", ":-", ":+", ":?", "=", "-", "^", "^^", ",", ",,", ":", "/", "//", "/#", "/%", "#", "##", "%", "%%")


def expressions(pieces: tuple[str, ...], among: tuple[str, ...]) -> st.SearchStrategy[str]:
    names, plain = st.sampled_from(among), st.sampled_from((*pieces[:20], "a", "b", "1", "0", "-1", "*", "/b"))
    bare = names.map(lambda name: f"${{{name}}}")
    arguments = st.lists(st.one_of(plain, bare), max_size=3).map("".join)
    return st.one_of(
        bare,
        bare,
        names.map(lambda name: f"${{#{name}}}"),
        st.tuples(names, st.sampled_from(OPERATORS), arguments).map(lambda parts: f"${{{''.join(parts)}}}"),
    )


def texts(pieces: tuple[str, ...], among: tuple[str, ...] = NAMES) -> st.SearchStrategy[str]:
    inside = st.one_of(st.sampled_from(pieces), expressions(pieces, among))
    return st.one_of(expressions(pieces, among), st.lists(inside, min_size=1, max_size=4).map("".join))


def values() -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {name: st.sampled_from(VALUES) for name in NAMES[:-1]}
        | {name: st.sampled_from(VALUES).filter(lambda value: value[:1] != " ") for name in KEY}
    )


def objects() -> st.SearchStrategy[dict[str, Any]]:
    leaves = st.one_of(texts((*PIECES, *BREAKS)), st.sampled_from(["plain", 1, True, None, "a\nb"]))
    keys = st.one_of(st.sampled_from("klmnop"), texts(PIECES, KEY))
    specs = st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
        max_leaves=6,
    )
    return specs.map(lambda spec: {"apiVersion": "v1", "kind": "K", "metadata": {"name": "n"}, "spec": spec})


@pytest.fixture(scope="module")
def theirs() -> Iterator[Ask]:
    found = shutil.which("envsubst-referee", path=os.pathsep.join(PLACES))
    if found is None:
        pytest.fail("surfaces: envsubst-referee is missing", pytrace=False)
    with subprocess.Popen([found], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:

        def ask(tree: dict[str, Any], variables: dict[str, str]) -> Answer:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{json.dumps({'object': tree, 'variables': variables}, ensure_ascii=False)}\n")
            process.stdin.flush()
            answer: dict[str, Any] = json.loads(process.stdout.readline())
            found: Answer = answer.get("object", REFUSED)
            return found

        yield ask


def ours(tree: dict[str, Any], variables: dict[str, str]) -> Answer:
    resource = BuildResource(_node(tree))
    flux = _node({"metadata": {"name": "f"}, "spec": {"postBuild": {"substitute": variables}}})
    try:
        VariableSubstitution(PostBuild(flux, lambda *_: None)).substitute(resource)
    except RefusalError:
        return REFUSED
    except UnbuiltError:
        return NOT_KNOWN
    plain: dict[str, Any] = _plain(resource.tree)
    return plain


def _node(tree: dict[str, Any]) -> OriginNode:
    return thaw(PlacedDocument("f.yaml", 0, parse_written(json.dumps(tree, ensure_ascii=False))))


def _plain(node: OriginNode) -> Any:
    if isinstance(node.value, dict):
        return {key: _plain(item) for key, item in node.value.items()}
    if isinstance(node.value, list):
        return [_plain(item) for item in node.value]
    return node.value.text if isinstance(node.value, Unknown) else node.value


def is_same(mine: Answer, other: Answer) -> bool:
    return json.dumps(mine, sort_keys=True) == json.dumps(other, sort_keys=True)


@seed(SEED)
@settings(max_examples=EXAMPLES * EACH, deadline=None, database=None, suppress_health_check=[*HealthCheck])
@given(objects(), values())
def test_variables_are_filled_in_as_flux_does(theirs: Ask, tree: dict[str, Any], variables: dict[str, str]) -> None:
    mine = ours(tree, variables)
    assert mine == NOT_KNOWN or is_same(mine, theirs(tree, variables))


def test_a_difference_is_noticed(theirs: Ask) -> None:
    tree, variables = {"kind": "K", "metadata": {"name": "n"}, "spec": "${A}"}, {"A": "8080"}
    assert is_same(ours(tree, variables), theirs(tree, variables))
    assert not is_same({**tree, "spec": "8080"}, theirs(tree, variables))
