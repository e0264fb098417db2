"""A template of a Helm chart reads a value that values.yaml does not have.

It prints nothing there unless the value is given, and nobody who reads
values.yaml learns that it can be given: a misspelt key, or one that was left
out. Add it to values.yaml with its default, or to values.schema.json.

A value that the template asks for first (`if`, `with`, `default`, `required`,
`hasKey` and the like), and one below a map that is empty in values.yaml, are
meant to be absent.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="value of a chart is defined nowhere",
    certainty=Certainty.POSTURE,
    since="0.1",
    references=("https://helm.sh/docs/chart_best_practices/values/",),
)

CHART = """\
apiVersion: v2
name: shop
version: 0.1.0
# file: values.yaml
service: {port: 80}
annotations: {}
# file: templates/web.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations: {team: "{{ .Values.annotations.team }}"}
"""

VALID = [
    CHART + "spec:\n  ports:\n  - port: {{ .Values.service.port }}\n",
    CHART + "spec:\n  ports:\n  - {port: 80, nodePort: {{ .Values.service.nodePort | default 30080 }}}\n",
    CHART + "spec:\n  {{- with .Values.service.type }}\n  type: {{ . }}\n  {{- end }}\n  ports: [{port: 80}]\n",
]
INVALID = [
    CHART
    + "spec:\n  ports:\n  - port: 80\n    nodePort: {{ .Values.service.prot }}  # expect: chart-value-undefined (posture)\n",
]
