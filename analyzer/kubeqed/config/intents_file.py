"""A file of intents, read entry by entry: what is wrong with one does not keep others from being proved."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from kubeqed.config.complaint import Complaint, ConfigurationError
from kubeqed.config.intents.keys import IntentEntry, IntentKeys
from kubeqed.config.intents.settle import settle_intent
from kubeqed.config.nearest import quote_text
from kubeqed.config.places import Places
from kubeqed.config.reading import read_mapping
from kubeqed.config.values import describe_value
from kubeqed.config.words import describe
from kubeqed.model.intents import Intent
from kubeqed.parse import Sequence, parse
from kubeqed.sources import SourceFile


class IntentsRead(NamedTuple):
    """The claims of a file, and what is wrong with its other entries."""

    intents: tuple[Intent, ...]
    complaints: tuple[Complaint, ...]


def read_intents(source: SourceFile) -> IntentsRead:
    """The claims of a file of intents; raises a ConfigurationError where it holds none that could be read."""
    placed, root, complaints = read_mapping(parse(source), "intents")
    places = Places(placed)
    complaints += [
        Complaint(places.key(key).span, f"unknown key {quote_text(key)}: the file holds the key intents alone")
        for key in root
        if key != "intents"
    ]
    entries = root.get("intents")
    if not isinstance(entries, Sequence):
        found = f"found {describe_value(entries)}" if "intents" in root else "the file has none"
        text = f'expected a list of claims below the key "intents", {found}'
        raise ConfigurationError((*complaints, Complaint(places.value("intents").span, text)))
    found_intents: list[Intent] = []
    for number, entry in enumerate(entries):
        try:
            keys: IntentKeys = TypeAdapter(IntentEntry).validate_python(entry)
        except ValidationError as error:
            complaints += describe(error, places, ("intents", number))
        else:
            found_intents.append(settle_intent(keys, places, number))
    return IntentsRead(tuple(found_intents), tuple(complaints))
