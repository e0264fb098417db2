"""`kubeqed config`: about the configuration file."""

from __future__ import annotations

import json

import click

from kubeqed.cli.streams import write_out
from kubeqed.config import schema


@click.group("config")
def command() -> None:
    """The configuration file."""


@command.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of kubeqed.yaml, for editors."""
    write_out(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")
