"""No template of a Helm chart reads a value of its values.yaml.

Who sets it changes nothing, and is not told: a value that was renamed in the
templates and not in values.yaml, a misspelt key, a leftover. Remove it, or read
it.

A value counts as read where a template names it, or takes a map around it as a
whole (`toYaml`, `range`, a helper). Where that cannot be followed, each key of
the same name counts as read. Nothing is said of the values of sub-charts, nor of
a chart of which a dependency is not in `charts/`.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="value of a chart is read by no template",
    certainty=Certainty.POSTURE,
    since="0.1",
    references=("https://helm.sh/docs/chart_best_practices/values/",),
)

CHART = """\
apiVersion: v2
name: shop
version: 0.1.0
# file: templates/web.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations: {{ toYaml .Values.annotations | nindent 4 }}
spec:
  ports:
  - port: {{ .Values.service.port }}
# file: values.yaml
"""

VALID = [
    CHART + "annotations: {team: web}\nservice: {port: 80}\n",
    CHART + "service: {port: 80}\nglobal: {domain: example.org}\n",
]
INVALID = [
    CHART + "service:\n  port: 80\n  prot: 80  # expect: chart-value-unused (posture)\n",
    CHART + "service: {port: 80}\ningress:  # expect: chart-value-unused (posture)\n  enabled: false\n",
]
