"""The objects that Helm gives to templates beside values: `.Chart`, `.Files`, `.Capabilities`, `.Release`."""

from __future__ import annotations

import base64
import posixpath
import re
from collections.abc import Callable
from typing import Any

from kubeqed.build.glob import CHART_FILES, compile_glob
from kubeqed.build.gotemplate.functions.yaml_text import to_yaml
from kubeqed.build.gotemplate.values import TemplateError, TemplateObject, entry_of
from kubeqed.build.helm.chart import Chart, ChartFile

HELM_VERSION = "v3.22"
KUBERNETES_VERSION = "v1.20.0"  # what `helm template` says where no cluster is asked
# The versions that client-go knows, which `helm template` takes for those of the cluster (chartutil.DefaultVersionSet).
API_VERSIONS = frozenset(
    f"{group}/{version}".removeprefix("/")
    for group, versions in {
        "": "v1",
        "admissionregistration.k8s.io": "v1 v1alpha1 v1beta1",
        "internal.apiserver.k8s.io": "v1alpha1",
        "apps": "v1 v1beta1 v1beta2",
        "authentication.k8s.io": "v1 v1alpha1 v1beta1",
        "authorization.k8s.io": "v1 v1beta1",
        "autoscaling": "v1 v2",
        "batch": "v1 v1beta1",
        "certificates.k8s.io": "v1 v1beta1 v1alpha1",
        "coordination.k8s.io": "v1alpha2 v1beta1 v1",
        "discovery.k8s.io": "v1 v1beta1",
        "events.k8s.io": "v1 v1beta1",
        "extensions": "v1beta1",
        "flowcontrol.apiserver.k8s.io": "v1 v1beta1 v1beta2 v1beta3",
        "lifecycle.k8s.io": "v1alpha1",
        "networking.k8s.io": "v1 v1beta1",
        "node.k8s.io": "v1 v1alpha1 v1beta1",
        "policy": "v1 v1beta1",
        "rbac.authorization.k8s.io": "v1 v1beta1 v1alpha1",
        "resource.k8s.io": "v1 v1beta2 v1beta1 v1alpha3",
        "scheduling.k8s.io": "v1alpha3 v1beta1 v1",
        "storage.k8s.io": "v1beta1 v1 v1alpha1",
        "storagemigration.k8s.io": "v1 v1beta1",
        "apiextensions.k8s.io": "v1beta1 v1",
    }.items()
    for version in versions.split()
)
_FIELDS = {
    "Name": "name",
    "Home": "home",
    "Sources": "sources",
    "Version": "version",
    "Description": "description",
    "Keywords": "keywords",
    "Maintainers": "maintainers",
    "Icon": "icon",
    "APIVersion": "apiVersion",
    "ApiVersion": "apiVersion",
    "Condition": "condition",
    "Tags": "tags",
    "AppVersion": "appVersion",
    "Deprecated": "deprecated",
    "Annotations": "annotations",
    "KubeVersion": "kubeVersion",
    "Dependencies": "dependencies",
    "Type": "type",
}
_EMPTY: dict[str, Any] = {
    "Deprecated": False,
    "Annotations": {},
    "Sources": [],
    "Keywords": [],
    "Maintainers": [],
    "Dependencies": [],
}


_SUFFIX = re.compile(r"[-+].*")  # what providers add to a version; templates do not see it
Serves = Callable[[str], bool]  # whether a cluster serves `apps/v1`, or `apps/v1/Deployment`


class ChartObject(TemplateObject):
    """`.Chart`: the fields of Chart.yaml."""

    type_name = "struct { chart.Metadata; IsRoot bool }"

    def __init__(self, chart: Chart) -> None:
        self._metadata = chart.metadata
        self._is_root = chart.parent is None

    def is_of(self, chart: Chart) -> bool:
        """Whether these are the fields of a chart."""
        return self._metadata is chart.metadata

    def field(self, name: str) -> Any:
        """A field, a TemplateError for one that Helm does not have; Chart.yaml's numbers are texts, as Helm's are."""
        if name == "IsRoot":
            return self._is_root
        if name not in _FIELDS or name == "ApiVersion":
            raise TemplateError(f"can't evaluate field {name} in type interface {{}}")
        value = entry_of(self._metadata, _FIELDS[name])
        if value is None:
            return _EMPTY.get(name, "")
        if isinstance(value, list) and name == "Maintainers":
            return [_Maintainer(one) if isinstance(one, dict) else one for one in value]
        return value

    def encoded(self) -> dict[str, Any]:
        """The fields that are set, under the names that Chart.yaml has."""
        stated = {key: entry_of(self._metadata, key) for key in _FIELDS.values() if self._metadata.get(key)}
        return {**stated, "IsRoot": self._is_root}


class _Maintainer(TemplateObject):
    """A maintainer."""

    type_name = "*chart.Maintainer"

    def __init__(self, stated: dict[str, Any]) -> None:
        self._stated = stated

    def field(self, name: str) -> Any:
        """Its name, email or URL."""
        if name not in ("Name", "Email", "URL"):
            return super().field(name)
        return self._stated.get(name.lower()) or ""

    def encoded(self) -> dict[str, Any]:
        """What is stated."""
        return self._stated


class FilesObject(TemplateObject):
    """`.Files`: the files of a chart that are neither templates nor values."""

    type_name = "engine.files"

    def __init__(self, files: list[ChartFile]) -> None:
        self._files = {one.name: one for one in files}

    def field(self, name: str) -> Any:
        """A method."""
        methods = {
            "Get": self._get_content,
            "GetBytes": self._get_content,
            "Lines": self._list_lines,
            "Glob": self._match_files,
            "AsConfig": lambda: to_yaml({posixpath.basename(name): one.text for name, one in self._files.items()}),
            "AsSecrets": self._encode_secrets,
        }
        if name in methods:
            return methods[name]
        return self._files[name].traced() if name in self._files else None

    def items(self) -> list[tuple[str, str]]:
        """The files by name, as `range` goes over them."""
        return [(name, self._files[name].traced()) for name in sorted(self._files)]

    def encoded(self) -> dict[str, str]:
        """The bytes of the files, as base64."""
        return {name: base64.b64encode(one.content).decode() for name, one in self._files.items()}

    def _get_content(self, name: str) -> str:
        """`Get`: empty where there is no such file."""
        return self._files[name].traced() if name in self._files else ""

    def _list_lines(self, name: str) -> list[str]:
        """`Lines`."""
        if name not in self._files:
            return []
        lines = self._files[name].text.split("\n")
        return lines[:-1] if lines and not lines[-1] else lines

    def _match_files(self, pattern: str) -> FilesObject:
        """`Glob`."""
        try:
            matches = compile_glob(pattern, CHART_FILES)
        except ValueError:
            return self  # what is no pattern matches all files, as Helm has it
        return FilesObject([one for name, one in self._files.items() if matches(name)])

    def _encode_secrets(self) -> str:
        """`AsSecrets`."""
        encoded = {
            posixpath.basename(name): base64.b64encode(one.content).decode() for name, one in self._files.items()
        }
        return to_yaml(encoded)

    def __bool__(self) -> bool:
        return bool(self._files)


class VersionSet(list[Any], TemplateObject):
    """`.Capabilities.APIVersions`: a list of texts with a method."""

    type_name = "chartutil.VersionSet"

    def __init__(self, serves: Serves, more: tuple[str, ...]) -> None:
        super().__init__([*sorted(filter(serves, API_VERSIONS)), *more])
        self._serves = serves
        self._more = more

    def field(self, name: str) -> Any:
        """`Has`."""
        return self._is_served if name == "Has" else super().field(name)

    def encoded(self) -> list[Any]:
        """The versions."""
        return list(self)

    def _is_served(self, api: str) -> bool:
        """Whether a version, or a kind of one, is served."""
        return api in self._more or self._serves(api)


class KubeVersion(TemplateObject):
    """`.Capabilities.KubeVersion`."""

    type_name = "chartutil.KubeVersion"

    def __init__(self, version: str) -> None:
        self._version = f"v{_SUFFIX.sub('', version.removeprefix('v'))}"

    def field(self, name: str) -> Any:
        """The version, or a part of it."""
        parts = [*self._version.removeprefix("v").split("."), "0"]
        fields: dict[str, Any] = {"Version": self._version, "Major": parts[0], "Minor": parts[1]}
        if name in ("String", "GitVersion"):
            return lambda: self._version
        return fields[name] if name in fields else super().field(name)

    def encoded(self) -> dict[str, Any]:
        """The version and its parts."""
        return {name: self.field(name) for name in ("Version", "Major", "Minor")}

    def __str__(self) -> str:
        return self._version


class HelmVersion(TemplateObject):
    """`.Capabilities.HelmVersion`."""

    type_name = "version.BuildInfo"

    def field(self, name: str) -> Any:
        """The version."""
        fields = {"Version": HELM_VERSION, "GitCommit": "", "GitTreeState": "", "GoVersion": "go1.26"}
        return fields[name] if name in fields else super().field(name)

    def encoded(self) -> dict[str, Any]:
        """What is known of it."""
        return {"version": HELM_VERSION, "go_version": self.field("GoVersion")}


class Capabilities(TemplateObject):
    """`.Capabilities`: what is said of the cluster; `more` are API versions beside those of the server."""

    type_name = "*chartutil.Capabilities"

    def __init__(
        self,
        kubernetes: str = KUBERNETES_VERSION,
        serves: Serves = API_VERSIONS.__contains__,
        more: tuple[str, ...] = (),
    ) -> None:
        self._fields: dict[str, Any] = {
            "KubeVersion": KubeVersion(kubernetes),
            "APIVersions": VersionSet(serves, more),
            "HelmVersion": HelmVersion(),
        }

    def field(self, name: str) -> Any:
        """One of the three."""
        return self._fields[name] if name in self._fields else super().field(name)

    def encoded(self) -> dict[str, Any]:
        """All three."""
        return self._fields
