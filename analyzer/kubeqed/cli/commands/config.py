"""`kubeqed config`: about the configuration file."""

from __future__ import annotations

import json

import click

from kubeqed.app.effective_settings import render_settings
from kubeqed.app.settings import CommandLineSettings, load_settings
from kubeqed.cli.options import CONFIG, KUBERNETES_VERSION
from kubeqed.cli.path import PATH
from kubeqed.cli.streams import write_out
from kubeqed.config import make_schema
from kubeqed.model.cluster import KubernetesVersion
from kubeqed.rule.catalogue import find_rules


@click.group("config")
def command() -> None:
    """The configuration file."""


@command.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of kubeqed.yaml, for editors."""
    write_out(json.dumps(make_schema(), indent=2, ensure_ascii=False) + "\n")


@command.command("show")
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@CONFIG
@KUBERNETES_VERSION
def show(paths: tuple[str, ...], config: str | None, kubernetes_version: KubernetesVersion | None) -> None:
    """Print what holds for the PATHs: what is stated, with its place, and what is taken where nothing is.

    Exit status: 0; 2 wrong usage or configuration.
    """
    write_out(
        render_settings(load_settings(paths or (".",), CommandLineSettings(config, kubernetes_version), find_rules()))
    )
