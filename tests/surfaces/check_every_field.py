"""Whatever stands in a field, every command ends as it should: every field, with a placeholder and with one thing more."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from tests.fields.cases import (
    CONFIGURATION,
    KUSTOMIZATION,
    STRUCTURES,
    VALUES,
    fields_of,
    of_files,
    of_kinds,
    one_by_one,
    together,
)
from tests.fields.commands import COMMANDS, Batch, Command, check, configured, failures
from tests.fields.kinds import Field, all_fields
from tests.fields.written import Change

PARTS = range(8)  # so that the processes of pytest-xdist share the work
EVERY_COMMAND = [*COMMANDS.values()]


def changes(change: str, part: int) -> list[Change]:
    """The changes in an order of their own for each part."""
    known = VALUES if change == "placeholder" else [*VALUES, *STRUCTURES]
    return Random(f"{change} {part}").sample(known, k=len(known))


def assert_ends(commands: Sequence[Command], every: Batch) -> None:
    found = failures(commands, every)
    assert not found, f"{len(found)} failures, the first of them:\n" + "\n\n".join(found[:5])


every = pytest.mark.parametrize("change", ["placeholder", "another change"])
parted = pytest.mark.parametrize("part", PARTS)


@every
@parted
def test_fields_of_every_kind(part: int, change: str) -> None:
    fields = [field for field in all_fields() if not field.beside]
    assert_ends([check], one_by_one(of_kinds(_part(fields, part), changes(change, part))))


@every
@parted
def test_fields_of_the_kinds_that_make_the_network(part: int, change: str) -> None:
    fields = [field for field in all_fields() if field.beside]
    cases = of_kinds(_part(fields, part), changes(change, part))
    assert_ends(EVERY_COMMAND, one_by_one(cases) if change == "placeholder" else together(cases))


@every
def test_fields_of_a_kustomization(change: str) -> None:
    assert_ends(EVERY_COMMAND, one_by_one(of_files(fields_of(KUSTOMIZATION), changes(change, 0))))


@every
def test_fields_of_the_configuration(change: str) -> None:
    assert_ends([configured], one_by_one(of_files(fields_of(CONFIGURATION) * 10, changes(change, 0))))


def _part(fields: Sequence[Field], part: int) -> Sequence[Field]:
    return fields[part :: len(PARTS)]
