"""A suppression gives no reason.

A comment or an annotation hides findings, and the next reader cannot
tell whether they may be hidden still.
Write why behind the rules: `# kubeqed: ignore[rule-id] reason`, or
`kubeqed.dev/ignore: "rule-id: reason"`.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="suppression gives no reason",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=("https://github.com/kubeqed/kubeqed/blob/main/docs/suppressing.md",),
)

SERVICE = """
apiVersion: v1
kind: Service
spec: {ports: [{port: 80}]}
"""

VALID = [
    SERVICE + "metadata: {name: web}  # kubeqed: ignore[service-selects-nothing, suppression-unused] made by hand",
    SERVICE
    + "metadata:\n  name: web\n  annotations:\n"
    + "    kubeqed.dev/ignore: 'service-selects-nothing, suppression-unused: made by hand'\n",
]
INVALID = [
    SERVICE
    + "# expect: 24 suppression-unexplained\n"
    + "metadata: {name: web}  # kubeqed: ignore[service-selects-nothing, suppression-unused]",
    SERVICE
    + "metadata:\n  name: web\n  annotations:\n    # expect: suppression-unexplained\n"
    + "    kubeqed.dev/ignore: service-selects-nothing, suppression-unused\n",
]
