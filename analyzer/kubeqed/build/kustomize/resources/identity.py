"""How kustomize names a resource: by group, version, kind, name and namespace, now and at each step before."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from kubeqed.build.kustomize.tables import CLUSTER_SCOPED

NO_NAMESPACE = "_non_namespaceable_"
_DEFAULT = "default"


class ResourceId(NamedTuple):
    """An identifier (resid.ResId); `scoped` says whether the kind is known to have no namespace."""

    group: str
    version: str
    kind: str
    name: str
    namespace: str
    is_cluster_scoped: bool = False

    @property
    def effective_namespace(self) -> str:
        """The namespace that counts where two are compared."""
        if self.is_cluster_scoped:
            return NO_NAMESPACE
        return self.namespace if self.namespace not in ("", _DEFAULT) else _DEFAULT

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What two identifiers of one resource share."""
        return self.group, self.version, self.kind, self.name, self.effective_namespace

    def is_selected(self, group: str, version: str, kind: str) -> bool:
        """Whether each of the three that is not empty is this one's."""
        return group in ("", self.group) and version in ("", self.version) and kind in ("", self.kind)

    def __str__(self) -> str:
        kind = f"{self.kind or '[noKind]'}.{self.version or '[noVer]'}.{self.group or '[noGrp]'}"
        return f"{kind}/{self.name or '[noName]'}.{self.namespace or '[noNs]'}"


def split_version(api_version: str) -> tuple[str, str]:
    """Group and version of an `apiVersion`."""
    group, slash, version = api_version.partition("/")
    return (group, version) if slash else ("", api_version)


@lru_cache(maxsize=1 << 12)
def identify_type(api_version: str, kind: str) -> tuple[str, str, bool]:
    """Group and version of an `apiVersion`, and whether kustomize knows that the kind has no namespace."""
    return *split_version(api_version), is_cluster_scoped(api_version, kind)


def is_cluster_scoped(api_version: str, kind: str) -> bool:
    """Whether kustomize knows that the kind has no namespace."""
    return f"{api_version} {kind}" in CLUSTER_SCOPED
