"""Which intents a run proves: those of a file, or those of the configuration."""

from __future__ import annotations

from kubeqed.app.load import Loaded
from kubeqed.app.question import QuestionError
from kubeqed.app.settings import read_intents_file
from kubeqed.config import load_intents
from kubeqed.config.intents_file import IntentsRead


def gather_intents(loaded: Loaded, file: str | None) -> IntentsRead:
    """The intents of a file, else of the configuration; raises a QuestionError where none are stated.

    A file that cannot be read as one raises a ConfigurationError.
    """
    if file is None:
        intents = loaded.settings.cluster.intents
        if not intents:
            raise QuestionError(
                "no intent is stated: name a file, or write them under intents: in kubeqed.yaml", "--intents"
            )
        return IntentsRead(intents, ())
    return load_intents(read_intents_file(file))
