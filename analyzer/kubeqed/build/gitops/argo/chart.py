"""A source of an Application that is a chart: the release and the values that are stated for it (util/helm, GenerateManifests)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from kubeqed.build.directory import Directory, Files, is_remote
from kubeqed.build.gitops.argo.environment import Environment
from kubeqed.build.gitops.argo.names import SET
from kubeqed.build.gotemplate.values import PlacedMap
from kubeqed.build.helm.build import ChartRequest
from kubeqed.build.helm.stated import holds_blank, name_blanks, values_of_file, values_of_mapping, values_of_text
from kubeqed.build.helm.value_set import NAMESPACE, SetText, ValueSet, ValueSetOrigin
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalCause, RefusalError, Unbuilt

_BARE_COMMA = re.compile(r"(?<!\\),")


class ChartSource:
    """A source whose `path` holds a chart, in a real directory.

    Every method raises a RefusalError for what Argo CD refuses, and an OSError for a file that cannot be read.
    """

    def __init__(self, source: OriginNode, application: OriginNode, files: Files, real: str) -> None:
        self._source = source
        self._application = application
        self._files = files
        self._directory = Directory(real, files)
        self._options = source.get("helm") or source.like({})
        self._environment = Environment(source, application)
        self._unknown: list[Unbuilt] = []
        self._read: list[str] = []

    def request(self) -> ChartRequest:
        """What is asked of the chart."""
        options = self._options
        values = tuple(self._lay_values())
        pairs = (*self._list_parameters(), *self._file_parameters())
        at = ValueSet(
            f"Application {self._application.text_at('metadata', 'name')}",
            ValueSetOrigin.STATED,
            values,
            pairs,
            options.text_at("releaseName") or self._application.text_at("metadata", "name"),
            options.text_at("namespace") or self._find_destination() or NAMESPACE,
            self._source.entries["path"].place,
            read=tuple(self._read),
            unknown=tuple(self._unknown),
        )
        return ChartRequest(
            self._directory.path,
            at,
            with_tests=False,
            with_crds=options.text_at("skipCrds") != "true",
            api_versions=tuple(one.text for one in options.items_at("apiVersions")),
        )

    def _find_destination(self) -> str:
        return self._application.text_at("spec", "destination", "namespace")

    def _lay_values(self) -> Iterator[PlacedMap]:
        """The values, the later ones over those before: files, then what the source itself holds."""
        for node in self._options.items_at("valueFiles"):
            if (real := self._find_file(node)) is not None:
                yield values_of_file(real, self._files)
        held = self._options.get("valuesObject")
        text = self._options.get("values")
        if held is not None and held.value is not None:
            yield values_of_mapping(held, is_generated=self._is_generated(held))
        elif text is not None and text.text:
            yield values_of_text(text, self._directory, is_generated=self._is_generated(text))

    def _is_generated(self, node: OriginNode) -> bool:
        """Whether parts of what an ApplicationSet states are left for its generators; it is noted that they are not known."""
        written = node.source.document.source
        is_generated = written is not None and written.kind == SET and holds_blank(node)
        if is_generated:
            self._unknown.append(Unbuilt(node.place, "values that a generator gives, which are not known here"))
        return is_generated

    def _find_file(self, node: OriginNode) -> str | None:
        """The real path of a file of values; None for one that does not count or is not known here."""
        above, path = self._directory.path, node.text
        reference, _, below = path.partition("/")
        if (referenced := self._find_referenced(reference)) is not None:
            path, above = below, self._find_root()
            if referenced.text_at("repoURL") != self._source.text_at("repoURL"):
                what = f"the values in {below} of {reference}, which is another repository"
                self._unknown.append(Unbuilt(node.place, what))
                return None
        path = self._environment.expand(node.like(path)).text
        if is_remote(path):
            self._unknown.append(Unbuilt(node.place, f"the values in {path}, which are fetched from another machine"))
            return None
        above = self._find_root() if path.startswith("/") else above
        real = self._files.follow(posixpath.normpath(posixpath.join(above, path.lstrip("/"))))
        if self._files.is_file(real):
            self._read.append(real)
            return real
        if self._options.text_at("ignoreMissingValueFiles") != "true":
            raise RefusalError(f"open {path}: no such file or directory", node.place, RefusalCause.NO_FILE)
        return None

    def _find_referenced(self, reference: str) -> OriginNode | None:
        """The source that a path means which begins with `$`, None where no source is called so."""
        named = reference.removeprefix("$") if reference.startswith("$") else ""
        sources = self._application.items_at("spec", "sources") if named else []
        return next((one for one in sources if one.text_at("ref") == named), None)

    def _find_root(self) -> str:
        """The real directory of the repository."""
        path = posixpath.normpath(self._source.text_at("path").strip("/") or ".")
        return self._directory.path if path == "." else self._directory.path.removesuffix(f"/{path}")

    def _list_parameters(self) -> Iterator[SetText]:
        """`parameters`, as `--set` has them."""
        for one in self._options.items_at("parameters"):
            value = one.get("value")
            text = self._environment.expand(value).text if value is not None else ""
            if value is not None and self._is_generated(value):
                text = name_blanks(text)
            is_text = one.text_at("forceString") == "true"
            yield SetText(f"{one.text_at('name')}={_escape_commas(text)}", (value or one).place, is_text)

    def _file_parameters(self) -> Iterator[SetText]:
        """`fileParameters`, as `--set-file` has them."""
        for one in self._options.items_at("fileParameters"):
            if (path := one.get("path")) is not None and (real := self._find_file(path)) is not None:
                text = self._files.content(real).decode(errors="replace").replace("\\", "\\\\").replace(",", "\\,")
                yield SetText(f"{one.text_at('name')}={text}", path.place, is_text=True)


def _escape_commas(text: str) -> str:
    """A value whose commas part no pairs; one in braces is a list."""
    return text if text.startswith("{") and text.endswith("}") else _BARE_COMMA.sub(r"\\,", text)
