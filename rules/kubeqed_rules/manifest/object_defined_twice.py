"""One file, or one stated unit, defines the same object twice.

Both definitions are applied to one object, so that the second overwrites the
first, and which one is second may change with the order of the files; a
kustomization does not build at all. Often one was copied and not renamed.
Rename one of them, or remove it.

One finding names the directories of a stated unit, or of `--world closed`, that
define several objects again and look like variants, such as `dev` and `prod`.
Pass one of them, or state each as a unit in kubeqed.yaml.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.distinct_objects import find_repeated_objects
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="object is defined twice",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",),
)

WEB = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: [{port: 80}]}
---
"""
SECOND = """
apiVersion: v1
kind: Service
spec: {ports: [{port: 80}]}
metadata:
  namespace: shop
"""

VALID = [
    WEB + SECOND + "  name: api",
    WEB + SECOND.replace("shop", "bank") + "  name: web",
    WEB + SECOND.replace("v1", "serving.knative.dev/v1") + "  name: web",
    WEB + SECOND + "  name: ${NAME}",
    WEB.replace("shop", "NAMESPACE") + SECOND.replace("shop", "NAMESPACE") + "  name: web",
    WEB + SECOND + "  generateName: web",
    WEB.replace("web", "''") + SECOND + "  name: ''",
    WEB + SECOND + "  name: web\n  annotations: {helm.sh/hook: pre-install}",
    WEB + SECOND + "  name: web\n  annotations: {configmanagement.gke.io/namespace-selector: production}",
]
INVALID = [
    WEB
    + SECOND
    + "  name: web  # expect: object-defined-twice\n  annotations: {configmanagement.gke.io/managed: enabled}",
    WEB + SECOND + "  name: web  # expect: 9 object-defined-twice (likely)",
    WEB.replace("v1", "autoscaling/v1")
    + SECOND.replace("v1", "autoscaling/v2")
    + "  name: web  # expect: object-defined-twice",
]


def check(world: World) -> Iterator[Finding]:
    yield from _find_variants(world)
    for found in world.find(find_repeated_objects):
        item, directories = found.item, found.directories
        more = f" and {found.more} more object{'s' if found.more > 1 else ''} are" if found.more else " is"
        where = f" ({', '.join(directories[:-1])} and {directories[-1]} look like variants)" if found.more else ""
        yield Finding(
            at=item.at("metadata.name"),
            message=f"{item}{more} defined a second time{where}, so that one definition overwrites the other",
            related=(
                (found.first.at("metadata.name"), "defined first here"),
                *((one.at("metadata.name"), "defined here too") for one in found.others),
            ),
        )


def _find_variants(world: World) -> Iterator[Finding]:
    """Directories of a closed world that define objects in two ways: one finding for all of them."""
    for variants in world.unit.variants:
        more = f" and {variants.objects - 1} more objects are" if variants.objects > 1 else " is"
        where = f"{', '.join(variants.roots[:-1])} and {variants.roots[-1]}"
        yield Finding(
            at=variants.item.at("metadata.name"),
            message=f"{variants.item}{more} defined differently in {where}, which look like variants: "
            "each is taken for a cluster of its own",
            related=((variants.first.at("metadata.name"), "defined first here"),),
        )
