"""Manifests with a canary in every place where a secret may stand, well and badly written."""

from __future__ import annotations

CANARY = "Hunter2xCanary"

_SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: login}\n"
_DATA = [
    "data:\n  password: @\n",
    "data: {password: @, other: b}\n",
    "data: @\n",
    "data: [@, {a: @}]\n",
    "data:\n  a: [@]\n  b: {@: @}\n",
    "data:\n  a: SHVudGVyMng=@\n",
    "stringData: {@: }\n",
    "stringData: {'@ with spaces': x, 12: x}\n",
    "stringData:\n  a: '@'\n  b: |\n    first\n    @\n  c: >-\n    @\n    last\n  d: \"one\n    @\"\n  e: one\n    @\n  f: x\n",
    "stringData: {a: 7, b: true, c: 2001-01-01, d: 0x10, e: 1_000, f: .inf, g: 1e400}\n",
    "stringData: {a: @, a: b}\n",
    "stringData: {a: @}\nstringData: {b: c}\n",
    "stringData:\npassword: @\n",
    "password: @\nspec: {password: @}\n",
    "stringData: {a: *@}\n",
    "stringData: {a: !@ x, b: !x @, c: !!int @, d: !!binary '@!', e: !!@ x}\n",
    "stringData: {a: &a @, b: *a}\n",
    "stringData: {<<: {a: @}}\n",
    "stringData: {a: '@\n",
    "stringData:\n\ta: @\n",
    "stringData:\n  a: @: b: c\n",
    "stringData:\n  a: %@\n",
    'stringData:\n  a: "\\q@"\n',
    "stringData: {a: '${PASSWORD:-@}', b: '{{ .x | default \"@\" }}'}\n",
    "stringData: {'${KEY}': @, b: x}\n",
    "data:\n  ${KEY}: @\n",
    "type: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: '{\"auths\": @'}\n",
    "type: kubernetes.io/tls\nstringData: {tls.crt: @, tls.key: @}\n",
    "type: kubernetes.io/basic-auth\nstringData: {password: @}\n",
    "x-shared: &shared {password: @}\nstringData: *shared\n",
    "stringData: {a: x,\n  @\n  @: @\n",
    "stringData:\n  a: !@ x\n  b: &@ x\n  c: x # @\n  d: | # @\n    x\nbogus: 1\n",
    "stringData:\n  name: @\n  type: @\n  namespace: @\n  x: [\n",
    "stringData:\n  - name: @\n    kind: @\n  x: [\n",
    "{{ if .x }}\ndata:\n  password: @\n{{ end }}\n",
    "data:\n  {{ .x }}: y\n  password: @\n",
    "stringData:\n  a: |\n---\n    @: x\n",
    "stringData:\n  a: x\n...\nb: @\n",
    "data: {'@ k': x, '@ l': [x], '@ m': 7, '@ n': {a: b}}\n",
]
_APPLIED = """\
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {"apiVersion": "v1", "kind": "Secret", "stringData": {"password": "@"}}
spec: {ports: [{port: 0}]}
"""
_POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: web\n    image: web:1\n"
_CONTAINER = [
    "    env: [{name: A, value: @}]\n",
    "    env:\n    - name: A\n      value: @\n      valueFrom: {secretKeyRef: {name: login, key: a}}\n",
    "    env: [{name: A, value: 7}, {name: B, value: [@]}, {name: C, val: @}, {name: D, value: yes}]\n",
    "    env: {A: @}\n",
    "    env: ['A=@']\n",
    "    env: @\n",
    "    env: [{name: A, value: postgres://user:@@db.example.com:5432/shop?password=@}]\n",
    "    args: [--password=@, -p@, @, 7, {a: @}]\n",
    "    args: @\n",
    "    args: [--enable-network-policy=@]\n    command: ['@', !x @, *@]\n",
    '    args:\n    - --password=@\n    - "@\n',
    '    env:\n    - name: A\n      value: "@\n',
    "    env: [{name: A, value: '@}]\n",
    "    livenessProbe: {httpGet: {port: 80, httpHeaders: [{name: Authorization, value: @}, {name: 'Bearer @', value: x}]}}\n",
    "    readinessProbe:\n      httpGet:\n        httpHeaders: {Authorization: @}\n",
    "    lifecycle: {preStop: {exec: {command: [sh, -c, 'echo @'], bogus: 1}}}\n",
    "    env: [{name: A=@, value: x}]\n",
    "    env: [{name: A, @: }, {name: B, value: x, '@ y': }]\n",
    "    env: [{name: A, valueFrom: @}, {name: B, valueFrom: {secretKeyRef: @}}]\n",
    "    Env: [{name: A, value: @}]\n    enviroment: {A: @}\n    evn: [A=@]\n",
    "    env:\n    - name: A\n      value: |\n        first\n        @: x\n    - name: B\n     value: @\n",
    "    Args: [--password=@]\n    agrs: [@]\n    Command: run @\n    arguments: [@]\n",
    "    args: [a,\n      @,\n      b: @\n    tty: true\n",
    "    livenessProbe: {exec: @, httpGet: {port: 0, path: '/x?password=@'}}\n",
    "    livenessProbe: {exec: {comand: [@]}, httpGet: {port: 0, headers: [{name: Authorization, value: @}]}}\n",
    "    livenessProbe: {httpGet: {port: 80, httpHeaders: [{'Authorization @': x}, {@: }]}}\n",
]
_KUSTOMIZATION = [
    "secretGenerator:\n- name: login\n  literals: [password=@]\n",
    "secretGenerator:\n- {name: login, literal: [password=@], Literals: @, kvSources: [{args: {a: @}}], data: {a: @}}\n",
    "secretGenerator:\n- name: login\n  literals:\n  - password=@\n bogus: 1\n",
    "patches:\n- patch: |-\n    kind: Deployment\n    spec: {template: {spec: {containers: [{name: web, env: [{name: A, value: @}]}]}}}\n",
    "patches:\n- target: {kind: Secret}\n  patch: |-\n    - {op: add, path: /data, value: {a: @}}\n",
    "patches:\n- target: {kind: Secret}\n  patch: |-\n    - op: add\n      path: /stringData/password\n      value: @\n",
    "patches:\n- patch: |-\n    apiVersion: v1\n    kind: Secret\n    metadata: {name: login}\n    stringData: {password: @}\n",
    'patchesJson6902:\n- target: {kind: Secret, name: login}\n  patch: \'[{"op": "add", "path": "/data/a", "value": "@"}]\'\n',
]
_NODE_AGENT = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: aws-node, namespace: kube-system}
spec:
  selector: {matchLabels: {k8s-app: aws-node}}
  template:
    metadata: {labels: {k8s-app: aws-node}}
    spec:
      containers:
      - {name: aws-node, image: amazon-k8s-cni:v1.19.0}
      - {name: agent, image: aws-network-policy-agent:v1.1.2, args: [--enable-network-policy=@]}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny}, spec: {podSelector: {}}}
"""
_WHOLE = {
    "list.yaml": "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: login}\n  stringData: {a: @, b: [@]}\n",
    "secrets.yaml": "apiVersion: v1\nkind: SecretList\nitems:\n- metadata: {name: login}\n  stringData: {a: @}\n  data: {b: @, c: 7}\n",
    "secret.json": '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login"}, "stringData": {"a": "@"}, "bogus": 1}\n',
    "broken.json": '{"apiVersion": "v1", "kind": "Secret", "stringData": {"a": "@"}, "bogus" 1}\n',
    "configmap.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  bad key: |\n    kind: Secret\n    stringData: {a: @}\n",
    "typo.yaml": "apiVersion: v1\nkind: Secrt\nmetadata: {name: login}\ndata: {a: @, a: @}\n",
    "case.yaml": "apiVersion: v1\nKind: Secret\nmetadata: {name: login}\ndata: {a: @, a: @}\n",
    "route.yaml": "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: a}\nspec:\n  rules:\n  - filters:\n    - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: Authorization, value: [@]}], bogus: 1}}\n    matches: [{headers: [{name: A, value: @, bogus: 1}], queryParams: [{name: a, value: @, type: x}]}]\n",
    "applied.yaml": _APPLIED,
    "external.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: e}\nspec: {type: ExternalName, externalName: 'user:@%db.example.com'}\n",
    "header.yaml": "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: b}\nspec: {rules: [{filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: 'Authorization: @', value: ''}]}}]}]}\n",
    "backend.yaml": "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec: {rules: [{host: 'http://u:@%h/', http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: 'http://u:@%h', port: {number: 'http://u:@%h/?a=@'}}}}]}}]}\n",
    "agent.yaml": _NODE_AGENT,
}


def canaries(canary: str = CANARY) -> dict[str, str]:
    """File name to text, each with the canary in it."""
    texts = {f"secret-{number}.yaml": _SECRET + text for number, text in enumerate(_DATA)}
    texts |= {f"pod-{number}.yaml": _POD + text + "    bogus: 1\n" for number, text in enumerate(_CONTAINER)}
    texts |= {f"k{number}/kustomization.yaml": text for number, text in enumerate(_KUSTOMIZATION)}
    return {
        name: text.replace("@", canary).replace(f"{canary}%", f"{canary}@") for name, text in (texts | _WHOLE).items()
    } | {"url.yaml": f"{_POD}    imagePullPolicy: https://user:{canary}@example.com/x?a={canary}\n"}
