"""A NetworkPolicy uses what the CNI of the cluster does not support.

CNIs enforce NetworkPolicies to different degrees, and most drop in silence what
they do not know: an `endPort` that is not read allows only the first port, a
named port that is read as 0 opens all of them, an `except` may void the block.
Say the same with what the CNI supports, or use a version of it that does.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.questions.policy_enforced import CniNamed, PolicyFeatureSupported, used_features
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="NetworkPolicy uses what the CNI does not support",
    certainty=Certainty.PROVED,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-range-of-ports",
        "https://github.com/cilium/cilium/issues/28684",
    ),
    when_unseen=WhenUnseen.LIKELY,  # an unknown version, partial support, or an engine that no manifest shows would have to do it
    sources="cni",
)

POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {}
  ingress:
  - ports:
    - port: 8000
"""
RANGE = POLICY + "      endPort: 8100"
SCTP = POLICY + "      protocol: SCTP"
NAMED = POLICY.replace("8000", "http")
HOLE = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {}
  ingress:
  - from:
    - ipBlock:
        cidr: 10.0.0.0/8
        except: [10.1.0.0/16]"""
LABELS = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector:
    matchLabels:
      a: x
      b: x
      c: x
      d: x
"""
CILIUM = """
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: cilium, namespace: kube-system}
spec: {template: {spec: {containers: [{name: agent, image: "quay.io/cilium/cilium:v1.15.3"}]}}}
"""
SCTP_ON = """
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-config, namespace: kube-system}
data: {enable-sctp: "true"}
"""

VALID = [
    RANGE,
    RANGE + CILIUM.replace("1.15.3", "1.16.0"),
    "# config: cni.name=cilium\n# config: cni.version='1.17'" + SCTP + SCTP_ON,
    "# config: cni.name=calico\n# config: cni.version=3.27.0" + RANGE,
    "# config: cni.name=calico" + RANGE + "  # expect: policy-feature-unsupported (possible)",
    "# config: cni.name=k3s" + RANGE + "  # expect: policy-feature-unsupported (possible)",
    "# config: cni.name=nsx-ncp" + RANGE + "  # expect: policy-feature-unsupported (possible)",
    "# config: cni.name=nsx-ncp" + LABELS,
    "# config: cni.name=calico" + LABELS + "      e: x",
    "# config: cni.name=openshift-sdn-networkpolicy" + HOLE.replace("        except: [10.1.0.0/16]", ""),
    "# config: cni.name=flannel" + RANGE,  # nothing is enforced: another rule says that
]
INVALID = [
    RANGE + '  # expect: policy-feature-unsupported (likely) "only the first port"' + CILIUM,
    "# config: world=closed" + RANGE + "  # expect: policy-feature-unsupported (proved)" + CILIUM,
    "# config: cni.name=cilium\n# config: cni.version=1.15.3"
    + RANGE
    + "  # expect: 16 policy-feature-unsupported (proved)",
    "# config: cni.name=cilium" + RANGE + '  # expect: policy-feature-unsupported (likely) "from 1.16 on"',
    "# config: cni.name=weave-net" + RANGE + "  # expect: policy-feature-unsupported (likely)",  # inferred
    "# config: cni.name=cilium" + SCTP + "  # expect: policy-feature-unsupported (likely)",
    "# config: cni.name=nsx-ncp" + SCTP + "  # expect: policy-feature-unsupported (proved)",
    "# config: cni.name=ovn-kubernetes" + NAMED.replace("http", "http  # expect: policy-feature-unsupported (proved)"),
    "# config: cni.name=openshift-sdn-networkpolicy" + HOLE + "  # expect: policy-feature-unsupported (proved)",
    "# config: cni.name=nsx-ncp" + LABELS + '      e: x  # expect: policy-feature-unsupported (proved) "at most 4"',
]


def check(world: World) -> Iterator[Finding]:
    if not world.ask(CniNamed()).holds:
        return
    for networkpolicy in world.of(NetworkPolicy):
        for use in used_features(networkpolicy):
            answer = world.ask(PolicyFeatureSupported(networkpolicy, use))
            if not answer.holds:
                yield Finding(
                    at=networkpolicy.at(answer.path),
                    answer=answer,
                    at_most=answer.at_most,
                    message=f"{networkpolicy} {answer.predicate}",
                    related=answer.places,
                )
