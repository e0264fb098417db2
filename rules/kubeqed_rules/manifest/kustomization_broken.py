"""A kustomization does not build.

`kustomize build` stops with an error, so that nothing of it reaches a cluster:
a file that it names is not there, a patch or a replacement finds no target, two
resources have one name, a field is unknown. The message has the words of the
tool. kubeqed builds the rest as far as it goes and judges that. A file that
does not exist may still be made or fetched before the build, so that its absence
is only a possible mistake. So is a file outside of the kustomization's directory:
kustomize reads it with `--load-restrictor LoadRestrictionsNone` alone. And so is a
label or an annotation that a replacement copies and nothing sets: scripts write
such with `kustomize edit set annotation` before they build. The words and the
behaviour are those of v5.8.2; what older versions build is possible, too.

What Argo CD refuses of an Application's directory is found too: a file of it
that looks like a manifest and is none stops the whole Application.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="kustomization does not build",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/",),
)

HEAD = """apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
"""
SETTINGS = """configMapGenerator:
- name: settings
  literals: [COLOR=blue]
"""

COPY = """replacements:
- source:  # expect: kustomization-broken (possible)
    kind: ConfigMap
    fieldPath: metadata.annotations.image
  targets: [{select: {kind: ConfigMap}, fieldPaths: [data.COLOR]}]
"""

VALID = [
    HEAD + SETTINGS + "namespace: shop\nnamePrefix: dev-",
    HEAD + SETTINGS + "commonLabels: {tier: '1'}",
    HEAD + SETTINGS + "resources: ['https://example.com/base?ref=v1']",
    HEAD + SETTINGS + 'patches:\n- target: {kind: Deployment}\n  patch: \'[{"op": "remove", "path": "/spec"}]\'',
    HEAD + SETTINGS.replace("literals: [COLOR=blue]", "envs: [.env]  # expect: kustomization-broken (possible)"),
    HEAD + SETTINGS + COPY,
]
INVALID = [
    HEAD + SETTINGS + "namespaces: shop  # expect: kustomization-broken",
    HEAD + SETTINGS + "resources:\n- app.yaml  # expect: kustomization-broken (possible)",
    HEAD + SETTINGS + "replicas:\n- name: web  # expect: kustomization-broken\n  count: 2",
    HEAD + SETTINGS + "commonLabels:\n  tier: 1  # expect: kustomization-broken",
    HEAD
    + SETTINGS
    + SETTINGS.replace("configMapGenerator:\n", "").replace("settings", "settings  # expect: kustomization-broken"),
]
