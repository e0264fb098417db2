"""`kubeqed build`: what a kustomization applies, as YAML."""

from __future__ import annotations

import re
import sys

import click

from kubeqed.app.build import NO_VALUES, BuildPathError, ChartValues, build_path
from kubeqed.cli.path import PATH
from kubeqed.cli.status import CLEAN, FAILED, FINDINGS
from kubeqed.cli.streams import write_err, write_out
from kubeqed.report.build.messages import redacted_text
from kubeqed.report.build.yaml import render_documents


def kube_version(text: str) -> str:
    """A version of a cluster as Helm takes it, such as v1.36.2 or 1.33.4-gke.12; ValueError when it is none."""
    if not re.fullmatch(r"v?(0|[1-9]\d*)(\.(0|[1-9]\d*))+([-+].*)?", text):
        raise ValueError(text)
    return text


@click.command("build")
@click.argument("path", type=PATH, metavar="[PATH]", default=".")
@click.option("--values", "-f", "files", multiple=True, metavar="FILE", help="Values for a chart; a later file wins.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Set a value of a chart, as helm does.")
@click.option("--release", default="release-name", show_default=True, metavar="NAME", help="The release of a chart.")
@click.option("--namespace", "-n", default="default", show_default=True, metavar="NS", help="The release's namespace.")
@click.option(
    "--kube-version",
    type=kube_version,
    default=NO_VALUES.kubernetes,
    show_default=True,
    metavar="VERSION",
    help="The Kubernetes that a chart is rendered for.",
)
@click.option(
    "--api-versions", "-a", "apis", multiple=True, metavar="API,...", help="More API versions that a chart finds there."
)
@click.option("--origins", is_flag=True, help="End each line in a comment with the place that set it.")
@click.option("--show-secrets", is_flag=True, help="Print the values of Secrets instead of ***.")
def command(
    path: str,
    files: tuple[str, ...],
    pairs: tuple[str, ...],
    release: str,
    namespace: str,
    kube_version: str,
    apis: tuple[str, ...],
    origins: bool,
    show_secrets: bool,
) -> None:
    """Print what a kustomization or a chart applies, as YAML.

    PATH is a directory with a kustomization or a chart, or the file that describes it; the current directory if it is
    left out. The output is what `kustomize build` or `helm template --include-crds` prints. Where a cluster of GitOps
    objects begins at PATH, it is all that reaches it. Nothing of the tree is run and nothing is fetched.

    Exit status: 0 all was built; 1 kustomize or helm would refuse something; 2 wrong usage; 3 a part is missing, such
    as a remote base, or a value that a chart asks for. With 1 and 3 the rest is printed, and standard error names each
    place.
    """
    try:
        versions = tuple(name for text in apis for name in text.split(",") if name)
        values = ChartValues(release, namespace, files, pairs, kube_version, versions)
        result = build_path(path, values, show_secrets=show_secrets)
    except BuildPathError as error:
        raise click.BadParameter(str(error), param_hint="PATH") from error
    write_out(render_documents(result.documents, with_origins=origins))
    for line in (*result.messages.refused, *result.messages.missing, *result.messages.notes):
        write_err(line)
    if result.redacted:
        write_err(redacted_text(result.redacted))
    sys.exit(FAILED if result.messages.missing else FINDINGS if result.messages.refused else CLEAN)
