"""Whatever stands in a field, every command ends as it should: a sample. `make surfaces` tries every field.

The fields come from the tables of what the server knows, the schemas of custom resources, and the documents beside
this file; what is put there are placeholders in every spelling, and what people write by mistake.
"""

from __future__ import annotations

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
)
from tests.fields.commands import COMMANDS, check, configured, failures
from tests.fields.kinds import all_fields

CHANGES = Random(0).sample([*VALUES, *STRUCTURES], k=len(VALUES) + len(STRUCTURES))


def test_fields_of_every_kind() -> None:
    fields = Random(1).sample([field for field in all_fields() if not field.beside], k=60)
    assert not failures([check], one_by_one(of_kinds(fields, CHANGES)))


@pytest.mark.parametrize("name", COMMANDS)
def test_fields_of_the_kinds_that_make_the_network(name: str) -> None:
    fields = Random(name).sample([field for field in all_fields() if field.beside], k=30)
    assert not failures([COMMANDS[name]], one_by_one(of_kinds(fields, CHANGES)))


@pytest.mark.parametrize("name", COMMANDS)
def test_fields_of_a_kustomization(name: str) -> None:
    fields = Random(name).sample(fields_of(KUSTOMIZATION), k=20)
    assert not failures([COMMANDS[name]], one_by_one(of_files(fields, CHANGES)))


def test_fields_of_the_configuration() -> None:
    fields = Random(2).sample(fields_of(CONFIGURATION), k=20)
    assert not failures([configured], one_by_one(of_files(fields, CHANGES)))
