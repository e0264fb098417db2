"""A policy, a rule or a peer changes nothing: without it, every packet would fare the same.

The rules of all policies for a pod add up, so that what another rule allows already is
not allowed twice. It is proved for every pod that anybody may ever deploy, not only for
those of the manifests. What is redundant misleads: who deletes it to close something
closes nothing. Delete it, or see what was meant. A policy without rules, which denies by
default, is never called redundant.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.redundant import RedundantPart, find_redundant_parts
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="a policy, a rule or a peer changes nothing",
    certainty=Certainty.POSTURE,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation",
    ),
    exposure=True,
)

WEB = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
"""
OTHER = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: other, namespace: shop}
spec:
  podSelector: SELECTOR
  ingress:
"""
ALL = OTHER.replace("SELECTOR", "{}")
PROXY = "  - from: [{podSelector: {matchLabels: {app: proxy}}}]\n"
HTTP = PROXY + "    ports: [{port: 80}]\n"
MARK = "  # expect: policy-redundant (posture)"
NAMED = WEB.replace("{name: web, namespace: shop}", "{name: web, namespace: shop}" + MARK)

VALID = [
    WEB + HTTP + PROXY.replace("proxy", "cart"),
    WEB + HTTP + ALL + PROXY.replace("proxy", "cart"),
    WEB + PROXY + ALL + HTTP,  # the wide one is needed for other ports
    WEB + HTTP + OTHER.replace("SELECTOR", "{matchLabels: {app: db}}") + HTTP,
    WEB + HTTP + ALL.replace("shop", "market") + HTTP,
    WEB.replace("  ingress:\n", "  policyTypes: [Ingress]\n")
    + ALL.replace("  ingress:\n", "  policyTypes: [Ingress]\n"),
    WEB + HTTP + ALL + "  - from: [{podSelector: {matchLabels: {app: '${PROXY}'}}}]\n    ports: [{port: 80}]\n",
]
INVALID = [
    NAMED + HTTP + ALL + PROXY,
    WEB + f"  - from:{MARK}\n    - podSelector: {{matchLabels: {{app: proxy}}}}\n    ports: [{{port: 80}}]\n" + PROXY,
    WEB + "  - from:\n    - podSelector: {}\n    - podSelector: {matchLabels: {app: proxy}}" + MARK,
    # together the two others allow all of it
    WEB
    + "  - from: [{podSelector: {matchExpressions: [{key: app, operator: Exists}]}}]\n"
    + "  - from: [{podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}}]\n"
    + "  - from: [{podSelector: {matchLabels: {team: shop}}}]"
    + MARK,
]


def check(world: World) -> Iterator[Finding]:
    for one in world.find(find_redundant_parts):
        what = f" {one.what}" if one.what else ""
        yield Finding(
            at=one.place,
            answer=one.answer,
            message=f"{one.policy}{what} changes nothing: {_explain_part(one)}",
            related=one.covers,
        )


def _explain_part(one: RedundantPart) -> str:
    if not one.covers:
        return "the policies of the other side, or those of administrators, decide about all that it allows"
    return "other policies isolate and allow the same" if one.by_policy else "other rules allow all that it allows"
