"""Measures `kubeqed build` on an overlay and on a chart that grow, beside `kustomize build` and `helm template`.

    python benchmarks/build.py [--objects 200 800 3200] [--repeats 3]

What both apply is compared by `kustomize_builds.py` and `chart_builds.py`; here only the cost is.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from measure import OURS, Command, Table, found_peers, kubeqed
from reach import cluster, write_objects

OVERLAY = {
    "resources": ["../base"],
    "namePrefix": "staging-",
    "labels": [{"pairs": {"stage": "staging"}, "includeTemplates": True}],
    "patches": [{"target": {"kind": "Deployment"}, "patch": '[{"op": "add", "path": "/spec/replicas", "value": 2}]'}],
}
TEMPLATE = """\
{{- range $number := until (int .Values.count) }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "name" $ }}-{{ $number }}
  labels: {{- include "labels" $ | nindent 4 }}
spec:
  replicas: {{ $.Values.replicas }}
  selector: {matchLabels: {app: web-{{ $number }}}}
  template:
    metadata: {labels: {app: web-{{ $number }}}}
    spec: {containers: [{name: web, image: {{ $.Values.image | quote }}}]}
{{- end }}
"""
HELPERS = """\
{{- define "name" -}}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{- end }}
{{- define "labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
"""


def write_overlay(objects: int, folder: Path) -> None:
    for name, content in (("base", {"resources": ["all.yaml"]}), ("overlay", OVERLAY)):
        (folder / name).mkdir()
        (folder / name / "kustomization.yaml").write_text(json.dumps(content))
    write_objects(cluster(objects), folder / "base" / "all.yaml")
    (folder / ".git").mkdir()  # an overlay reads within its repository


def write_chart(objects: int, folder: Path) -> None:
    (folder / "chart" / "templates").mkdir(parents=True)
    for path, text in {
        "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "values.yaml": f"count: {objects}\nreplicas: 2\nimage: registry.example.com/web:1\n",
        "templates/_helpers.tpl": HELPERS,
        "templates/web.yaml": TEMPLATE,
    }.items():
        (folder / "chart" / path).write_text(text)


CASES: dict[str, tuple[Callable[[int, Path], None], Command, dict[str, Command]]] = {
    "an overlay": (write_overlay, kubeqed("build", "overlay"), {"kustomize": ["kustomize", "build", "overlay"]}),
    "a chart": (write_chart, kubeqed("build", "chart"), {"helm": ["helm", "template", "release", "chart"]}),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, nargs="+", default=[200, 800, 3200])
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    for name, (write, ours, peers) in CASES.items():
        print(f"\n{name}")
        commands = {OURS: ours, **found_peers(peers)}
        table = Table(arguments.repeats, "objects")
        for objects in arguments.objects:
            with tempfile.TemporaryDirectory() as folder:
                write(objects, Path(folder))
                table.add(objects, commands, Path(folder))


if __name__ == "__main__":
    main()
