"""From what the templates print to documents, in the order in which Helm installs them (pkg/releaseutil)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from kubeqed.build.gotemplate.text import TracedText, cut
from kubeqed.build.gotemplate.tracing.rendered_places import RenderedPlaces
from kubeqed.build.helm.rendering import PrintedTemplate
from kubeqed.build.refusal import HELM, Refusal, RefusalCause
from kubeqed.diagnostic import ObjectKey
from kubeqed.parse import Document, Mapping, PlacedDocument, parse_written, value_at
from kubeqed.parse.document import Problem, ProblemKind

_SEPARATOR = re.compile(r"(?:^|\n)---\s*")  # Helm's takes the blanks before it, too, which no document keeps
_HOOK = "helm.sh/hook"
_TESTS = ("test", "test-success", "test-failure")
_EVENTS = frozenset(
    "pre-install post-install pre-delete post-delete pre-upgrade post-upgrade pre-rollback post-rollback test test-success".split()
)
# releaseutil.InstallOrder; kinds that are not named come behind, by their names.
_ORDER = {
    kind: number
    for number, kind in enumerate(
        "PriorityClass Namespace NetworkPolicy ResourceQuota LimitRange PodSecurityPolicy PodDisruptionBudget ServiceAccount"
        " Secret SecretList ConfigMap StorageClass PersistentVolume PersistentVolumeClaim CustomResourceDefinition ClusterRole"
        " ClusterRoleList ClusterRoleBinding ClusterRoleBindingList Role RoleList RoleBinding RoleBindingList Service DaemonSet"
        " Pod ReplicationController ReplicaSet Deployment HorizontalPodAutoscaler StatefulSet Job CronJob IngressClass Ingress"
        " APIService".split()
    )
}


class RenderedManifest(NamedTuple):
    """A document that a template printed: the template, its kind, and the events that it hooks to."""

    name: str
    kind: str
    hooks: tuple[str, ...]
    document: PlacedDocument

    @property
    def is_test(self) -> bool:
        """Whether only `helm test` applies it."""
        return bool(self.hooks) and all(one in _TESTS for one in self.hooks)


ReadTexts = dict[tuple[str, str], list[RenderedManifest]]  # by the names of templates and what they printed


def read_manifests(
    rendered: Iterable[PrintedTemplate], refusals: list[Refusal], known: ReadTexts
) -> list[RenderedManifest]:
    """The documents of all templates, sorted as Helm prints them; what is no YAML is noted in `refusals`.

    `known` is what was read before, at values of the same places; what is read now is added.
    """
    found = read_texts(rendered, refusals, known)
    objects = [one for one in found if not one.hooks]
    hooks = [one for one in found if one.hooks and all(event in _EVENTS for event in one.hooks)]
    return sorted(objects, key=_order_by_kind) + sorted(hooks, key=_order_by_kind)


def read_texts(
    rendered: Iterable[PrintedTemplate], refusals: list[Refusal], known: ReadTexts
) -> list[RenderedManifest]:
    """The documents of some texts in their order, as `read_manifests` reads them."""
    found: list[RenderedManifest] = []
    for template in rendered:
        wrong: list[Refusal] = []
        key = template.name, str(template.text)
        read = known[key] if key in known else list(_read_documents(template, wrong))
        if not wrong:
            known[key] = read
        found += read
        refusals += wrong[:1] if not refusals else []  # Helm ends at the first
    return found


def _order_by_kind(one: RenderedManifest) -> tuple[int, str]:
    """The place of a document in Helm's order of kinds."""
    return _ORDER.get(one.kind, len(_ORDER)), "" if one.kind in _ORDER else one.kind


def _read_documents(template: PrintedTemplate, refusals: list[Refusal]) -> Iterable[RenderedManifest]:
    """The documents of one template."""
    for number, text in enumerate(split_manifests(template.text), 1):
        document = parse_written(f"{text}\n")
        problem = next((one for one in document.problems if one.kind is ProblemKind.NOT_READABLE), None)
        if problem is not None:
            refusals.append(_not_readable(template, text, problem))
        elif document.root is not None:
            yield _place_manifest(template, text, document, number)


def _place_manifest(template: PrintedTemplate, text: TracedText, document: Document, number: int) -> RenderedManifest:
    """A document with the places of its values; `number` is its own among those of its template."""
    places = RenderedPlaces(text, document)
    placed = Document(
        document.root,
        document.top,
        problems=document.problems,
        readings=document.readings,
        places=places,
        source=_identify_object(document, f"{template.name}#{number}" if number > 1 else template.name),
        placeholders=document.placeholders,
    )
    where = places[document.top]
    hook = value_at(document.root, f'metadata.annotations["{_HOOK}"]') if isinstance(document.root, Mapping) else None
    hooks = tuple(one.strip().lower() for one in hook.split(",")) if isinstance(hook, str) else ()
    kind = document.root.get("kind") if isinstance(document.root, Mapping) else None
    return RenderedManifest(template.name, str(kind or ""), hooks, PlacedDocument(where.file, where.first_line, placed))


def _identify_object(document: Document, written: str) -> ObjectKey | None:
    """What an object is called whatever the values are: by where it is written, for its name depends on them."""
    root = document.root
    if not isinstance(root, Mapping):
        return None
    version, kind = (one if isinstance(one, str) else "" for one in (root.get("apiVersion"), root.get("kind")))
    return ObjectKey(version, kind, None, written)


def _not_readable(template: PrintedTemplate, text: TracedText, problem: Problem) -> Refusal:
    """What is no YAML: at the line of the template that wrote what cannot be read."""
    document = Document(None, problem.mark)
    place = RenderedPlaces(text, document)[problem.mark] if text else template.source.place(0)
    message = problem.message.removeprefix("not YAML: ")
    reason = f"YAML parse error on {template.name}: error converting YAML to JSON: yaml: {message}"
    cause = RefusalCause.VALUES if place.through else RefusalCause.TEXT  # a helper or a value may print another text
    return Refusal(place, reason, cause, HELM)


def split_manifests(text: TracedText) -> list[TracedText]:
    """The documents of a text, without the blanks around them."""
    found: list[TracedText] = []
    stripped = text.strip()
    first = start = len(text) - len(text.lstrip())
    for match in (*_SEPARATOR.finditer(stripped), None):
        stop = first + (len(stripped) if match is None else match.start())
        part = text[start:stop]
        if part.strip():
            begin = start + len(part) - len(part.lstrip())
            one = cut(text, begin, begin + len(part.strip()))
            found.append(one if isinstance(one, TracedText) else TracedText.of(one, ()))
        if match is not None:
            start = first + match.end()
    return found
