"""An intent names a namespace that no manifest shows.

No manifest declares it, and no object is in it: it is misspelt, or it stands elsewhere.
Mend the name, or add the Namespace to the manifests.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.stated_intents import find_missing_namespaces
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="an intent names a namespace that is not there",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://github.com/kubeqed/kubeqed/blob/main/docs/prove.md",),
)

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME, namespace: shop, labels: {app: NAME}}\n"
POD += "spec: {containers: [{name: NAME, image: nginx}]}\n"
PODS = POD.replace("NAME", "web") + "---\n" + POD.replace("NAME", "db")
INTENT = """# file: kubeqed.yaml
intents:
- name: nobody reaches it
  from: {namespace: SPACE}
  to: external
  expect: allowed
"""

VALID = [PODS + INTENT.replace("SPACE", "shop")]
INVALID = [PODS + INTENT.replace("SPACE}", "shopp}  # expect: intent-namespace-missing (likely)")]


def check(world: World) -> Iterator[Finding]:
    limit = None if world.unit.closed else Certainty.LIKELY
    for one in world.find(find_missing_namespaces):
        yield Finding(at=one.place, answer=one.answer, at_most=limit, message=one.text)
