"""`kubeqed schema`: what the JSON of a command looks like."""

from __future__ import annotations

import json

import click

from kubeqed.cli.streams import write_out


@click.command("schema")
@click.argument(
    "command_name",
    type=click.Choice(
        ["check", "reach", "why", "diff", "units", "cni", "prove", "equivalent", "plan", "fleet", "charts"]
    ),
    metavar="COMMAND",
)
def command(command_name: str) -> None:
    """Print the JSON Schema of what `kubeqed COMMAND --output-format json` writes.

    COMMAND is check, reach, why, diff, units, cni, prove, equivalent, plan or fleet, of which each line is meant; the schema
    of kubeqed.yaml is that of `kubeqed config schema`.
    """
    from kubeqed.report.schema import schema_of  # loads pydantic

    write_out(json.dumps(schema_of(command_name), indent=2, ensure_ascii=False) + "\n")
