"""The commands that people give, in this process, and the rounds of the language server, over many inputs at once.

Each input is a directory of its own, and so a unit of its own; where something goes wrong, halves are tried apart. All
commands are given on one and the same directories, whose files are parsed once.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import click
from tests.fields.cases import Inputs, files_of, one_by_one
from tests.fields.once import reading_once

from kubeqed.app.check.run import CheckRequest
from kubeqed.app.check.shown import Show
from kubeqed.cli.commands.serve import Checking
from kubeqed.cli.group import main
from kubeqed.config import ConfigurationError
from kubeqed.diagnostic import Certainty
from kubeqed.parse import split_lines
from kubeqed.rule.run import never_cancel
from kubeqed.serve.actions import Actions
from kubeqed.serve.columns import Columns
from kubeqed.serve.documents import Documents
from kubeqed.serve.findings import Translation
from kubeqed.serve.hover import ReachCache, render_hover
from kubeqed.serve.rounds import NOTHING, check_all

AT_ONCE = 50

_FAILED = 3
_STATUS = "exit status 3"
_FAULT = "fault of kubeqed"
_REPR = "Unknown("
_COLUMNS = Columns("utf-16")
_POINTED = ("metadata.name", "spec.ports[0].port", "spec.template.spec.containers[0].ports[0].containerPort")


Batch = Sequence[Inputs]


class Command(Protocol):
    """Tries cases that lie in a directory; the answer is empty when all is well, else what went wrong."""

    __name__: str

    def __call__(self, batch: Batch, directory: Path, /) -> str: ...


def check(_: Batch, directory: Path) -> str:
    return _run("check", directory, "--output-format", "json", "--evidence", "--show", "all")


def reach(_: Batch, directory: Path) -> str:
    return _run("reach", directory, "--exposure")


def why(batch: Batch, directory: Path) -> str:
    by_pair: dict[tuple[str, str], dict[Path, None]] = {}
    for inputs, place in zip(batch, sorted(directory.iterdir()), strict=True):
        for case in inputs:
            by_pair.setdefault(case.pair, {})[place] = None
    return "".join(_run("why", *pair, *places) for pair, places in by_pair.items())


def diff(_: Batch, directory: Path) -> str:
    return _run("diff", directory.parent / "old", directory)


def configured(_: Batch, directory: Path) -> str:
    """`check` and `reach`, of each directory for itself: the configuration is looked for upwards of the PATH."""
    return "".join(_run(command, place) for place in directory.iterdir() for command in ("check", "reach"))


def serve(_: Batch, directory: Path) -> str:
    try:
        return _served(str(directory))
    except Exception:  # what must not happen
        return traceback.format_exc()


COMMANDS: dict[str, Command] = {one.__name__: one for one in (check, reach, why, diff, serve)}


def failures(commands: Sequence[Command], every: Batch) -> list[str]:
    """The cases that one of the commands fails on, each with how; those that leave no YAML are tried apart."""
    parts = [[inputs for inputs in every if _is_readable(inputs) is readable] for readable in (True, False)]
    batches = [part[at : at + AT_ONCE] for part in parts for at in range(0, len(part), AT_ONCE)]
    return [failure for batch in batches for failure in _failures(commands, batch)]


def _is_readable(inputs: Inputs) -> bool:
    return all(case.is_readable for case in inputs)


def _failures(commands: Sequence[Command], batch: Batch) -> list[str]:
    with TemporaryDirectory() as name, reading_once():
        for number, inputs in enumerate(batch):
            _write(Path(name) / "new" / f"{number:03}", files_of(inputs))
            _write(Path(name) / "old" / f"{number:03}", {})
        wrong = [(command, command(batch, Path(name) / "new")) for command in commands]
    readable = all(map(_is_readable, batch))
    found = [(command, how) for command, how in wrong if how and (readable or not how.startswith(_STATUS))]
    return [failure for command, how in found for failure in _apart(command, batch, how)]


def _apart(command: Command, batch: Batch, how: str) -> list[str]:
    """Which of the cases a command fails on."""
    middle = len(batch) // 2
    parts = [batch[:middle], batch[middle:]] if middle else [one_by_one([case]) for case in batch[0]]
    if len(parts) == 1:
        return [f"{command.__name__}: {batch[0][0].name}\n{how}"]
    names = " and ".join(case.name for inputs in batch for case in inputs)
    found = [failure for part in parts for failure in _failures([command], part)]
    return found or [f"{command.__name__}, together: {names}\n{how}"]


def _write(directory: Path, files: dict[str, str]) -> None:
    directory.mkdir(parents=True)
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")


def _run(*arguments: object) -> str:
    """Gives a command; what went wrong."""
    streams = [BytesIO(), BytesIO()]
    out, err = (TextIOWrapper(stream, encoding="utf-8", write_through=True) for stream in streams)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            status = main([*map(str, arguments)], standalone_mode=False)
    except (click.ClickException, ConfigurationError):  # what people are told of, and no traceback
        return ""
    except SystemExit as end:
        status = end.code
    except Exception:  # what must not happen
        return traceback.format_exc()
    printed, said = (stream.getvalue().decode() for stream in streams)
    if _REPR in printed + said:
        at = (printed + said).index(_REPR)
        return f"prints an Unknown: {(printed + said)[max(at - 200, 0) : at + 200]}"
    if "internal" in said:
        return said
    return f"{_STATUS}: {said}" if status == _FAILED else ""


def _served(folder: str) -> str:
    """A round of checks, then the findings as an editor is told of them, actions, and what a cursor shows."""
    round_ = check_all(
        Checking(CheckRequest((), show=Show(frozenset(Certainty)))),
        [folder],
        Documents({}),
        NOTHING,
        never_cancel,
    )
    for checked in round_.checked.values():
        lines = {path: split_lines(text) for path, text in checked.texts.items()}
        translation = Translation(_COLUMNS, lines.__getitem__, str)
        shown = {finding.rule: (finding, translation.finding(finding)) for finding in checked.findings}
        for finding, diagnostic in shown.values():
            file = finding.span.file
            list(Actions(file, file, lines[file], _COLUMNS).at(finding, diagnostic))
        answers = ReachCache()
        for item in checked.input.objects:
            for path in _POINTED if item.identity.origin.first_line == 0 else ():
                span = item.at(path).span
                told = render_hover(checked, answers, item.file, span.line, span.column)
                if told and _REPR in told[1]:
                    return f"shows an Unknown: {told[1]}"
    return "\n".join(text for text in round_.log if any(word in text for word in ("Traceback", "internal", _FAULT)))
