"""The order of a build (target.KustTarget): resources, generators, components, then the transformers, each in its turn."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from kubeqed.build.allowance import OF_CHANGE
from kubeqed.build.directory import Directory, Files
from kubeqed.build.kustomize.accumulator import Accumulator, Base, earlier_builds, leads_back
from kubeqed.build.kustomize.config import NOTHING, default_config, read_config
from kubeqed.build.kustomize.crds import read_definitions
from kubeqed.build.kustomize.inflation import inflate_chart, is_chart_generator, list_charts
from kubeqed.build.kustomize.kustomization import DecodedKustomization, read_kustomization
from kubeqed.build.kustomize.notes import Notes
from kubeqed.build.kustomize.patch.patches import apply_json_patch, apply_patch, apply_strategic_merge
from kubeqed.build.kustomize.resources.reading import read_resources
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.kustomize.resources.resource_map import ResourceMap
from kubeqed.build.kustomize.schema import stated_schema
from kubeqed.build.kustomize.settings import CONFIGURATION, REPLACEMENT, decode
from kubeqed.build.kustomize.transformers.annotations import record_transformers
from kubeqed.build.kustomize.transformers.builtin import generate_with, transform
from kubeqed.build.kustomize.transformers.generators import absorb, generate
from kubeqed.build.kustomize.transformers.images import set_images
from kubeqed.build.kustomize.transformers.metadata import (
    add_affix,
    set_entries,
    set_label_entry,
    set_namespace,
    set_replicas,
)
from kubeqed.build.kustomize.transformers.replacements import replace
from kubeqed.build.kustomize.transformers.variables import declare, merge_variables
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalCause, RefusalError, UnbuiltError
from kubeqed.parse import Place, Through

MOST_RESOURCES = 200_000


class Target:
    """One build, or that of a base in it. What the tool would refuse is noted and left out, and so is what cannot be built here.

    `restricted` says that files outside of a kustomization's directory are named in the result. `namespace` is that of
    the kustomizations around, in which charts are rendered; `at` is their directory, as they spell it from the root.
    """

    def __init__(
        self, files: Files, outer: Notes | None = None, *, restricted: bool = True, namespace: str = "", at: str = ""
    ) -> None:
        self.files = files
        self.restricted = restricted
        self._namespace, self._at = namespace, at
        self.earlier = earlier_builds(files)
        self.notes = Notes(outer)

    def accumulate(self, kustomization: DecodedKustomization, above: tuple[str, ...], into: Accumulator) -> None:
        """Adds what a kustomization makes; `above` are the directories that lead to it, itself among them."""
        self.notes.count += 1
        self.notes.check_count()
        self.notes.outside += kustomization.files_outside
        self._namespace = kustomization.fields.text_at("namespace") or self._namespace
        if self.notes.schema is None and "openapi" in kustomization.fields.entries:
            with self.notes.noting(kustomization.fields.entries["openapi"]):
                self.notes.schema = stated_schema(kustomization)
        for entry in kustomization.listed("resources", "bases"):
            with self.notes.noting(entry):
                self._add_resource(kustomization, entry, above, into)
        self._add_configurations(kustomization, into)
        self._run_generators(kustomization, into)
        for entry in kustomization.listed("components"):
            with self.notes.noting(entry, is_change=True):
                self._add_component(kustomization, entry, above, into)
        self._run_transformers(kustomization, into)
        variables = kustomization.listed("vars")
        if variables:
            with self.notes.noting(variables[0]):
                declare(into.resources, into.variables, variables)

    def _add_resource(
        self, kustomization: DecodedKustomization, entry: OriginNode, above: tuple[str, ...], into: Accumulator
    ) -> None:
        """Adds what an entry of `resources` names: a file, or all that a directory's kustomization makes."""
        path = entry.text
        real = kustomization.directory.reachable(path)
        if self.files.is_file(real) and path:
            self.notes.used.add(real)
            for one in read_resources(kustomization.directory.documents(path)):
                name = one.tree.get("metadata", "name")
                self._append_resource(into, one, entry, name.place if name is not None else None)
        elif self.files.is_directory(real) and path:
            base = self._gather_base(real, entry, above)
            for one in base.resources:
                self._append_resource(into, one, entry)
            into.config = into.config.merge(base.config)
            merge_variables(into.variables, base.variables, base.variables)
        else:
            reason = f"accumulating resources from '{path}': open {path}: no such file or directory"
            raise RefusalError(reason, cause=RefusalCause.NO_FILE)

    def _gather_base(self, real: str, entry: OriginNode, above: tuple[str, ...]) -> Accumulator:
        """What the kustomization of a directory makes, gathered once for all builds where nothing of it is left out."""
        self.notes.check_count()
        base = self.earlier.bases.get(real) if not self.notes.records_transformers else None
        if base is not None and not base.is_above(above):
            self.notes.take_in(base.notes)
            self.files.allowance.pay(OF_CHANGE * len(base.gathered.resources))
            return base.gathered.copy()
        inner = Target(self.files, self.notes, restricted=self.restricted, namespace=self._namespace, at=self._at)
        gathered = Accumulator()
        try:
            inner._enter_directory(real, entry, above, gathered, as_component=False)
        finally:
            self.notes.take_in(inner.notes)
        if inner.notes.is_particular:
            return gathered  # another one that names it may make something else of it
        self.earlier.bases[real] = Base(gathered, inner.notes)
        return gathered.copy()

    def _append_resource(
        self, into: Accumulator, one: BuildResource, entry: OriginNode, written: Place | None = None
    ) -> None:
        """Adds a resource; `written` is where its name is written, if that is in a file of this entry."""
        one.layers.append(Through(entry.place, "takes it in"))
        one.trail.insert(0, entry.text)
        try:
            into.resources.append(one)
        except RefusalError as error:
            raise RefusalError(error.reason, written) from None
        if len(into.resources) > MOST_RESOURCES:
            raise UnbuiltError(f"more than {MOST_RESOURCES:,} resources in one build", gave_up=True)

    def _add_component(
        self, kustomization: DecodedKustomization, entry: OriginNode, above: tuple[str, ...], into: Accumulator
    ) -> None:
        """Lets a component work on what has been gathered."""
        real = kustomization.directory.reachable(entry.text)
        if self.files.is_directory(real) and entry.text:
            before = set(map(id, into.resources))
            self._enter_directory(real, entry, above, into, as_component=True)
            into.config = NOTHING.merge(into.config)
            for one in into.resources:
                if id(one) not in before:
                    one.trail.insert(0, entry.text)
        else:
            raise RefusalError(
                f"accumulating components: {entry.text}: not a valid directory", cause=RefusalCause.NO_FILE
            )

    def _enter_directory(
        self, real: str, entry: OriginNode, above: tuple[str, ...], into: Accumulator, *, as_component: bool
    ) -> None:
        """Builds the kustomization of a directory that another one names; one that leads back to itself is refused."""
        if leads_back(real, above):
            raise RefusalError(f"cycle detected: candidate root '{entry.text}' contains a visited root")
        self.notes.entered.add(real)
        inner = self.open(real)
        if inner.is_component != as_component:
            raise RefusalError(f"expected kind {'' if as_component else '!= '}'Component' for path '{entry.text}'")
        around, at = self._namespace, self._at
        self._at = posixpath.join(at, entry.text)
        self.accumulate(inner, (*above, real), into)
        self._namespace, self._at = around, at

    def open(self, real: str) -> DecodedKustomization:
        """The kustomization of a directory, read once."""
        known = self.earlier.kustomizations
        if real not in known:
            known[real] = read_kustomization(Directory(real, self.files))
        self.notes.used.add(known[real].file)
        return known[real]

    def _add_configurations(self, kustomization: DecodedKustomization, into: Accumulator) -> None:
        """Takes in which fields the transformers are to change."""
        stated = NOTHING
        for entry in kustomization.listed("configurations"):
            with self.notes.noting(entry):
                for node in kustomization.directory.documents(entry.text)[:1]:
                    stated = stated.merge(read_config(to_plain(decode(node, CONFIGURATION, "FieldSpec"))))
        into.config = into.config.merge(default_config().merge(stated))
        for entry in kustomization.listed("crds"):
            with self.notes.noting(entry):
                for node in kustomization.directory.documents(entry.text)[:1]:
                    into.config = into.config.merge(read_definitions(to_plain(node)))

    def _run_generators(self, kustomization: DecodedKustomization, into: Accumulator) -> None:
        """Adds generated objects; a chart and a foreign generator are not run."""
        options = kustomization.fields.entries.get("generatorOptions")
        for field, kind in (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")):
            for entry in kustomization.listed(field):
                with self.notes.noting(entry):
                    made = generate(entry, options, kind, kustomization.directory)
                    made.made_in = kustomization.file.rpartition("/")[2]
                    absorb(into.resources, made)
        home, charts = list_charts(kustomization)
        for entry in charts:
            with self.notes.noting(entry):
                self._add_chart(kustomization.directory, entry, home, self._namespace, into)
        for entry, plugin in self._load_plugins(kustomization, "generators"):
            with self.notes.noting(entry):
                self._run_generator(plugin, kustomization.directory, into)

    def _run_generator(self, plugin: BuildResource, directory: Directory, into: Accumulator) -> None:
        """Adds what a generator of the tool's own makes."""
        if is_chart_generator(plugin):
            self._add_chart(directory, plugin.tree, plugin.tree.text_at("chartHome"), "", into)
        else:
            absorb(into.resources, generate_with(plugin, directory))

    def _add_chart(self, directory: Directory, entry: OriginNode, home: str, namespace: str, into: Accumulator) -> None:
        """Adds what a chart applies; Flux renders none for a kustomization."""
        if not self.restricted:
            raise UnbuiltError(f"the chart {entry.text_at('name') or 'of a kustomization'}")
        for one in inflate_chart(entry, directory, home, namespace, self.notes):
            absorb(into.resources, one)

    def _run_transformers(self, kustomization: DecodedKustomization, into: Accumulator) -> None:
        """Runs the transformers in the tool's order, whatever order the file has."""
        resources, directory, fields = into.resources, kustomization.directory, into.config.fields
        each: list[tuple[str, Callable[[OriginNode], None]]] = [
            ("patchesStrategicMerge", lambda entry: apply_strategic_merge(resources, entry, directory)),
            ("patches", lambda entry: apply_patch(resources, entry, directory)),
        ]
        self._apply_entries(kustomization, each, len(resources))
        if (namespace := kustomization.named("namespace")) is not None:
            with self.notes.noting(namespace, is_change=True):
                set_namespace(resources, namespace, fields["namespace"])
        for field, is_prefix in (("namePrefix", True), ("nameSuffix", False)):
            if (affix := kustomization.named(field)) is not None:
                with self.notes.noting(affix, is_change=True):
                    add_affix(resources, affix, fields[field], is_prefix=is_prefix)
        each = [("labels", lambda entry: set_label_entry(resources, entry, into.config))]
        self._apply_entries(kustomization, each, len(resources))
        for field in ("commonLabels", "commonAnnotations"):
            if (pairs := kustomization.fields.entries.get(field)) is not None:
                with self.notes.noting(pairs, is_change=True):
                    set_entries(resources, pairs.entries, fields[field])
        each = [
            ("patchesJson6902", lambda entry: apply_json_patch(resources, entry, directory)),
            ("replicas", lambda entry: set_replicas(resources, entry, fields["replicas"])),
            ("images", lambda entry: set_images(resources, entry, fields["images"])),
            ("imageTags", lambda entry: set_images(resources, entry, fields["images"])),
            ("replacements", lambda entry: self._apply_replacement(resources, entry, directory)),
        ]
        self._apply_entries(kustomization, each, len(resources))
        plugins = self._load_plugins(kustomization, "transformers")
        for entry, plugin in plugins:
            with self.notes.noting(entry, is_change=True):
                self.files.allowance.pay(OF_CHANGE * len(resources))
                transform(resources, plugin, directory)
        if self.notes.records_transformers:
            record_transformers(resources, kustomization, self._at, [plugin for _, plugin in plugins])

    def _load_plugins(self, kustomization: DecodedKustomization, field: str) -> list[tuple[OriginNode, BuildResource]]:
        """The objects of `generators` or `transformers` with their entries: those inline, then those of files and directories."""
        inline, named = list[tuple[OriginNode, BuildResource]](), list[tuple[OriginNode, BuildResource]]()
        for entry in kustomization.listed(field):
            with self.notes.noting(entry):
                if "\n" in entry.text or ": " in entry.text:
                    inline += [(entry, one) for one in read_resources(kustomization.directory.inline(entry))]
                else:
                    plugins = Accumulator()
                    self._add_resource(kustomization, entry, (kustomization.directory.path,), plugins)
                    named += [(entry, one) for one in plugins.resources]
        return [*inline, *named]

    def _apply_entries(
        self, kustomization: DecodedKustomization, each: list[tuple[str, Callable[[OriginNode], None]]], count: int
    ) -> None:
        """Lets each entry work on so many resources."""
        for field, apply in each:
            for entry in kustomization.listed(field):
                with self.notes.noting(entry, is_change=True):
                    self.files.allowance.pay(OF_CHANGE * count)
                    apply(entry)

    def _apply_replacement(self, resources: ResourceMap, entry: OriginNode, directory: Directory) -> None:
        """Applies an entry of `replacements`, inline or from a file that holds one or a list."""
        path = entry.get("path")
        if path is None or not path.text:
            replace(resources, entry)
            return
        if entry.get("source") is not None or entry.get("targets") is not None:
            raise RefusalError("cannot specify both path and inline replacement")
        for node in directory.documents(path.text)[:1]:
            for one in node.items if isinstance(node.value, list) else [node]:
                with self.notes.noting(one, is_change=True):
                    replace(resources, decode(one, REPLACEMENT, "Replacement"))


def to_plain(node: OriginNode) -> dict[str, object]:
    """A mapping as plain values."""

    def plain(one: OriginNode) -> object:
        if isinstance(one.value, dict):
            return {key: plain(item) for key, item in one.value.items()}
        return [plain(item) for item in one.value] if isinstance(one.value, list) else one.value

    return {key: plain(item) for key, item in node.entries.items()}
