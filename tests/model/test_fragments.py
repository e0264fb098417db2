"""What is a fragment: a patch, an assertion of a test suite, a name to be deleted; and what is a broken manifest."""

from __future__ import annotations

import pytest
from tests.worlds import manifest, whole

from kubeqed.apiserver import Server, admit
from kubeqed.apiserver.decode.table import versions_of
from kubeqed.apiserver.fragments import _NEEDED, _WHOLE_WITHOUT
from kubeqed.diagnostic import Certainty
from kubeqed.model.kinds.builtin import BUILTIN
from kubeqed.model.units.commented import commented_patches
from kubeqed.model.units.input import Input
from kubeqed.parse import Mapping
from kubeqed.rule.documents import judge_documents
from kubeqed.rule.reasons import RULE_OF_REASON

PART = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 3\n"
BROKEN = PART + "  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}\n"
SIDECAR = "  template: {spec: {containers: [{name: web, imagePullPolicy: Always}, {name: side, image: nginx}]}}\n"
WHOLE = BROKEN + "  selector: {matchLabels: {app: web}}\n"
NAMED = "apiVersion: v1\nkind: {}\nmetadata: {{name: web}}\n"
OLD_CRD = "apiVersion: apiextensions.k8s.io/v1beta1\nkind: CustomResourceDefinition\nmetadata: {name: a.b.c}\n"
OLD_ROLE = "apiVersion: rbac.authorization.k8s.io/v1beta1\nkind: Role\nmetadata: {name: web}\nrules: []\n"
LOCAL = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: web, annotations: {{config.kubernetes.io/local-config: {}}}}}\ndata: {{a: 1}}"
OWNED = "apiVersion: v1\nkind: Service\nmetadata: {{name: web, ownerReferences: [{}]}}\nspec: {{ports: [{{port: 80}}]}}"
TEST = "apiVersion: chainsaw.kyverno.io/v1alpha1\nkind: Test\nmetadata: {name: t}\n"
STEP = "apiVersion: kuttl.dev/v1beta1\nkind: TestStep\n"

_GATEWAY = "Gateway HTTPRoute GRPCRoute TCPRoute TLSRoute UDPRoute ReferenceGrant GatewayClass BackendTLSPolicy"


def parts(found: Input) -> list[str]:
    return [item.part.file for one in found.manifests for item in one.fragments]


@pytest.mark.parametrize(
    "text",
    [
        PART,
        PART + "  template: {metadata: {annotations: {a.b/c: d}}}",
        PART + "  template: {spec: {nodeSelector: {a: b}}}",
        NAMED.format("Service"),
        NAMED.format("Service") + "spec: {type: LoadBalancer}",
        NAMED.format("Pod"),
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: web}\nspec: {suspend: true}",
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: web}\nspec: {suspend: true}",
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: {ingressClassName: nginx}",
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec: {minReplicas: 2}",
        "apiVersion: batch/v1\nkind: Job\nspec: {template: {spec: {containers: [{name: web}]}}}",
        PART + "  selector: {matchLabels: null}\n  template: null",
        PART + SIDECAR,
        (PART + SIDECAR).replace("Deployment", "DaemonSet").replace("  replicas: 3\n", ""),
        PART + SIDECAR + "  volumeClaimTemplates: []\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: }\nspec: {ports: [{port: , targetPort: }], selector: {run: }}",
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n$patch: delete\nspec: {ports: [{port: 80}]}",
        OWNED.format("{kind: Thing, name: web, controller: true}"),
        PART + "  (template.spec.containers[?name == 'web']): [{image: nginx}]\n",
        BROKEN + "status:\n  (conditions[?type == 'Available']): [{status: 'True'}]\n",
        "apiVersion: v1\nkind: Secret\nname: web\nrootName: shop",
        LOCAL.format("'true'"),
        "apiVersion: v1\nkind: Secret\nname: web",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\ntype: kubernetes.io/dockerconfigjson",
    ],
)
def test_what_has_nothing_that_its_kind_needs_is_one(text: str) -> None:
    found = whole({"x.yaml": text})
    assert (parts(found), found.objects) == (["x.yaml"], ())


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Secret\nname: web\ndata: {key: dmFsdWU=}",
        "apiVersion: v1\nkind: Secret\nmetdata: {name: web}",
        "apiVersion: v1\nkind: Namespace\nname: shop",
        LOCAL.format("'false'"),
        LOCAL.format("'true'").replace("local-config", "local"),
        "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\ntype: kubernetes.io/tls\ndata: {tls.crt: ''}",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\ntype: kubernetes.io/tls\ndatas: {tls.crt: ''}",
        "apiVersion: v1\nkind: ServiceAccount\nname: web",
        WHOLE,
        OWNED.format("{apiVersion: example.com/v1, kind: Thing, name: web}"),
        OWNED.format("{kind: Thing, name: web}, {kind: Thing, name: db, uid: a-b-c}"),
        OWNED.format("{kind: Thing}"),
        OWNED.format(""),
        BROKEN,
        PART + "  selector: {matchLabels: {app: web}}",
        PART + "  template: {spec: {containers: []}}",
        PART + SIDECAR + "  selector: {matchLabels: {app: web}}\n",
        (PART + SIDECAR).replace("Deployment", "DaemonSet").replace("imagePullPolicy: Always", "image: a"),
        PART + SIDECAR.replace("imagePullPolicy: Always", "imgae: nginx"),
        PART + "  contianers: [{name: web, image: nginx}]",
        PART.replace("spec:", "specs:"),
        NAMED.format("Service") + "spec: {selector: {app: web}}",
        NAMED.format("Service") + "spec: {clusterIP: None}",
        NAMED.format("Service") + "spec: {type: ExternalName, externalName: example.com}",
        NAMED.format("Service") + "spec: {port: 80}",
        NAMED.format("Namespace"),
        NAMED.format("ConfigMap"),
        NAMED.format("Secret"),
        "apiVersion: v1\nkind: Namespace\nmetadata: {}",
        "apiVersion: v1\nkind: Service\nspec: {ports: [{port: 80}]}",
        "apiVersion: batch/v1\nkind: Job\nmetadata: {labels: {a: b}}\nspec: {template: {spec: {containers: [{name: web}]}}}",
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}",
        "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: web}",
        "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: web}",
        "apiVersion: example.com/v1\nkind: Deployment\nmetadata: {name: web}",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {{{ toYaml .Values.spec }}}",
    ],
)
def test_a_whole_or_a_broken_manifest_is_none(text: str) -> None:
    found = whole({"x.yaml": text})
    assert (parts(found), len(found.objects)) == ([], 1)


@pytest.mark.parametrize(
    ("name", "text", "is_one"),
    [
        ("00-assert.yaml", WHOLE, True),
        ("10-errors.yml", NAMED.format("ConfigMap"), True),
        ("02-assert-more.yaml", WHOLE, True),
        ("assert.yaml", WHOLE, False),
        ("00-asserted.yaml", WHOLE, False),
        ("memory_patch.yaml", BROKEN, True),
        ("patch-web.yaml", WHOLE, False),
        ("delete.yaml", BROKEN, True),
        ("delete.yaml", NAMED.format("Namespace"), False),
        ("delete.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {}", False),
        ("patches/web.yaml", BROKEN, True),
        ("patches/web.yaml", WHOLE, False),
        ("dispatches/web.yaml", BROKEN, False),
        ("kustomize/web.yaml", BROKEN, True),
        ("kustomize/base/web.yaml", BROKEN, False),
        ("cronjob-attach.yaml", BROKEN, True),
        ("attach.yaml", WHOLE, False),
        ("attachment.yaml", BROKEN, False),
        ("patches/crd.yaml", OLD_CRD, True),
        ("patches/role.yaml", OLD_ROLE, False),
    ],
)
def test_names_that_say_so(name: str, text: str, is_one: bool) -> None:
    assert bool(parts(whole({name: text}))) is is_one


KUSTOMIZATION = """
resources:
- web.yaml
#- other.yaml
#patches:
#- path: first.yaml
# [WEBHOOK] what is to be uncommented
#- second.yaml  # the second
patches:
- path: third.yaml
#- path: "sub/fourth.yml"
  # - path: fifth.yaml
images:
#- path: sixth.yaml
"""


def test_patches_that_a_kustomization_names_also_in_comments() -> None:
    assert list(commented_patches(KUSTOMIZATION)) == ["first.yaml", "second.yaml", "sub/fourth.yml", "fifth.yaml"]
    names = ["web.yaml", "other.yaml", "first.yaml", "second.yaml", "third.yaml", "sub/fourth.yml", "sixth.yaml"]
    found = whole({"k/kustomization.yaml": KUSTOMIZATION, **{f"k/{name}": WHOLE for name in names}})
    assert sorted(parts(found)) == [
        f"k/{name}" for name in ("first.yaml", "second.yaml", "sub/fourth.yml", "third.yaml")
    ]


def test_what_a_kustomization_names_as_a_resource_is_an_object_whatever_it_lacks() -> None:
    found = whole({"k/kustomization.yaml": "resources: [web.yaml]", "k/web.yaml": PART, "x/web.yaml": PART})
    assert ([item.file for item in found.objects], parts(found)) == (["k/web.yaml"], ["x/web.yaml"])


@pytest.mark.parametrize(
    "suite",
    [
        TEST + "spec: {steps: [{try: [{apply: {file: a.yaml}}, {assert: {file: b.yaml}}]}]}",
        TEST + "spec: {steps: [{try: [{apply: {file: a.yaml}}, {error: {file: b.yaml}}]}]}",
        TEST + "spec: {steps: [{try: [{create: {file: a.yaml}}], cleanup: [{patch: {file: ./b.yaml}}]}]}",
        STEP + "apply: [a.yaml]\nassert: [b.yaml]",
        STEP + "apply: [a.yaml]\nerror: [b.yaml]",
    ],
)
def test_what_a_test_suite_compares_with(suite: str) -> None:
    found = whole({"t/chainsaw-test.yaml": suite, "t/a.yaml": WHOLE, "t/b.yaml": WHOLE, "b.yaml": WHOLE})
    assert parts(found) == ["t/b.yaml"]


def test_a_fragment_takes_part_in_nothing() -> None:
    found = whole({"x.yaml": PART + "---\n" + NAMED.format("ConfigMap")})
    assert [item.kind for unit in found.units for item in unit.objects] == ["ConfigMap"]
    assert [item.kind for item in found.objects] == ["ConfigMap"]
    assert not [producer for unit in found.units for producer in unit.producers]


def test_the_needed_fields_are_those_without_which_the_server_refuses_the_kind() -> None:
    gateways = (("gateway.networking.k8s.io", kind) for kind in _GATEWAY.split())
    for group, kind in (*BUILTIN, *gateways):
        if not _WHOLE_WITHOUT.fullmatch(kind):
            refused = any(_refused_when_empty(group, version, kind) for version in _versions(group, kind))
            assert refused == ((group, kind) in _NEEDED), (group, kind)


def _versions(group: str, kind: str) -> list[str]:
    return list(versions_of(group, kind)) or ["v1", "v1beta1", "v1alpha2"]


def _refused_when_empty(group: str, version: str, kind: str) -> bool:
    """Whether an object with a name and, where the kind has one, an empty spec lacks something."""
    api = f"{group}/{version}" if group else version
    found = []
    for spec in ("", "\nspec: {}"):
        root = manifest(f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: web}}{spec}").documents[0].document.root
        assert isinstance(root, Mapping)
        said = list(admit(root, group, version, kind, Server()))
        if not any(RULE_OF_REASON[violation.reason] == "field-unknown" for violation in said):
            found.append(any(one.missing and one.certainty is Certainty.REJECTED for one in said))
    return all(found)


@pytest.mark.parametrize(
    ("keys", "count"),
    [
        ("releaseName: web\nskipTest: false", 2),
        ("releaseName: web", 0),
        ("replicas: 1\ntemplate: {}", 0),
        ("metdata: {}\nreleaseName: web", 0),
    ],
)
def test_a_file_with_keys_of_another_program_is_its_own(keys: str, count: int) -> None:
    found = whole({"x.yaml": f"{keys}\n{WHOLE}---\n{BROKEN}"})
    assert parts(found) == ["x.yaml"] * count
    twice = whole({"x.yaml": f"{keys}\n{WHOLE}kind: Deployment\n"})
    assert ("key-defined-twice" in {rule for rule, _ in judge_documents(twice)}) is not bool(count)
