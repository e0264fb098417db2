"""The door to libyaml: light to pass, and replaceable by ruamel's own parser."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.parse import test_documents, test_scalar, test_spans
from tests.parse.reading import plain

from kubeqed.parse import read
from kubeqed.parse.pieces import parse_pieces
from kubeqed.parse.yaml import extension, libyaml

SOURCE = libyaml.event_source()


def _run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout


PARSE = """
import sys
from kubeqed.parse import parse
from kubeqed.sources import SourceFile
def go(): return parse(SourceFile("x", b"a: [1, *b]\\n---\\nb: [")).documents
"""
HEAVY = "ruamel.yaml ruamel.yaml.comments ruamel.yaml.constructor ruamel.yaml.main ruamel.yaml.reader"


@pytest.fixture(autouse=True)
def _same_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", ":".join(sys.path))


def test_the_c_parser_is_there() -> None:
    assert SOURCE.is_c


def test_round_trip_classes_are_not_imported() -> None:
    program = PARSE + f"go(); print(sorted(set({HEAVY!r}.split()) & set(sys.modules)))"
    assert _run(program).strip() == "[]"


def test_templates_are_read_only_where_one_stands() -> None:
    assert _run(PARSE + "go(); print('kubeqed.parse.template.mask' in sys.modules)").strip() == "False"


def test_ruamel_yaml_works_afterwards() -> None:
    program = PARSE + (
        "go(); import ruamel.yaml, io\n"
        "for typ in ('safe', 'rt'):\n"
        "    yaml = ruamel.yaml.YAML(typ=typ)\n"
        "    loaded = yaml.load('a: [1, &x {b: c}, *x]'); print(dict(loaded)['a'][2]['b'])\n"
        "    out = io.StringIO(); yaml.dump(loaded, out)\n"
        "    try: yaml.load('a: [')\n"
        "    except ruamel.yaml.YAMLError: print('refused')\n"
    )
    assert _run(program).split() == ["c", "refused"] * 2


def test_works_after_ruamel_yaml() -> None:
    assert "broken=True" in _run("import ruamel.yaml\n" + PARSE + "print('broken=' + str(go()[1].document.broken))")


def test_python_parser_where_no_extension_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extension, "_EXTENSIONS", ("_no_such_extension",))
    assert not libyaml.event_source().is_c


def test_second_name_of_the_extension(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extension, "_EXTENSIONS", ("_no_such_extension", "_ruamel_yaml"))
    assert libyaml.event_source().is_c


TEXTS = [
    *[f"a: {text}\n" for text, _ in test_scalar.GOLDEN],
    *[text for text, _ in test_scalar.FLOW],
    *[text for text, _, _ in test_spans.SHAPES if "\t" not in text],  # YAML 1.2 has other tabs
    *[text for text, _ in test_spans.TOPS],
    *[text for text, _ in test_documents.COUNTS if "%" not in text and "\t" not in text],
    "a: 1\n---\nb: [\n---\nc: 3\n",
    "a: {{ .x }}\n{{- if .y }}\nb: 1\n{{- end }}\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_equal_trees(text: str) -> None:
    c, python = (list(parse_pieces(text, source)) for source in (SOURCE, libyaml.python_source()))
    assert [line for line, _ in c] == [line for line, _ in python]
    for (_, one), (_, other) in zip(c, python, strict=True):
        assert plain(one.root) == plain(other.root)
        assert (one.broken, one.template, one.placeholders) == (other.broken, other.template, other.placeholders)
        assert one.aliases == other.aliases
        assert _marks(one.root) == _marks(other.root)
        if not one.broken:
            assert (one.top, one.problems) == (other.top, other.problems)


def _marks(value: object) -> list[object]:
    if not isinstance(value, (dict, list)):
        return []
    inner = value.values() if isinstance(value, dict) else value
    return [list(getattr(value, "marks")), [_marks(one) for one in inner]]  # noqa: B009  # both classes have it


def test_one_source_for_all_files() -> None:
    assert read._source() is read._source()
