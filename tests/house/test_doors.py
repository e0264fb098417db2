"""The import contracts see import statements; what is imported by name passes the same doors."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOORS = {
    "_ruamel_yaml": ["kubeqed/parse/"],
    "attr": [],
    "attrs": [],
    "click": ["kubeqed/cli/"],
    "dask": [],
    "distributed": [],
    "lsprotocol": ["kubeqed/serve/"],
    "pydantic": ["kubeqed/config/", "kubeqed/report/schema/"],
    "pygls": ["kubeqed/serve/"],
    "ruamel": ["kubeqed/parse/"],
    "sarif_om": ["kubeqed/report/"],
    "z3": ["kubeqed/prove/"],
}


def imported_by_name(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def test_the_reader_of_names_reads_them() -> None:
    text = "importlib.import_module('z3.z3')\ndef late():\n    return import_module('click'), __import__('attr')\n"
    assert sorted(imported_by_name(text)) == ["attr", "click", "z3.z3"]


def test_imports_by_name_use_the_doors() -> None:
    strays = []
    for source in ("analyzer", "rules"):
        for file in sorted((ROOT / source).rglob("*.py")):
            module = file.relative_to(ROOT / source).as_posix()
            for name in imported_by_name(file.read_text()):
                doors = DOORS.get(name.partition(".")[0])
                if doors is not None and not any(module.startswith(door) for door in doors):
                    strays.append(f"{module}: {name}")
    assert strays == []
