"""`kubeqed serve`: the language server for editors."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from kubeqed.app.check.run import CheckRequest, analyze
from kubeqed.app.check.shown import Show
from kubeqed.app.load import load_file
from kubeqed.app.settings import CommandLineSettings
from kubeqed.cli.options import EXCLUDE, KUBERNETES_VERSION, SHOW
from kubeqed.cli.path import PATH
from kubeqed.cli.status import USAGE
from kubeqed.cli.streams import standard_input, write_err
from kubeqed.model.cluster import KubernetesVersion
from kubeqed.model.units.read import Manifest
from kubeqed.parse import Parsed
from kubeqed.prove.engine.memory import Memory
from kubeqed.sources import SourceFile

if TYPE_CHECKING:
    from kubeqed.serve.check import CancelCheck, Checked

MISSING = "kubeqed serve needs packages that are not installed: pip install 'kubeqed[lsp]'"


@click.command("serve")
@click.option(
    "--world", type=click.Choice(["open", "closed"]), default="open", help="closed: each folder is a cluster."
)
@click.option(
    "--config", type=PATH, metavar="FILE", help="The configuration; default: kubeqed.yaml, upwards from each folder."
)
@click.option(
    "--baseline",
    type=PATH,
    metavar="FILE",
    help="A file of known findings, as `kubeqed baseline` writes it; they are not reported.",
)
@EXCLUDE
@KUBERNETES_VERSION
@SHOW
def command(
    world: str,
    config: str | None,
    baseline: str | None,
    exclude: tuple[str, ...],
    kubernetes_version: KubernetesVersion | None,
    show: Show,
) -> None:
    """Serve an editor, over standard input and output.

    Editors start this by themselves, once they are told to; docs/editors.md says how.
    """
    try:
        from kubeqed.serve.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("pygls", "lsprotocol"):
            raise
        write_err(MISSING)
        sys.exit(USAGE)
    if standard_input() is None:
        write_err("kubeqed serve talks to an editor over standard input, which is closed")
        sys.exit(USAGE)
    request = CheckRequest(
        (), world == "closed", show, CommandLineSettings(config, kubernetes_version, exclude), baseline=baseline
    )
    serve(Checking(request))


class Checking:
    """The main job, again and again; no file is parsed twice, and nothing proved twice, while it stays as it was."""

    def __init__(self, request: CheckRequest) -> None:
        self._request = request
        self._known: dict[tuple[str, ...], dict[SourceFile, tuple[Parsed, Manifest]]] = {}
        self._memories: dict[tuple[str, ...], Memory] = {}

    def __call__(self, paths: tuple[str, ...], cancel_check: CancelCheck) -> Checked:
        """Checks some PATHs as one run."""
        from kubeqed.reach import assumptions_of_cluster
        from kubeqed.serve.check import Checked

        known = self._known.setdefault(paths[:1], {})
        used: dict[SourceFile, tuple[Parsed, Manifest]] = {}

        def reading(file: SourceFile) -> tuple[Parsed, Manifest]:
            used[file] = known[file] = known.get(file) or load_file(file)
            return used[file]

        request = self._request._replace(paths=paths)
        with self._memories.setdefault(paths[:1], Memory()).used():
            analysis = analyze(request, tell=lambda _: cancel_check(), reading=reading, cancel_check=cancel_check)
        self._known[paths[:1]] = used
        assumptions = assumptions_of_cluster(analysis.settings.cluster)
        report = analysis.report
        texts = {file: parsed.text for file, parsed in analysis.parsed.items()}
        return Checked(report.findings, report.notices, analysis.input, texts, assumptions)
