"""A PodDisruptionBudget protects no pod.

Its selector matches no pod of its namespace, and nothing says so: when nodes are drained,
all pods that were meant may be evicted at one time, and the Service has no endpoints.
Make the selector match the labels of the pod template.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.poddisruptionbudget import PodDisruptionBudget
from kubeqed.prove.questions.policy_pods import BudgetSelectsPods
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="PodDisruptionBudget protects no pod",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY_WITH_CANDIDATE,
    since="0.1",
    references=("https://kubernetes.io/docs/tasks/run-application/configure-pdb/",),
)

CARTS = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: carts, namespace: shop}
spec:
  selector: {matchLabels: {app: carts}}
  template: {metadata: {labels: {app: carts}}, spec: {containers: [{name: web, image: nginx}]}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: carts
  namespace: shop
"""
SELECTOR = CARTS + "spec:\n  minAvailable: 1\n  selector:\n    matchLabels:\n      app: carts"

VALID = [
    SELECTOR,
    CARTS + "spec: {minAvailable: 1, selector: {}}",
    CARTS + "spec: {minAvailable: 1}",
    SELECTOR.replace("      app: carts", "      app: ${APP}"),
    SELECTOR.replace("      app: carts", "      app: other  # expect: budget-selects-nothing (possible)"),
]
INVALID = [
    SELECTOR.replace("      app: carts", "      app: cart  # expect: 12 budget-selects-nothing (likely)"),
    SELECTOR.replace("  namespace: shop\nspec", "  namespace: shops  # expect: budget-selects-nothing (likely)\nspec"),
    "# config: world=closed"
    + SELECTOR.replace("      app: carts", "      app: other  # expect: budget-selects-nothing (proved)"),
]


def check(world: World) -> Iterator[Finding]:
    for budget in world.of(PodDisruptionBudget):
        answer = world.ask(BudgetSelectsPods(budget))
        if not answer.holds:
            yield Finding(
                at=budget.at("metadata.namespace") if answer.stands_elsewhere else answer.place,
                answer=answer,
                message=f"{budget} protects no pod{answer.candidate}",
                related=answer.related,
            )
