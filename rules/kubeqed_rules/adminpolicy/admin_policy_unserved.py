"""A policy of an administrator that the CNI of the cluster does not enforce.

AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy are custom
resources that few CNIs read, each from some version on, and some no longer: the API
server takes them, and nothing comes of it. Use the version that the CNI serves, or
the CNI's own policies.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.adminnetworkpolicy import AdminNetworkPolicy
from kubeqed.model.kinds.baselineadminnetworkpolicy import BaselineAdminNetworkPolicy
from kubeqed.model.kinds.clusternetworkpolicy import ClusterNetworkPolicy
from kubeqed.prove.questions.admin_rules import AdminPolicyServed
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="an administrator's policy that the CNI does not enforce",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY,  # an unknown version, or an engine that no manifest shows, would have to obey it
    since="0.1",
    references=("https://network-policy-api.sigs.k8s.io/implementations/",),
    exposure=True,
    sources="cni",
)

ADMIN = """
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: all}
spec: {priority: 10, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}
"""
EXPECTED = ADMIN.replace("{name: all}", "{name: all}  # expect: admin-policy-unserved (proved)")

VALID = [
    ADMIN,  # no CNI is named
    "# config: cni.name=calico\n# config: cni.version=3.30.0" + ADMIN,
    "# config: cni.name=ovn-kubernetes" + ADMIN,
    "# config: cni.name=cilium"
    + ADMIN.replace("policy.networking.k8s.io/v1alpha1", "networking.eks.example/v1alpha1"),  # another kind
]
INVALID = [
    "# config: cni.name=flannel" + EXPECTED,
    "# config: cni.name=cilium" + EXPECTED,
]


def check(world: World) -> Iterator[Finding]:
    kinds = (AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy)
    for policy in (item for kind in kinds for item in world.of(kind)):
        answer = world.ask(AdminPolicyServed(policy))
        if not answer.holds:
            why = f"is of a kind that {answer.reason}" if answer.reason else f"is not enforced by {answer.by}"
            yield Finding(
                at=policy.at("metadata.name"),
                answer=answer,
                at_most=answer.at_most,
                message=f"{policy} {why}",
                related=answer.places,
            )
