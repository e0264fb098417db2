"""Real repositories: what is called refused there would be refused. Each exception was read, and says why."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from tests.apiserver.test_sample import SPEAKERS
from tests.apiserver.verdicts import CORPUS

from kubeqed.app.load import read_manifest
from kubeqed.diagnostic import Certainty, Diagnostic
from kubeqed.model.cluster import Cluster
from kubeqed.model.units.division import divide
from kubeqed.parse import parse
from kubeqed.rule.catalogue import find_rules
from kubeqed.rule.run import run_rules
from kubeqed.rule.select import Choice
from kubeqed.sources import collect

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus does not lie beside the checkout")

# (part of the file's path, fields as a pattern): why a server refuses it.
REFUSED = {
    ("stackrox+kube-linter/tests/checks/", r".*"): "cases of a linter, faulty on purpose or without selector and image",
    (
        "ContainerSolutions+kubernetes-examples/Ingress/",
        r".*pathType|spec\.parameters\.apiGroup",
    ): "exact in lower case",
    ("gcp/https-ready-alb", r"spec|spec\.backend"): "spec.backend of v1beta1 in an Ingress of v1",
    ("istio/samples/mtls-echo", r".*volumeMounts.*"): "mounts a volume that is not there",
    ("istio/samples/security/psp", r"kind"): "policy/v1 never had a PodSecurityPolicy",
    ("persistent-volume-label-initializer-config", r"kind"): "InitializerConfiguration was removed in 1.14",
    ("sysdig-rc", r"spec\.selector"): "neither a selector nor labels from which it could come",
    ("volumes/aws_ebs", r".*protocol"): "tcp in lower case",
    ("volumes/cinder", r".*protocol"): "tcp in lower case",
    ("volumes/rbd/rbd.yaml", r".*image.*"): "imageformat and imagefeatures of a PersistentVolume's parameters",
    ("volumes/scaleio/pod", r".*protectionDoamin"): "misspelt",
    ("volumes/storageos/", r".*"): "fields that StorageOS never had",
    ("oauth-external-auth/vouch-proxy", r".*value"): "true without quotes as the value of a variable",
    ("oauth2-proxy-client-secret", r"data\..*"): "eleven characters are no base64",
}


def refused() -> Iterator[Diagnostic]:
    speakers = [rule for rule in find_rules() if rule.id in SPEAKERS]
    for repository in sorted(path for path in CORPUS.iterdir() if path.is_dir()):
        found = collect([str(repository)], None)
        whole = divide([read_manifest(parse(file)) for file in found.files], found.paths, charts=found.charts)
        outcome = run_rules(whole, speakers, Cluster(), Choice())
        assert not outcome.notices
        yield from (item for item in outcome.diagnostics if item.certainty is Certainty.REJECTED)


def test_what_is_refused_in_the_corpus_is_refused_for_a_reason() -> None:
    found = list(refused())
    explained = {
        item: [key for key in REFUSED if key[0] in item.span.file and _is_field(key[1], item)] for item in found
    }
    assert not [f"{item.span.file}:{item.span.line}: {item.message}" for item in found if not explained[item]]
    assert not REFUSED.keys() - {key for keys in explained.values() for key in keys}


def _is_field(pattern: str, item: Diagnostic) -> bool:
    return re.fullmatch(pattern, item.path) is not None
