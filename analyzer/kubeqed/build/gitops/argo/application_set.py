"""An ApplicationSet: the Applications that it makes (controllers/template)."""

from __future__ import annotations

import posixpath

from kubeqed.build.directory import Files, pin, thaw_documents
from kubeqed.build.freeze import freeze
from kubeqed.build.gitops.argo.application import GROUP, is_of_kind
from kubeqed.build.gitops.argo.generators import Generation
from kubeqed.build.gitops.argo.names import SET
from kubeqed.build.gitops.argo.overrides import merge
from kubeqed.build.gitops.argo.parameters import Parameters, TemplateDialect
from kubeqed.build.node import OriginNode, thaw
from kubeqed.build.refusal import RefusalError, Unbuilt, UnbuiltError
from kubeqed.diagnostic import ObjectKey
from kubeqed.parse import Fresh, Unknown, parse
from kubeqed.sources import SourceFile


def read_application_set(tree: OriginNode, files: Files, root: str) -> tuple[list[OriginNode], list[Unbuilt]]:
    """The Applications that an ApplicationSet makes, and what is not known of them; nothing for any other object.

    `root` is the real one of the repository at hand, in which the git generator looks. A value that a parameter is put
    into stands where the template has it, and came through the element that gave the parameter.
    """
    if not is_of_kind(tree, SET):
        return [], []
    dialect = TemplateDialect.of(tree)
    generation = Generation(files, root, dialect)
    applications: list[OriginNode] = []
    unbuilt = generation.unbuilt
    for generator in tree.items_at("spec", "generators"):
        try:
            sets = generation.generate(generator)
            template = _find_template(tree, generator)
        except UnbuiltError as error:
            unbuilt.append(error.at(generator.place))
            continue
        for parameters in sets:
            try:
                made = _make_application(tree, template, parameters, dialect)
                if not parameters.is_guess or _is_here(made, files, root):
                    applications.append(made)
            except UnbuiltError as error:
                place = parameters.through[0].place if parameters.through else generator.place
                unbuilt.append(error.at(place))
    return applications, _drop_repeated(unbuilt)


def _is_here(application: OriginNode, files: Files, root: str) -> bool:
    """Whether the repository holds each path that an Application names."""
    spec = application.get("spec") or application
    sources = [*spec.items_at("sources"), *([one] if (one := spec.get("source")) is not None else [])]
    paths = [one.text_at("path").strip("/") for one in sources if one.text_at("path")]
    return all(files.is_directory(posixpath.normpath(posixpath.join(root, path))) for path in paths)


def _drop_repeated(unbuilt: list[Unbuilt]) -> list[Unbuilt]:
    return list(dict.fromkeys(unbuilt))


def _find_template(tree: OriginNode, generator: OriginNode) -> OriginNode:
    """The template of a generator, completed by that of the set."""
    template = tree.get("spec", "template")
    if template is None:
        raise UnbuiltError("an ApplicationSet without a template, which Argo CD refuses")
    own = next((inner for node in generator.entries.values() if (inner := node.get("template")) is not None), None)
    return template if own is None else _complete_tree(own, template)


def _complete_tree(own: OriginNode, template: OriginNode) -> OriginNode:
    """A tree with what it leaves empty taken from another."""
    if not isinstance(own.value, dict) or not isinstance(template.value, dict):
        return template if own.is_empty or (own.is_scalar and not own.text) else own
    entries = {**template.entries, **own.entries}
    for key in own.entries.keys() & template.entries.keys():
        entries[key] = _complete_tree(own.entries[key], template.entries[key])
    return own.like(entries)


def _make_application(
    tree: OriginNode, template: OriginNode, parameters: Parameters, dialect: TemplateDialect
) -> OriginNode:
    """One Application, with the namespace of its set."""
    made = parameters.renders(template, dialect) if parameters.values else template.copy()
    metadata = made.get("metadata") or made.like({})
    application = made.like(
        {"apiVersion": made.like(f"{GROUP}/v1alpha1"), "kind": made.like("Application"), **made.entries}
    )
    application.entries["metadata"] = metadata.like(dict(metadata.entries))
    _apply_patch(application, tree, parameters, dialect)
    namespace = tree.get("metadata", "namespace")
    metadata = application.entries["metadata"]
    metadata.entries.pop("namespace", None)
    if namespace is not None:
        metadata.entries["namespace"] = namespace.like(namespace.value)
    _tell_cluster(application, parameters)
    key = ObjectKey(f"{GROUP}/v1alpha1", SET, tree.text_at("metadata", "namespace"), tree.text_at("metadata", "name"))
    return thaw(freeze(application, (), key))


def _tell_cluster(application: OriginNode, parameters: Parameters) -> None:
    """Calls a cluster that is not known by what it is selected by too, so that others are not taken for it."""
    for field in ("name", "server"):
        node = application.get("spec", "destination", field)
        if node is not None and isinstance(node.value, Unknown) and parameters.chosen:
            text = f"{node.text} of {', '.join(dict.fromkeys(parameters.chosen))}"
            node.value = Unknown(Fresh(text), text)


def _apply_patch(application: OriginNode, tree: OriginNode, parameters: Parameters, dialect: TemplateDialect) -> None:
    """Merges `templatePatch` into an Application; it may change all but the project."""
    patch = tree.get("spec", "templatePatch")
    if patch is None or not patch.text.strip():
        return
    rendered = dialect.render(patch.text, parameters.values)
    if rendered.is_unknown:
        raise UnbuiltError("a templatePatch whose parameters are not known here")
    try:
        trees = thaw_documents(parse(SourceFile(patch.place.file, rendered.text.encode())).documents[:1])
    except RefusalError as error:
        raise UnbuiltError(f"a templatePatch that is no YAML: {error.reason}") from None
    project = application.get("spec", "project")
    for one in trees:
        pin(one, patch.copied_from(*parameters.through))
        merge(application.entries, one.entries, deletes=True)
    spec = application.get("spec")
    if spec is not None and project is not None:
        spec.entries["project"] = project
