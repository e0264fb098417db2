"""Documents that are manifests but for their type: which are refused, at which key, and which are another program's."""

from __future__ import annotations

import pytest
from tests.parse.reading import document

from kubeqed.apiserver import find_misspelt_type

REFUSED = [
    ("apiversion: v1\nkind: Service\nmetadata: {name: web}", "apiversion", "apiVersion"),
    ("kind: Namespace\nmetadata: {name: web}", "", None),
    ("kind: Service\nmetadata: {name: web}\nspec: {mode: HTTP, ports: [{port: 80}]}", "", None),
    ("kind: Secret\nmetadata: {name: web}\ndata: {a: Yg==}\nsop: {version: 3.7.3}", "", None),
    ("apiVersions: v1\nkind: Service\nmetadata: {name: web}", "apiVersions", "apiVersion"),
    ("apiVerison: v1\nkind: ConfigMap\ndata: {}", "apiVerison", "apiVersion"),
    ("apiVersion: v1\nKind: Service\nmetadata: {name: web}", "Kind", "kind"),
    ("apiVersion: cert-manager.io/v1\nkin: Certificate\nmetadata: {name: web}", "kin", "kind"),
    ("apiversion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: web}", "apiversion", "apiVersion"),
    ("kind: Service\nmetadata: {name: web}", "", None),
    ("apiVersion: v1\nmetadata: {name: web}", "", None),
    ("apiVersion: v1\nkind:\nmetadata: {name: web}", "", None),
    ("apiVersion: v1\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\nports: []", "", None),
    ("apiVersion: v1\nmetadata: {name: web}\nstringData: {a: b}", "", None),
    ("apiVersion: cert-manager.io/v1\nmetadata: {name: web}", "", None),
    ("apiVersion: v1\nkind: List\nitems: [null]", "items[0]", None),
    ("apiVersion: v1\nkind: List\nitems: [{kind: Pod, metadata: {name: web}}]", "items[0]", None),
]
NONE = [
    "kind: Namespace\nmetadata: {name: web}\nspec: {authorization: {policies: [a]}}",
    "kind: Secret\nmetadata: {name: web}\ndata: {a: Yg==}\nsops: {version: 3.7.3}",
    "apiVersion: v1\nkind: List\nitems: null",
    "apiVersion: v1\nkind: List\nitems: []",
    "apiVersion: v1\nkind: List\nitems: ['${ITEM}']",
    "apiVersion: v1\nkind: PodList\nitems: [{metadata: {name: web}}]",
    "apiVersion: ${VERSION}\nkind: ${KIND}\nitems: [null]",
    "apiVersion: v2\nname: chart\nversion: 1.0.0",
    "apiVersion: 1\ndatasources: []",
    "apiVersion: v1\nbaseDomain: example.com\nmetadata: {name: cluster}\nplatform: {aws: {region: us-east-1}}",
    "apiVersion: v1\ntype: cli/v1\nname: plugin",
    "kind: Thing\nmetadata: {name: web}",
    "apiversion: scorecard.operatorframework.io/v1alpha3\nkind: Configuration\nmetadata: {name: config}",
    "apiversion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nmetadata: {name: web}",
    "apiVersion: kubelet.config.k8s.io/v1beta1\nmetadata: {name: web}",
    "kind: Service\nname: web",
    "find: all\nbind: 127.0.0.1",
    "{{ toYaml . }}\nkind: Service\nmetadata: {name: web}",
]


@pytest.mark.parametrize(("text", "path", "meant"), REFUSED)
@pytest.mark.parametrize("named", [True, False])
def test_what_lacks_its_type_is_refused(text: str, path: str, meant: str | None, named: bool) -> None:
    (found,) = find_misspelt_type(document(text).root, named=named)
    assert (found.path, found.suggestion, found.missing) == (path, meant, meant is None)


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_manifest_is_nobodys_business(text: str) -> None:
    assert not list(find_misspelt_type(document(text).root, named=True))


def test_two_slips_count_only_in_a_file_that_somebody_named() -> None:
    root = document("apiversion: v1\nKind: Service\nmetadata: {name: web}").root
    assert [found.path for found in find_misspelt_type(root, named=True)] == ["apiversion", "Kind"]
    assert not list(find_misspelt_type(root, named=False))
