"""The command `kubeqed`; each subcommand is a module of `commands`, imported when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from functools import partial
from types import FunctionType
from typing import Any, cast

import click

from kubeqed import __version__
from kubeqed.cli.ending import status_of
from kubeqed.diagnostic import DEBUG

_COMMANDS = {
    "baseline": "Record the findings of today, so that only new ones are reported.",
    "build": "Print what a kustomization or a chart applies, as YAML.",
    "charts": "Prove of charts, at any values, that what their objects name exists.",
    "check": "Check manifests and point at what is wrong.",
    "cni": "Say for each CNI whether it enforces the policies as written.",
    "config": "Show the configuration that holds, or its JSON Schema.",
    "diff": "Show which connections a change opens and closes.",
    "equivalent": "Prove that two sets of policies decide the same, or show a packet.",
    "explain": "Explain a rule, with examples.",
    "fleet": "Run check, reach, prove or cni on many repositories.",
    "init": "Write a commented kubeqed.yaml from what the manifests show.",
    "plan": "Count the addresses that node pools need, from kubeqed.yaml.",
    "prove": "Prove intents: who may reach whom, and who must not.",
    "reach": "List who can reach whom, on which ports.",
    "rules": "List the rules.",
    "schema": "Print the JSON Schema of a report.",
    "serve": "Run the language server for editors.",
    "units": "List the units: what ends up in one cluster together, and why.",
    "why": "Explain why one peer can reach another, or why it cannot.",
}
"""The modules of `commands`, with a line of help each: written down, so that `--help` imports none of them."""


class _Lazy(click.Group):
    """A group that knows its commands' names and one-line helps without importing them."""

    def list_commands(self, _: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"kubeqed.cli.commands.{cmd_name}")
        return _document_command(cast(click.Command, module.command))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant, and its arguments; what is no command is told what it may have been meant as."""
        if args[0] not in _COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"no command is called {args[0]!r}{_suggest_command(args[0])}")
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        command = partial(super().main, *args, standalone_mode=False, **extra)
        return sys.exit(status_of(command)) if standalone_mode else command()

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_COMMANDS.items()))


def _suggest_command(word: str) -> str:
    from kubeqed.config.nearest import find_nearest  # few err

    if os.path.exists(word) or word.endswith((".yaml", ".yml", ".json")):
        return f"; to check a file or directory: kubeqed check {word}"
    near = find_nearest(word, _COMMANDS)
    return f"; did you mean {near[0]}?" if near else ""


def _document_command(command: click.Command) -> click.Command:
    """The command and those below it with their helps, also where Python runs without docstrings."""
    if sys.flags.optimize > 1:
        from kubeqed.sources.docstrings import read_docstring

        command.help = read_docstring(cast(FunctionType, command.callback))
        for below in command.commands.values() if isinstance(command, click.Group) else ():
            _document_command(below)
    return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kubeqed")
@click.option("--debug", is_flag=True, help="Print the traceback of an internal error.")
def main(debug: bool) -> None:
    """Proves what the network of a Kubernetes cluster will do, from its manifests."""
    if debug:
        os.environ[DEBUG] = "1"


_document_command(main)
