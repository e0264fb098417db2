"""What may create an object that the manifests lack: where one stands in a unit, nothing is called missing for sure.

Custom resources of groups that kubeqed does not know count, unless they carry their pods with them or are listed as
inert: they configure what is there and create neither Services nor workloads. What no server takes creates nothing: a
document that is no manifest, whatever placeholders it has (a Compose file, a workflow, the values of a chart), and the
settings of a tool that only look like an object (`skaffold/v4`, a kubeconfig).
"""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from kubeqed.model.file_names import is_kustomization
from kubeqed.model.kinds.builtin import BUILTIN, BUILTIN_GROUPS
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.registry import is_modelled
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.read import Manifest
from kubeqed.model.unmodelled.policy_kinds import is_foreign_policy
from kubeqed.parse import Mapping as Tree
from kubeqed.parse import Place, PlacedDocument, Sequence, Unknown, Value
from kubeqed.sources import Unread, is_below
from kubeqed.sources.chart import CHART_FILE, find_charts

if TYPE_CHECKING:
    from kubeqed.build.built import Built

_INERT_GROUPS = frozenset(
    "gateway.networking.k8s.io gateway.networking.x-k8s.io policy.networking.k8s.io"  # routes and policies
    " cert-manager.io acme.cert-manager.io trust.cert-manager.io"
    " networking.istio.io security.istio.io telemetry.istio.io extensions.istio.io"
    " linkerd.io policy.linkerd.io traefik.io traefik.containo.us k8s.nginx.org projectcontour.io"
    " route.openshift.io split.smi-spec.io specs.smi-spec.io access.smi-spec.io"
    " external-secrets.io bitnami.com secrets-store.csi.x-k8s.io secrets.hashicorp.com"
    " cilium.io crd.projectcalico.org projectcalico.org crd.antrea.io metallb.io"
    " snapshot.storage.k8s.io metrics.k8s.io kustomize.config.k8s.io autoscaling.k8s.io keda.sh"
    " kyverno.io constraints.gatekeeper.sh templates.gatekeeper.sh source.toolkit.fluxcd.io"
    " notification.toolkit.fluxcd.io cloud.google.com networking.gke.io elbv2.k8s.aws"
    " eksctl.io k3d.io ctlptl.dev backstage.io".split()  # settings of tools, a catalogue of software: for no server
)
_INERT_KINDS = frozenset(
    ("monitoring.coreos.com", kind)
    for kind in ["ServiceMonitor", "PodMonitor", "PrometheusRule", "Probe", "ScrapeConfig"]
)
_MOST_UNSEEN = 10
_CREATES_SERVICES = frozenset({"serving.knative.dev"})


class Producer(NamedTuple):
    """Something that may create objects outside the input, in words, and where it stands."""

    text: str
    place: Place


def find_producers(manifest: Manifest) -> Iterator[Producer]:
    """The producers that a file holds."""
    yield from find_open_documents(manifest.file, manifest.documents)
    for item in manifest.objects:
        if is_producer(item):
            yield Producer(str(item), item.at("kind"))


def find_open_documents(
    file: str, documents: Iterable[PlacedDocument], *, with_placeholders: bool = True
) -> Iterator[Producer]:
    """Those documents of a file that may hold what nobody sees."""
    for placed in documents:
        document = placed.document
        place = placed.placed(document.top)
        if document.lost or (document.broken and is_kustomization(file)):
            yield Producer("a document that cannot be read", place)
        elif document.template:
            yield Producer("a template that was not rendered", place)
        elif with_placeholders and document.placeholders and _may_be_manifest(document.root):
            yield Producer("a document with placeholders", place)


def is_producer(item: Object) -> bool:
    """Whether the object is a custom resource that may create others."""
    if item.group in _CREATES_SERVICES:
        return True
    kind = (item.group, item.kind)
    known = kind in BUILTIN or is_modelled(*kind) or isinstance(item, Workload) or is_foreign_policy(*kind)
    created = item.name is not None and _is_group(item.group)
    return created and not (known or item.group in _INERT_GROUPS or kind in _INERT_KINDS)


def _may_be_manifest(root: Value) -> bool:
    """Whether objects may come out of the document once its placeholders are filled in."""
    if not isinstance(root, Tree) or root.open:
        return not isinstance(root, Sequence)
    version = root.get("apiVersion")
    return "kind" in root and (
        isinstance(version, Unknown) or (isinstance(version, str) and _is_group(_group_of_version(version)))
    )


def _group_of_version(api_version: str) -> str:
    return api_version.rpartition("/")[0]


def _is_group(group: str) -> bool:
    """Whether a server may serve the API group: that of a CRD holds a dot.

    https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go
    """
    return "." in group or group in BUILTIN_GROUPS


def unread_producer(unread: Unread) -> Producer:
    """What was not read, as what may create more."""
    return Producer(f"{unread.path}, which was not read", Place.at_start(unread.path))


def chart_producer(directory: str) -> Producer:
    """A chart that is not rendered, as what may create more."""
    file = posixpath.join(directory, CHART_FILE)
    return Producer(f"the chart {directory}", Place.at_start(file))


class UnseenParts:
    """Files, directories and charts that were not read, by real path; a chart that is rendered is seen."""

    def __init__(self, unseen: Mapping[str, Producer]) -> None:
        self._unseen = unseen
        self._paths = sorted(unseen)
        self._rendered: set[str] = set()

    def note_rendered(self, builds: Iterable[Built]) -> None:
        """Notes the charts that some builds render."""
        self._rendered.update(*(find_charts(one.used) for one in builds))

    def is_rendered(self, path: str) -> bool:
        """Whether a path is or lies in a chart that is rendered."""
        return any(is_below(path, one) for one in self._rendered)

    def producers(self, places: Iterable[str], but: Collection[str] = ()) -> tuple[Producer, ...]:
        """What was not read at or below some places, but for some paths."""
        below = (path for place in places for path in self._list_below(place) if path not in but)
        return tuple(dict.fromkeys(self._unseen[path] for path in below))

    def _list_below(self, place: str) -> Iterator[str]:
        """The first paths at or below a place: one is as good as thousands."""
        start = "" if place == "." else place
        first = bisect_left(self._paths, start)
        near = takewhile(lambda path: path.startswith(start), islice(self._paths, first, None))
        return islice((path for path in near if is_below(path, place) and not self.is_rendered(path)), _MOST_UNSEEN)
