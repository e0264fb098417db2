"""A chart is judged while its templates, its helpers and its values are edited."""

from __future__ import annotations

import pytest
from tests.serve.editor import Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: {{ .Values.port }}, port: 80}]
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  defaultBackend:
    service:
      name: web
      port:
        name: {{ include "port" . }}
"""
HELPERS = '{{ define "port" }}{{ .Values.backend }}{{ end }}\n'
VALUES = "port: http\nbackend: http\n"
WRONG = "backend-port-missing"


@pytest.fixture
def chart(editor: Editor) -> Editor:
    folder = editor.folder / "shop"
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    for name, text in {"service.yaml": SERVICE, "ingress.yaml": INGRESS, "_helpers.tpl": HELPERS}.items():
        (folder / "templates" / name).write_text(text)
    (folder / "values.yaml").write_text(VALUES)
    return editor


async def test_what_is_typed_in_values_is_judged(chart: Editor) -> None:
    chart.start()
    chart.open("shop/values")
    await chart.sees("shop/values")
    chart.type("shop/values", "port: web\nbackend: http\n")
    (shown,) = await chart.sees("shop/templates/ingress", WRONG)
    assert chart.uri("shop/values") in [one.location.uri for one in shown.related_information or ()]
    chart.type("shop/values", VALUES)
    await chart.sees("shop/templates/ingress")


async def test_what_is_typed_in_a_template_is_judged(chart: Editor) -> None:
    chart.start()
    chart.open("shop/templates/service")
    await chart.sees("shop/templates/service")
    chart.type("shop/templates/service", SERVICE.replace("{{ .Values.port }}", "web"))
    await chart.sees("shop/templates/ingress", WRONG)
    chart.type("shop/templates/service", SERVICE.replace("}}, port", ", port"))
    await chart.sees("shop/templates/service", "chart-broken")


async def test_what_is_typed_in_a_helper_is_judged(chart: Editor) -> None:
    chart.start()
    chart.open("shop/templates/_helpers.tpl", HELPERS)
    chart.type("shop/templates/_helpers.tpl", HELPERS.replace("{{ .Values.backend }}", "web"))
    await chart.sees("shop/templates/ingress", WRONG)


async def test_a_file_of_a_chart_is_judged_without_a_folder(chart: Editor) -> None:
    chart.open("shop/templates/ingress", INGRESS.replace('{{ include "port" . }}', "web"))
    await chart.sees("shop/templates/ingress", WRONG)
