"""A suppression suppresses nothing.

A comment, an annotation, an entry of `ignore:` in kubeqed.yaml or of a baseline
excuses a finding that is not there, names a rule that does not exist, or is not
understood. Left alone it hides the next finding that happens to fit, or leads a
reader to believe in a fault that was mended.
What was read in part says nothing: of a guessed unit, all of the repository has
to be read; of a stated one, all that it holds.
Remove it, or correct the rule's name. Where it is needed on some runs only, let
the comment name `suppression-unused` beside the rule.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="suppression suppresses nothing",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=("https://github.com/kubeqed/kubeqed/blob/main/docs/suppressing.md",),
)

SERVICE = """
apiVersion: v1
kind: Service
metadata:
  name: web
"""
PORTS = SERVICE + "spec:\n  ports:\n    - port: 80\n"

VALID = [
    PORTS,
    PORTS
    + "      nodePort: 30080  # kubeqed: ignore[node-port-clash] a Service in a file that was not read has it too",
    PORTS + "      nodePort: 30080  # kubeqed: ignore[node-port-clash, suppression-unused] reserved on some clusters",
    SERVICE + "spec:\n  externalName: |\n    # kubeqed: ignore\n",
    SERVICE + "  annotations: {note: 'kubeqed: ignore'}\n",
]
INVALID = [
    "# config: world=closed"
    + PORTS
    + '      # expect: 42 suppression-unused "suppresses no finding of node-port-clash"\n'
    + "      nodePort: 30080  # kubeqed: ignore[node-port-clash] until the other one moves",
    PORTS
    + '      # expect: suppression-unused "did you mean"\n'
    + "      nodePort: 30080  # kubeqed: ignore[node-port-clsh] until the other one moves",
    PORTS + '      # expect: 24 suppression-unused "names no rule"\n      nodePort: 30080  # kubeqed: ignore',
    PORTS + '      # expect: suppression-unused "means nothing"\n      nodePort: 30080  # kubeqed: disable-line',
    SERVICE.replace("Service", "ConfigMap")
    + '  annotations:\n    # expect: suppression-unused "node-port-clash"\n'
    + "    kubeqed.dev/ignore: 'node-port-clsh: reserved'\n",
]
