"""Whether the Secret with the certificate of an Ingress, or of a Gateway's listener, is there, or something makes it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kubeqed.model.kinds.builtin import BUILTIN
from kubeqed.model.kinds.gateway import Gateway
from kubeqed.model.kinds.gatewayroute import GROUP as GATEWAY_API
from kubeqed.model.kinds.ingress import Ingress
from kubeqed.model.kinds.object import Object, ObjectReference
from kubeqed.model.values.fields import read_field, read_labels, read_text
from kubeqed.model.values.known import equals
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Mapping, Sequence, Unknown, Value
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.clauses.named_object import find_named
from kubeqed.prove.engine.answer import HOLDS
from kubeqed.resolve import Resolver
from kubeqed.resolve.edit_distance import are_near
from kubeqed.resolve.ingress_classes import find_serving
from kubeqed.resolve.missing.reference import Candidate, MissingReference
from kubeqed.resolve.missing.secret_copies import may_be_copied_to

_SECRET = ("", "Secret")
_TAKES_NONE = frozenset({"aws-alb"})
"""Controllers that take certificates from elsewhere, whatever Secret an Ingress names."""
_MAKING = ("cert", "acme", "issuer")


class NamedSecret(NamedTuple):
    """The Secret, in a namespace, that a field of an Ingress or a Gateway names."""

    source: Ingress | Gateway
    path: str
    namespace: str | Unknown | None
    name: str | Unknown


def list_tls_secrets(graph: Resolver) -> Iterator[NamedSecret]:
    """The Secrets with certificates that the Ingresses and Gateways of a unit name; of those of one object each once."""
    seen: set[tuple[int, str, str]] = set()
    for secret in (
        *(one for ingress in graph.unit.of(Ingress) for one in _list_of_ingress(ingress)),
        *(one for gateway in graph.unit.of(Gateway) for one in _list_of_gateway(gateway)),
    ):
        key = id(secret.source), str(secret.namespace), str(secret.name)
        if key not in seen:
            yield secret
        seen.add(key)


def _list_of_ingress(ingress: Ingress) -> Iterator[NamedSecret]:
    for tls in ingress.tls:
        if tls.secret is not None:
            yield NamedSecret(ingress, f"{tls.path}.secretName", ingress.namespace, tls.secret)


def _list_of_gateway(gateway: Gateway) -> Iterator[NamedSecret]:
    for one in (one for listener in gateway.listeners for one in listener.certificates):
        if equals(one.group, "") and equals(one.kind, "Secret") and one.name is not None:
            namespace = gateway.namespace if one.namespace is None else one.namespace
            yield NamedSecret(gateway, f"{one.path}.name", namespace, one.name)


class TlsSecretExists(NamedTuple):
    """The Secret that is named stands in its namespace, or a custom resource names it there."""

    secret: NamedSecret

    def answer(self, graph: Resolver) -> MissingAnswer:
        """Depends, in an open world, on objects outside the input. Holds where annotations ask for a certificate."""
        source, path, namespace, name = self.secret
        if self._is_made(graph):
            return MissingAnswer(HOLDS)
        reference = ObjectReference(source, path, _SECRET, namespace, name, is_shared=True)
        if isinstance(name, str) and self._is_named_by_custom(graph, reference, name):
            return MissingAnswer(HOLDS)
        answer = find_named(graph, reference)
        found = answer.missing
        if found is not None and (found.candidate is None or self._is_copied(found.candidate)):
            candidate = self._find_certificate(graph, reference)
            answer.missing = MissingReference(candidate, found.producers, excused=False)
        return answer

    def _is_copied(self, found: Candidate) -> bool:
        """Whether the Secret that stands in another namespace may be copied to this one."""
        elsewhere = found.path == "metadata.namespace"
        return elsewhere and may_be_copied_to(found.object.annotations, self.secret.namespace)

    def _is_made(self, graph: Resolver) -> bool:
        source = self.secret.source
        annotations = source.annotations
        asked = annotations.more is not None or any(word in key for key in annotations.entries for word in _MAKING)
        serving = (find_serving(graph, source) or ()) if isinstance(source, Ingress) else ()
        return asked or any(one.id in _TAKES_NONE for one in serving)

    def _is_named_by_custom(self, graph: Resolver, reference: ObjectReference, name: str) -> bool:
        """Whether a custom resource names the Secret, and no Certificate shows that it does so for another namespace alone."""
        return name in _find_custom_texts(graph) and (
            any(_makes_secret(item, name, reference.namespace) for item in _list_certificates(graph))
            or self._find_certificate(graph, reference) is None
        )

    def _find_certificate(self, graph: Resolver, reference: ObjectReference) -> Candidate | None:
        """The Certificate of cert-manager whose Secret has nearly this name, or has it in another namespace."""
        for item in _list_certificates(graph):
            made = read_text(read_field(item.identity.root, "spec"), "secretName")
            here = same_value(item.namespace, reference.namespace)
            if not isinstance(made, str) or not isinstance(reference.name, str):
                continue
            if here is Match.YES and are_near(made, reference.name):
                return Candidate(item, "spec.secretName", f"{item} makes a Secret of nearly this name")
            stated = graph.is_namespace_stated(item.namespace) and graph.is_namespace_stated(reference.namespace)
            if made == reference.name and here is Match.NO and stated:
                return Candidate(item, "metadata.namespace", f"{item} makes it in another namespace")
        return None


def _makes_secret(certificate: Object, name: str, namespace: str | Unknown | None) -> bool:
    """Whether a Certificate makes a Secret of this name in a namespace, or has it copied there."""
    spec = read_field(certificate.identity.root, "spec")
    if same_value(read_text(spec, "secretName"), name) is not Match.YES:
        return False
    copied = read_labels(read_field(spec, "secretTemplate"), "annotations", "spec.secretTemplate.annotations")
    return same_value(certificate.namespace, namespace) is not Match.NO or may_be_copied_to(copied, namespace)


def _list_certificates(graph: Resolver) -> Iterator[Object]:
    return (item for item in graph.of_kind(("cert-manager.io", "Certificate")))


@lru_cache(maxsize=2)  # asked for each entry of a unit
def _find_custom_texts(graph: Resolver) -> frozenset[str]:
    """The texts in the custom resources of a unit: one that is the name of a Secret may make it. Those of the Gateway API make none."""
    customs = (
        item for item in graph.unit.objects if (item.group, item.kind) not in BUILTIN and item.group != GATEWAY_API
    )
    return frozenset(text for item in customs for text in _list_texts(item.identity.root))


def _list_texts(root: Value) -> Iterator[str]:
    left: list[Value] = [root]
    seen: set[int] = set()  # aliases make one node stand in several places
    while left:
        value = left.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping | Sequence) and id(value) not in seen:
            seen.add(id(value))
            left += value.values() if isinstance(value, Mapping) else value
