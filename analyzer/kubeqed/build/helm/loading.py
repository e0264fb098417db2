"""Reads a chart from a directory or an archive (pkg/chart/loader)."""

from __future__ import annotations

import io
import posixpath
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from kubeqed.build.directory import Files
from kubeqed.build.gotemplate.printing import spell_value
from kubeqed.build.gotemplate.values import PlacedList, PlacedMap
from kubeqed.build.helm.chart import Chart, ChartFile, Dependency, ParsedTemplate
from kubeqed.build.helm.ignored import IgnoreRules
from kubeqed.build.helm.values import read_values
from kubeqed.build.refusal import RefusalCause, RefusalError, UnbuiltError
from kubeqed.parse import Place
from kubeqed.sources import GIT, LFS_POINTER
from kubeqed.sources.chart import CHART_FILE

_TOLD = (CHART_FILE, "values.yaml", "values.schema.json", "requirements.yaml")
_TEXTS = (  # what Go's type of a description has as texts
    "apiVersion name version kubeVersion description type home icon appVersion condition tags keywords sources annotations"
).split()
_IDENTITY = frozenset({"apiVersion", "name", "version"})
_IGNORED = ".helmignore"
_TESTED = "ci"
_REQUIREMENTS = "requirements.yaml"
_PLACEHOLDERS = ("{{", "${", "@@")
_MOST_FILES = 20_000
_LARGEST = 5 << 20  # bytes of a file, as Helm has it
_LARGEST_ARCHIVE = 100 << 20  # bytes of all files of an archive, as Helm has it
_MOST_INSIDE = 10  # charts in charts


class ReadChart:
    """The chart in a real directory: it is read once for all its builds, and its templates are parsed once.

    `used` are the real paths of what was read, `parsed` what each template that was parsed defines.
    """

    def __init__(self, directory: str, files: Files) -> None:
        self.directory = directory
        self.used: set[str] = set()
        self.parsed: dict[str, ParsedTemplate] = {}
        self.files = files
        self._chart: Chart | None = None

    def open_chart(self) -> Chart:
        """The chart for one build.

        A RefusalError for what Helm refuses, an UnbuiltError for what is not read here, an OSError for what cannot be.
        """
        if self._chart is None:
            found = list(_walk_files(self.directory, self.files, self.used))
            self._chart = load_files(found, self.files.printed(self.directory), 0)
        return self._chart.called(self._chart.name)

    def text_of(self, name: str) -> str:
        """The text of a file of the chart; empty where there is none."""
        real = self.files.follow(posixpath.join(self.directory, name))
        is_read = self.files.holds(real) and self.files.is_file(real)
        return self.files.content(real).decode(errors="replace") if is_read else ""

    def tested_values(self) -> list[tuple[str, PlacedMap]]:
        """The values files of `ci/`, which `ct install` takes in turn, by their paths in the chart; those that are none are left out."""
        found: list[tuple[str, PlacedMap]] = []
        directory = self.files.follow(posixpath.join(self.directory, _TESTED))
        if not self.files.is_directory(directory):
            return found
        for name in sorted(self.files.entries(directory)):
            real = self.files.follow(posixpath.join(directory, name))
            if name.endswith("-values.yaml") and self.files.holds(real) and self.files.is_file(real):
                try:
                    text = self.files.content(real).decode(errors="replace")
                    found.append((posixpath.join(_TESTED, name), read_values(text, self.files.printed(real), name)))
                    self.used.add(real)
                except (RefusalError, OSError):
                    continue
        return found


def _walk_files(directory: str, files: Files, used: set[str]) -> Iterator[ChartFile]:
    """The files below a directory that are not ignored, by their paths in it."""
    ignored = posixpath.normpath(posixpath.join(directory, _IGNORED))
    rules = IgnoreRules(files.content(ignored).decode(errors="replace") if files.is_file(ignored) else "")
    count = 0
    waiting: list[tuple[str, tuple[str, ...]]] = [("", (files.follow(directory),))]  # with the real ones on the way
    while waiting:
        inside, around = waiting.pop()
        for name in sorted(files.entries(around[-1])):
            path = posixpath.join(inside, name)
            real = files.follow(posixpath.normpath(posixpath.join(around[-1], name)))
            is_directory = files.is_directory(real)
            if rules.ignores(path, is_directory=is_directory) or name == GIT:
                continue  # Helm reads what git keeps too, unless it is ignored; no chart prints it
            if not files.holds(real):
                raise UnbuiltError(f"a chart with {path}, which lies outside of the repository")
            if is_directory:
                waiting += [(path, (*around, real))] if real not in around else []
            elif files.is_file(real):
                count += 1
                if count > _MOST_FILES:
                    raise UnbuiltError(f"a chart of more than {_MOST_FILES:,} files", gave_up=True)
                if _says_what_is_applied(path):
                    used.add(real)
                yield ChartFile(path, files.printed(real), files.content(real).removeprefix(b"\xef\xbb\xbf"))


def _says_what_is_applied(path: str) -> bool:
    """Whether a file says what the chart applies, be it of a sub-chart; what is only for `.Files` does not."""
    parts = path.split("/")
    while len(parts) > 2 and parts[0] == "charts":
        parts = parts[2:]
    is_told = len(parts) > 1 and parts[0] in ("templates", "crds", "charts")
    return is_told or (len(parts) == 1 and parts[0] in _TOLD)


class _Archives:
    """What is unpacked of a chart: all its archives together may hold what one may."""

    def __init__(self) -> None:
        self._files = _MOST_FILES
        self._bytes = _LARGEST_ARCHIVE

    def count(self, archive: ChartFile, size: int) -> None:
        """Counts a file of an archive; an UnbuiltError for one that is too many or too large."""
        self._files -= 1
        self._bytes -= size
        if size > _LARGEST or self._files < 0 or self._bytes < 0:
            raise UnbuiltError(f"{archive.file}, which is too large")


def load_files(found: list[ChartFile], shown: str, depth: int, archives: _Archives | None = None) -> Chart:
    """A chart of its files; `shown` is the directory or archive in messages.

    A RefusalError without Chart.yaml; an UnbuiltError where too many charts are inside of each other.
    """
    archives = archives or _Archives()
    if depth > _MOST_INSIDE:
        raise UnbuiltError("charts in charts that are too deep")
    by_name = {one.name: one for one in found}
    if CHART_FILE not in by_name:
        raise RefusalError("Chart.yaml file is missing", Place.at_start(shown))
    chart = _read_description(by_name[CHART_FILE])
    inner: dict[str, list[ChartFile]] = defaultdict(list)
    for one in found:
        _sort_in(chart, one, inner)
    chart.adopt(
        [
            made
            for name, files in sorted(inner.items())
            if (made := _load_inner(name, files, depth, archives)) is not None
        ]
    )
    return chart


def _read_description(file: ChartFile) -> Chart:
    """A chart as its Chart.yaml describes it."""
    if any(sign in file.text for sign in _PLACEHOLDERS):
        raise UnbuiltError(f"{file.file}, which is a template that was not rendered")
    metadata = read_values(file.text, file.file, "cannot load Chart.yaml")
    metadata.update({key: _as_text(metadata[key]) for key in _TEXTS if key in metadata})
    top = _place_of(file)
    chart = Chart(metadata, metadata.places.get("name", top) if not file.is_packed else top)
    if not chart.name or not metadata.get("version"):
        # One that states nothing of the chart itself is still to be written, or another tool completes it.
        cause = RefusalCause.TEXT if _IDENTITY & metadata.keys() else RefusalCause.NO_FILE
        raise RefusalError(f"validation: chart.metadata.{'version' if chart.name else 'name'} is required", top, cause)
    _state_dependencies(chart, metadata, top)
    return chart


def _as_text(value: Any) -> Any:
    """A value of a field that holds texts: numbers and booleans are spelt, as sigs.k8s.io/yaml does where it knows the type."""
    if isinstance(value, dict):
        return PlacedMap({key: _as_text(one) for key, one in value.items()}, getattr(value, "places", None))
    if isinstance(value, list):
        return PlacedList(list(map(_as_text, value)), getattr(value, "places", None))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return spell_value(value) if isinstance(value, bool | float) else value


def _place_of(file: ChartFile) -> Place:
    """The beginning of a file."""
    return Place.at_start(file.file)


def _state_dependencies(chart: Chart, stated: PlacedMap, top: Place) -> None:
    """Adds the dependencies that a file states."""
    listed = stated.get("dependencies")
    places = getattr(listed, "places", [])
    for number, one in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(one, dict):
            chart.dependencies.append(Dependency(one, places[number] if number < len(places) else top))


def _sort_in(chart: Chart, file: ChartFile, inner: dict[str, list[ChartFile]]) -> None:
    """Gives a file its part in the chart; those of sub-charts go to `inner`, by the name below `charts/`."""
    name = file.name
    if name in (CHART_FILE, "Chart.lock", "requirements.lock"):
        return
    if name == "values.yaml":
        chart.values = read_values(file.text, file.file, "cannot load values.yaml")
    elif name == "values.schema.json":
        chart.schema = file.content
    elif name == _REQUIREMENTS:
        _state_dependencies(chart, read_values(file.text, file.file, "cannot load requirements.yaml"), _place_of(file))
    elif name.startswith("templates/"):
        chart.templates.append(file)
    elif name.startswith("charts/") and not name.endswith(".prov"):
        below = name.removeprefix("charts/")
        inner[below.partition("/")[0]].append(file._replace(name=below))
    else:
        chart.files.append(file)


def _load_inner(name: str, found: list[ChartFile], depth: int, archives: _Archives) -> Chart | None:
    """A sub-chart of a directory or an archive; None for what is none."""
    if name[0] in "_.":
        return None
    if name.endswith(".tgz"):
        return load_files(list(_unpack_archive(found[0], archives)), found[0].file, depth + 1, archives)
    below = [one._replace(name=one.name.partition("/")[2]) for one in found if "/" in one.name]
    return load_files(below, found[0].file, depth + 1, archives) if below else None


def _unpack_archive(archive: ChartFile, archives: _Archives) -> Iterator[ChartFile]:
    """The files of an archive without its top directory; nothing is written anywhere."""
    if archive.content.startswith(LFS_POINTER):
        raise UnbuiltError(f"{archive.file}, which Git LFS keeps elsewhere")
    try:
        with tarfile.open(fileobj=io.BytesIO(archive.content), mode="r:gz") as packed:
            for member in packed:
                archives.count(archive, member.size)
                content = packed.extractfile(member) if member.isfile() else None
                name = posixpath.normpath(member.name).partition("/")[2]
                if content is not None and name:
                    yield ChartFile(name, archive.file, content.read().removeprefix(b"\xef\xbb\xbf"), is_packed=True)
    except (tarfile.TarError, OSError, EOFError):
        raise RefusalError("error unpacking subchart tar", Place.at_start(archive.file)) from None
