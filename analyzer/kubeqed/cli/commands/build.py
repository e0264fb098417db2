"""`kubeqed build`: what a kustomization applies, as YAML."""

from __future__ import annotations

import sys

import click

from kubeqed.app.build import BuildPathError, build_path
from kubeqed.cli.path import PATH
from kubeqed.cli.status import CLEAN, FAILED, FINDINGS
from kubeqed.cli.streams import write_err, write_out
from kubeqed.report.build.messages import redacted_text
from kubeqed.report.build.yaml import render_documents


@click.command("build")
@click.argument("path", type=PATH, metavar="[PATH]", default=".")
@click.option("--origins", is_flag=True, help="End each line in a comment with the place that set it.")
@click.option("--show-secrets", is_flag=True, help="Print the values of Secrets instead of ***.")
def command(path: str, origins: bool, show_secrets: bool) -> None:
    """Print what a kustomization applies, as YAML.

    PATH is a directory with a kustomization, or the kustomization file; without one, the current directory. The
    output is what `kustomize build` prints. Where a cluster of GitOps objects begins at PATH, it is all that reaches
    it. Nothing of the tree is run and nothing is fetched.

    Exit status: 0 all was built; 1 kustomize would refuse something; 2 wrong usage; 3 a part is missing, such as a
    remote base or a chart. With 1 and 3 the rest is printed, and standard error names each place.
    """
    try:
        result = build_path(path, show_secrets=show_secrets)
    except BuildPathError as error:
        raise click.BadParameter(str(error), param_hint="PATH") from error
    write_out(render_documents(result.documents, with_origins=origins))
    for line in (*result.messages.refused, *result.messages.missing, *result.messages.notes):
        write_err(line)
    if result.redacted:
        write_err(redacted_text(result.redacted))
    sys.exit(FAILED if result.messages.missing else FINDINGS if result.messages.refused else CLEAN)
