"""What only whole processes show: the same bytes from the same input, and what is not imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOTS = [str(Path(__file__).parents[2] / name) for name in ("analyzer", "rules")]
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "kubernetes+examples"

SMALL = (
    "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort, ports: [{port: 80, nodePort: 1}]}}\n"
)
FOR_Z3 = """\
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {ports: [{name: a, port: '${A}'}, {name: b, port: '${B}'}]}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web}, spec: {defaultBackend: {service: {name: web, port: {number: '${C}'}}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: NodePort, ports: [{port: 80, nodePort: 30500}, {port: 81, nodePort: '${P}'}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: b}, spec: {type: NodePort, ports: [{port: 80}], selector: {app: '${X}'}}}
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: d}, spec: {serviceName: webs, template: {metadata: {labels: {app: q}}, spec: {containers: []}}}}
"""
SEEN = """
import sys
from kubeqed.cli import main
try:
    main(sys.argv[1:], standalone_mode=False)
except SystemExit:
    pass
heavy = {heavy}
print("imported:", *sorted(name for name in heavy if name in sys.modules), file=sys.stderr)
"""
HEAVY = [
    "pydantic",
    "ruamel.yaml.comments",
    "ruamel.yaml.constructor",
    "ruamel.yaml.main",
    "ruamel.yaml.representer",
    "sarif_om",
    "z3",
]


def run(
    *arguments: str, cwd: Path, seed: str = "0", program: list[str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(ROOTS)}
    command = [sys.executable, *(program or ["-m", "kubeqed.cli"]), *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True)


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_the_same_input_gives_the_same_bytes(tmp_path: Path, form: str) -> None:
    (tmp_path / "k8s").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "k8s" / "a.yaml").write_text(FOR_Z3)
    (tmp_path / "k8s" / "b.yaml").write_text(SMALL.replace("name: web", "name: other"))
    arguments = ("check", "--evidence", "--show", "all", "--output-format", form, str(tmp_path / "k8s"))
    one = run(*arguments, cwd=tmp_path)
    assert one.returncode == 1
    assert one.stdout
    assert run(*arguments, cwd=tmp_path).stdout == one.stdout
    for seed, cwd in (("1", tmp_path), ("2", tmp_path / "elsewhere")):
        other = run(*arguments, cwd=cwd, seed=seed)
        assert (other.stdout, other.stderr) == (one.stdout, one.stderr)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_real_manifests_give_the_same_bytes_and_no_internal_error() -> None:
    arguments = ("check", "--evidence", "--show", "all", "--output-format", "json", str(CORPUS))
    one, other = (run(*arguments, cwd=CORPUS.parents[index], seed=str(index)) for index in (0, 1))
    assert one.stdout == other.stdout
    assert one.returncode == 1, one.stderr.decode()[:2000]
    assert b"Traceback" not in one.stderr


@pytest.mark.parametrize(
    ("text", "config", "arguments", "expected"),
    [
        (SMALL, "", [], []),
        (SMALL, "", ["--output-format", "json=out.json", "--output-format", "concise"], []),
        (SMALL, "", ["--output-format", "sarif"], ["sarif_om"]),
        (SMALL, "rules: {ignore: [policy-*]}\n", [], ["pydantic"]),
        (FOR_Z3, "", [], ["z3"]),
    ],
)
def test_what_is_not_needed_is_not_imported(
    tmp_path: Path, text: str, config: str, arguments: list[str], expected: list[str]
) -> None:
    (tmp_path / "x.yaml").write_text(text)
    if config:
        (tmp_path / "kubeqed.yaml").write_text(config)
    done = run("check", "x.yaml", *arguments, cwd=tmp_path, program=["-c", SEEN.format(heavy=HEAVY)])
    assert done.stderr.decode().splitlines()[-1].split()[1:] == expected


@pytest.mark.parametrize(("arguments", "expected"), [([], []), (["--fail-on", "new-access"], ["z3"])])
def test_a_diff_asks_z3_only_for_what_it_proves(tmp_path: Path, arguments: list[str], expected: list[str]) -> None:
    for name in ("before.yaml", "after.yaml"):
        (tmp_path / name).write_text(SMALL)
    seen = ["-c", SEEN.format(heavy=HEAVY)]
    done = run("diff", "./before.yaml", "./after.yaml", *arguments, cwd=tmp_path, program=seen)
    assert done.stderr.decode().splitlines()[-1].split()[1:] == expected


def test_a_reader_that_closes_early_gets_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("---\n".join(SMALL.replace("web", f"web{number}") for number in range(600)))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(ROOTS)}
    with subprocess.Popen(
        [sys.executable, "-m", "kubeqed.cli", "check", "x.yaml"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
