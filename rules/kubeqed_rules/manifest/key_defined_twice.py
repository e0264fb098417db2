"""A mapping holds the same key twice.

YAML does not allow it. `kubectl apply` keeps the last value and drops the
first without a word, a server asked with strict validation refuses the object,
and a reader may believe either. Remove one of the two. Where a second object
starts, write `---` on the line before it.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="key is defined twice in one mapping",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=(
        "https://yaml.org/spec/1.2.2/#3213-node-comparison",
        "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation",
    ),
)

LABELS = """
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  labels:
    app: web
"""

VALID = [
    LABELS + "    tier: web",
    LABELS + "data: {app: web}",
    "services:\n  web: {image: nginx, image: httpd}",
    LABELS + "    {{ if .Values.blue }}\n    color: blue\n    {{ else }}\n    color: green\n    {{ end }}",
]
INVALID = [
    LABELS + '    app: shop  # expect: 5 key-defined-twice "app"',
    LABELS + '    "app": shop  # expect: key-defined-twice',
    LABELS + "    a: {b: 1, b: 2}  # expect: 15 key-defined-twice",
    LABELS + 'apiVersion: v1  # expect: 1 key-defined-twice "without ---"\nkind: ConfigMap\nmetadata: {name: db}',
]
