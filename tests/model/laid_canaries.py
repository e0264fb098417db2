"""Trees in which a tool lays a canary into a Secret, or says something about one: charts, kustomizations, GitOps objects."""

from __future__ import annotations

import base64

from tests.model.canaries import CANARY

Tree = dict[str, str]

_CHART = "apiVersion: v2\nname: shop\nversion: 0.1.0\n"
_SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: login}\n"
_SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 0}], selector: {app: nope}}\n"
_WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: web, env: [{name: A, value: @}]}]}}
"""
_VALUES = "level:\n  one: @\n  port: 8080\n"
_PORT = _SERVICE.replace("port: 0", "port: {{ .Values.level.port | default 0 }}")
_INTO_SECRET = f"{_SECRET}stringData:\n  a: {{{{ .Values.level.one | quote }}}}\n---\n{_PORT}"
_HELPER = '{{ define "p" }}{{ .Values.level.one | trim | quote }}{{ end }}'

_TEMPLATES = {  # the data of a Secret, the values
    "plain": ("a: {{ .Values.level.one }}", _VALUES),
    "b64enc": ("a: {{ .Values.level.one | b64enc | quote }}", _VALUES),
    "tpl": ("a: {{ tpl .Values.level.t . }}", "level: {t: 'x @'}\n"),
    "include": ('a: {{ include "p" . }}', _VALUES),
    "toYaml": ("{{ toYaml .Values.level | nindent 2 }}", "level:\n  one: @\n  two: |\n    @\n    @ x\n"),
    "toYaml of a file": ("a: |\n{{ toYaml .Values.level | indent 4 }}", "level:\n  one: @\n  two: [@, {a: '@'}]\n"),
    "printf": ('a: {{ printf "mysql://u:%s@h" .Values.level.one }}', _VALUES),
    "range": ("{{ range $k, $v := .Values.level }}\n  {{ $k }}: {{ $v | quote }}\n{{ end }}", _VALUES),
    "off": ("a: b\n{{ if .Values.level.two }}\n  b: {{ .Values.level.one }}\n{{ end }}", _VALUES),
    "alias": ("a: {{ .Values.level.two }}", "level:\n  one: &x @\n  two: *x\n"),
    "merge": ("a: {{ .Values.level.one }}", "base: &b {one: @}\nlevel:\n  <<: *b\n"),
    "refused": ("a: {{ .Values.level.one.two }}", _VALUES),
    "asked": ('a: {{ fail (printf "bad %s" (.Values.level.one | b64enc)) }}', _VALUES),
    "literal": ('a: {{ index .Values.level "one" "@" }}', _VALUES.replace("@", "x")),
    "not YAML": ("a: {{ .Values.level.one }}", "level:\n  one: '@\n"),
    "tab": ("a: {{ .Values.level.one }}", "level:\n\tone: @\n"),
    "twice": ("a: {{ .Values.level.one }}", "level:\n  one: @\n  one: x\n"),
    "unread": ("a: b", "level: {one: @, port: 0}\n"),
}
_SCHEMA = '{"properties": {"level": {"properties": {"one": {"enum": ["a"]}}}}}'
_ARGO = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: a, namespace: argocd}
spec:
  project: default
  destination: {namespace: shop, server: https://kubernetes.default.svc}
  source:
    repoURL: https://example.com/repo.git
    path: c
    helm:
"""
_ARGO_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: a, namespace: argocd}
spec:
  goTemplate: true
  generators: [{list: {elements: [{cluster: dev, level: @}]}}]
  template:
    metadata: {name: 'x-{{.cluster}}'}
    spec:
      project: default
      destination: {namespace: shop, server: https://kubernetes.default.svc}
      source: {repoURL: https://example.com/repo.git, path: c, helm: {values: 'level: {one: {{.level}}, port: 0}'}}
"""
_FLUX = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  interval: 1m
  path: ./apps
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
"""
_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: r, namespace: shop}
spec:
  interval: 1m
  chart: {spec: {chart: ./c, sourceRef: {kind: GitRepository, name: flux-system}}}
"""
_LAID = "level:\n  one: @\n  port: 0\n"
_APPLICATION = {"c/Chart.yaml": _CHART, "c/templates/s.yaml": _INTO_SECRET, "c/values.yaml": "level: {}\n"}
_BESIDE: dict[str, Tree] = {
    "schema": {**_APPLICATION, "c/values.yaml": _VALUES, "c/values.schema.json": _SCHEMA},
    "variable": {
        **_APPLICATION,
        "c/values.yaml": "level: {one: @}\n",
        "c/templates/w.yaml": _WORKLOAD.replace("@", "{{ .Values.level.one }}"),
    },
    "ci": {**_APPLICATION, "c/ci/a-values.yaml": _VALUES},
    "configured file": {
        **_APPLICATION,
        "prod.yaml": _LAID,
        "kubeqed.yaml": "charts: [{path: c, values: [prod.yaml]}]\n",
    },
    "configured pair": {**_APPLICATION, "kubeqed.yaml": "charts: [{path: c, set: {level.one: @, level.port: 0}}]\n"},
    "sub-chart": {
        **{f"c/charts/sub/{name.removeprefix('c/')}": text for name, text in _APPLICATION.items()},
        "c/charts/sub/Chart.yaml": _CHART.replace("shop", "sub"),
        "c/Chart.yaml": _CHART,
        "c/values.yaml": "sub:\n  level:\n    one: @\n    port: 0\n",
    },
    "Argo CD's valuesObject": {
        **_APPLICATION,
        "a.yaml": f"{_ARGO}      valuesObject: {{level: {{one: @, port: 0}}}}\n",
    },
    "Argo CD's values": {
        **_APPLICATION,
        "a.yaml": f"{_ARGO}      values: |\n        level:\n          one: @\n          port: 0\n",
    },
    "Argo CD's parameters": {**_APPLICATION, "a.yaml": f"{_ARGO}      parameters: [{{name: level.one, value: @}}]\n"},
    "ApplicationSet": {**_APPLICATION, "a.yaml": _ARGO_SET},
    "HelmRelease": {
        **_APPLICATION,
        "cluster/k.yaml": _FLUX,
        "apps/r.yaml": f"{_RELEASE}  values: {{level: {{one: @, port: 0}}}}\n",
    },
    "substitution": {
        "cluster/k.yaml": f"{_FLUX}  postBuild: {{substitute: {{x: @, port: '0'}}}}\n",
        "apps/a.yaml": f"{_SECRET}stringData: {{a: '${{x}}'}}\n---\n{_SERVICE.replace('port: 0', 'port: ${port}')}",
    },
}
_RESOURCES = {"k/web.yaml": _SERVICE, "k/login.yaml": f"{_SECRET}stringData: {{a: '@'}}\n"}
_KUSTOMIZATIONS = {
    "name by a replacement": (
        "replacements: [{source: {kind: Secret, fieldPath: stringData.a}, targets: [{select: {kind: Service}, fieldPaths: [metadata.name]}]}]\n"
    ),
    "type by a replacement": (
        "replacements: [{source: {kind: Secret, fieldPath: stringData.a}, targets: [{select: {kind: Service}, fieldPaths: [spec.type], options: {create: true}}]}]\n"
    ),
    "stated value": "replacements: [{sourceValue: @, targets: [{select: {kind: Secret}, fieldPaths: [stringData.a]}]}]\n",
    "inline generator": (
        "generators:\n- |-\n  apiVersion: builtin\n  kind: SecretGenerator\n  metadata: {name: s}\n  literals: [a=@, '@']\n"
    ),
    "chart's values": "helmGlobals: {chartHome: ..}\nhelmCharts: [{name: c, releaseName: r, valuesInline: {level: {one: @, port: 0}}}]\n",
    "URL": "components: ['https://u:@~example.com/x?token=@', 'https://u:a~@~example.com/y']\n",
    "URL of a chart": "helmCharts: [{name: x, repo: 'https://u:@~example.com/x', version: 1.0.0}]\n",
    "path with a password": "components: ['u:@~example.com/x']\n",
}
_WRITTEN = {
    "below metadata": "apiVersion: v1\nkind: Secret\nmetadata: {name: s, password: '@'}\nimmutable: '@'\ntype: {x: '@'}\n",
    "snippet": (
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, annotations: {nginx.ingress.kubernetes.io/configuration-snippet: 'proxy_set_header Authorization \"@\";'}}\n"
        "spec: {defaultBackend: {service: {name: x, port: {number: 0}}}}\n"
    ),
    "kubeconfig": "apiVersion: v1\nkind: Config\nusers: [{user: {token: @, token: x}}]\n",
}


def laid_canaries() -> dict[str, Tree]:
    """Name to a tree with the canary in it; no output may hold it."""
    trees = {
        f"chart: {name}": {
            "c/Chart.yaml": _CHART,
            "c/values.yaml": values,
            "c/templates/_h.tpl": _HELPER,
            "c/templates/s.yaml": f"{_SECRET}stringData:\n  {data}\n",
            "c/templates/web.yaml": _SERVICE,
        }
        for name, (data, values) in _TEMPLATES.items()
    }
    trees |= _BESIDE
    for name, text in _KUSTOMIZATIONS.items():
        resources = f"resources: [web.yaml, login.yaml]\n{text}"
        trees[f"kustomization: {name}"] = {**_APPLICATION, **_RESOURCES, "k/kustomization.yaml": resources}
    trees |= {f"manifest: {name}": {"a.yaml": text, "b.yaml": _SERVICE} for name, text in _WRITTEN.items()}
    return {
        name: {file: text.replace("@", CANARY).replace("~", "@") for file, text in tree.items()}
        for name, tree in trees.items()
    }


def encodings() -> list[str]:
    """The canary, and its base64 wherever it stands in a text, as far as neighbours do not change it."""
    encoded = [base64.b64encode(b"x" * count + CANARY.encode()).decode() for count in range(3)]
    return [CANARY.lower(), *(text[4 if count else 0 : -4].lower() for count, text in enumerate(encoded))]
