"""YAML reads a value as something else than was meant.

Without quotes `y`, `on` and `no` are booleans, `1.10` is the number 1.1, and
`010` is eight; in quotes a number is text, which a port is not. The server
refuses a value of the wrong type, takes a port `0100` for 64 without a word,
and an empty value becomes the empty text.
Put quotes around text that looks like something else, and none around
numbers.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="YAML reads a value as something else",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=("https://yaml.org/type/bool.html", "https://github.com/kubernetes-sigs/yaml"),
    server=True,
)

SERVICE = """
apiVersion: v1
kind: Service
"""
FILES = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: nginx}], volumes: [{name: web, """

VALID = [
    SERVICE + "metadata: {name: web}\nspec: {selector: {enabled: 'yes'}, ports: [{port: 80}]}",
    SERVICE + "metadata: {name: web}\nspec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}",
    SERVICE + "metadata: {name: web}\nspec: {ports: [{port: 0x50, targetPort: 8_080, protocol: TCP}]}",
    FILES + "configMap: {name: web, defaultMode: 0644, items: [{key: a, path: a, mode: 0o600}]}}]}",
]
INVALID = [
    SERVICE + "metadata: {name: web}\nspec: {selector: {enabled: yes}, ports: [{port: 80}]}  # expect: scalar-misread",
    SERVICE + "metadata: {name: web, namespace: y}  # expect: scalar-misread\nspec: {ports: [{port: 80}]}",
    SERVICE + "metadata: {name: web}\nspec: {ports: [{port: '80'}]}  # expect: scalar-misread",
    SERVICE + 'metadata: {name: web}\nspec: {ports: [{port: 0100}]}  # expect: scalar-misread (likely) "number 64"',
    SERVICE + 'metadata: {name: web}\nspec: {ports: [{port: 0o14}]}  # expect: scalar-misread (likely) "number 12"',
    SERVICE + 'metadata: {name: web, labels: {n: 010}}  # expect: scalar-misread "010"\nspec: {ports: [{port: 80}]}',
    SERVICE + "metadata: {name: web, labels: {tier: }}  # expect: scalar-misread\nspec: {ports: [{port: 80}]}",
]
