"""Whatever stands in a field, every command ends as it should: every field, with a placeholder and with one thing more."""

from __future__ import annotations

from random import Random

import pytest
from tests.fields.cases import CONFIGURATION, KUSTOMIZATION, STRUCTURES, VALUES, Case, fields_of, of_files, of_kinds
from tests.fields.commands import COMMANDS, Command, check, configured, failures
from tests.fields.kinds import all_fields
from tests.fields.written import Change

PARTS = range(4)  # so that the processes of pytest-xdist share the work


def shuffled(changes: list[Change], seed: int) -> list[Change]:
    return Random(seed).sample(changes, k=len(changes))


CHANGES = {"placeholder": shuffled(VALUES, 1), "another change": shuffled([*VALUES, *STRUCTURES], 2)}


def assert_ends(command: Command, cases: list[Case], part: int) -> None:
    found = failures(command, cases[part :: len(PARTS)])
    assert not found, f"{len(found)} failures, the first of them:\n" + "\n\n".join(found[:5])


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("part", PARTS)
def test_fields_of_every_kind(change: str, part: int) -> None:
    fields = [field for field in all_fields() if not field.beside]
    assert_ends(check, [*of_kinds(fields, CHANGES[change])], part)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", COMMANDS)
def test_fields_of_the_kinds_that_make_the_network(name: str, part: int, change: str) -> None:
    fields = [field for field in all_fields() if field.beside]
    assert_ends(COMMANDS[name], [*of_kinds(fields, CHANGES[change])], part)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", COMMANDS)
def test_fields_of_a_kustomization(name: str, part: int, change: str) -> None:
    assert_ends(COMMANDS[name], [*of_files(fields_of(KUSTOMIZATION), CHANGES[change])], part)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("part", PARTS)
def test_fields_of_the_configuration(part: int, change: str) -> None:
    assert_ends(configured, [*of_files(fields_of(CONFIGURATION) * 5, CHANGES[change])], part)
