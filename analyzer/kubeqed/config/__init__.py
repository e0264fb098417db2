"""`kubeqed.yaml` becomes typed settings whose every value knows where it was stated.

The file is read through parse, so that an error points at the key or value at fault. pydantic, which costs as much as
everything else together, is imported by `load` and `schema` alone: a run without a configuration never pays for it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from kubeqed.config.complaint import Complaint, ConfigurationError
from kubeqed.config.nearest import did_you_mean, suggest_rule
from kubeqed.config.rule_ids import check_rule_ids
from kubeqed.config.settings import IgnoreSettings, RuleOptions, RuleSettings, RuleSeverity, Settings
from kubeqed.model.file_names import CONFIGURATION
from kubeqed.sources import SourceFile

if TYPE_CHECKING:
    from kubeqed.config.intents_file import IntentsRead
    from kubeqed.rule.suppress.baseline import Baseline

FILE_NAME = CONFIGURATION
MISTAKEN_NAMES = ("kubeqed.yml", ".kubeqed.yaml", ".kubeqed.yml")
"""What other tools would call it: a file of such a name is not read, and whoever wrote it should know."""

__all__ = [
    "FILE_NAME",
    "MISTAKEN_NAMES",
    "Complaint",
    "ConfigurationError",
    "IgnoreSettings",
    "RuleOptions",
    "RuleSettings",
    "RuleSeverity",
    "Settings",
    "check_rule_ids",
    "default_settings",
    "did_you_mean",
    "load",
    "load_baseline",
    "load_intents",
    "make_schema",
    "suggest_rule",
]


def default_settings() -> Settings:
    """The settings of a run that has no configuration: nothing is stated."""
    return Settings()


def load(source: SourceFile, directory: str | None = None) -> Settings:
    """The settings that a configuration file states; a ConfigurationError holds everything that is wrong with it.

    `directory` is where its paths start, if that is not its own.
    """
    from kubeqed.config.reading import read

    return read(source, directory)


def load_baseline(source: SourceFile, known_ids: Collection[str] | None, directory: str | None = None) -> Baseline:
    """The baseline in a file; a ConfigurationError holds everything that is wrong with it.

    Every rule that it names must be one of `known_ids`, unless they are None. `directory` is where its paths start, if
    that is not its own.
    """
    from kubeqed.config.baseline import read_baseline

    return read_baseline(source, known_ids, directory)


def load_intents(source: SourceFile) -> IntentsRead:
    """The claims of a file of intents, and what is wrong with its other entries.

    Raises a ConfigurationError where it holds none that could be read.
    """
    from kubeqed.config.intents_file import read_intents

    return read_intents(source)


def make_schema() -> dict[str, Any]:
    """The JSON Schema of the file, for editors."""
    from kubeqed.config.json_schema import json_schema

    return json_schema()
