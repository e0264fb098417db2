"""A chart: its files, its values, and the charts that it depends on."""

from __future__ import annotations

from copy import copy
from typing import Any, NamedTuple

from kubeqed.build.gotemplate.functions.maps import copy_deep
from kubeqed.build.gotemplate.nodes import Definition
from kubeqed.build.gotemplate.origin import Origin, TemplateSource
from kubeqed.build.gotemplate.text import TextBuilder, TracedText
from kubeqed.build.gotemplate.values import PlacedMap
from kubeqed.parse import Place


class PackedSource(TemplateSource):
    """A file in an archive, which has no lines that anyone sees."""

    def place(self, _: int, __: int = 0) -> Place:
        """The archive."""
        return Place.at_start(self.file)


class ChartFile(NamedTuple):
    """A file of a chart: its path in it, its name in messages, and what it holds.

    `is_packed` says that it stands in an archive, so that the name is the archive's and a line means nothing.
    """

    name: str
    file: str
    content: bytes
    is_packed: bool = False

    @property
    def text(self) -> str:
        """What it holds as text."""
        return self.content.decode(errors="replace")

    def source(self, name: str) -> TemplateSource:
        """What it holds as text with places, under the name that Helm gives it."""
        return (PackedSource if self.is_packed else TemplateSource)(name, self.file, self.text)

    def traced(self) -> TracedText:
        """What it holds as text, each character at its own place."""
        builder = TextBuilder()
        builder.add(self.text, Origin(None, source=self.source(self.name)), is_verbatim=True)
        return builder.text()


class ParsedTemplate(NamedTuple):
    """A template file as its text, and what it defines."""

    source: TemplateSource
    definitions: list[Definition]


class Dependency:
    """A dependency as `Chart.yaml` states it."""

    def __init__(self, stated: dict[str, Any], place: Place) -> None:
        self.name = str(stated.get("name") or "")
        self.stated_name = self.name  # what an alias replaces, unless the version is another one
        self.version = str(stated.get("version") or "")
        self.repository = str(stated.get("repository") or "")
        self.alias = str(stated.get("alias") or "")
        self.condition = str(stated.get("condition") or "")
        self.tags: list[Any] = stated.get("tags") or []
        self.imports: list[Any] = stated.get("import-values") or []
        self.place = place
        self.enabled = True


class Chart:
    """A chart, and where its Chart.yaml stands. `charts` are those that it depends on, `dependencies` what it says of them."""

    def __init__(self, metadata: dict[str, Any], place: Place) -> None:
        self.metadata = metadata
        self.place = place
        self.name = str(metadata.get("name") or "")
        self.version = str(metadata.get("version") or "")
        self.values: dict[str, Any] = PlacedMap()
        self.schema: bytes | None = None
        self.templates: list[ChartFile] = []
        self.files: list[ChartFile] = []
        self.charts: list[Chart] = []
        self.dependencies: list[Dependency] = []
        self.parent: Chart | None = None

    @property
    def is_library(self) -> bool:
        """Whether only its helpers count."""
        return str(self.metadata.get("type") or "").lower() == "library"

    @property
    def full_path(self) -> str:
        """The path that names of its templates begin with."""
        return f"{self.parent.full_path}/charts/{self.name}" if self.parent is not None else self.name

    def adopt(self, charts: list[Chart]) -> None:
        """Sets the charts that it depends on."""
        self.charts = charts
        for one in charts:
            one.parent = self

    def called(self, name: str) -> Chart:
        """The same chart under another name, as an alias gives it; what a build does to it, it does not do to this one."""
        other = Chart(self.metadata if name == self.name else {**self.metadata, "name": name}, self.place)
        other.values, other.schema = copy_deep(self.values), self.schema
        other.templates, other.files = self.templates, self.files
        other.dependencies = list(map(copy, self.dependencies))
        other.adopt([one.called(one.name) for one in self.charts])
        return other

    def crds(self) -> list[ChartFile]:
        """The files of `crds/`, of the charts that it depends on as well."""
        own = [
            one for one in self.files if one.name.startswith("crds/") and one.name.endswith((".yaml", ".yml", ".json"))
        ]
        return own + [file for chart in self.charts for file in chart.crds()]
