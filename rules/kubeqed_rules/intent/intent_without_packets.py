"""An intent speaks of no packet, so that it holds whatever the policies say.

No pod or address is meant by one of its ends: labels may be misspelt, or the pods are
gone. An intent that holds for nothing lulls. Mend its labels, or delete it.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.stated_intents import find_without_packets
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="an intent speaks of no packet",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=("https://github.com/kubeqed/kubeqed/blob/main/docs/prove.md",),
)

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME, namespace: shop, labels: {app: NAME}}\n"
POD += "spec: {containers: [{name: NAME, image: nginx}]}\n"
PODS = POD.replace("NAME", "web") + "---\n" + POD.replace("NAME", "db")
INTENT = """# file: kubeqed.yaml
intents:
- name: nobody reaches it
  from: all
  to: {pods: {matchLabels: {app: APP}}}
  expect: denied
"""

VALID = [
    PODS + INTENT.replace("APP", "db").replace("denied", "allowed"),
    PODS + INTENT.replace("APP", "db").replace("{pods", "{scope: any-pod, pods").replace("denied", "allowed"),
]
INVALID = [
    PODS
    + INTENT.replace("APP", "database").replace("reaches it", "reaches it  # expect: intent-without-packets (likely)"),
]


def check(world: World) -> Iterator[Finding]:
    for one in world.find(find_without_packets):
        yield Finding(at=one.place, answer=one.answer, at_most=Certainty.LIKELY, message=one.text)
