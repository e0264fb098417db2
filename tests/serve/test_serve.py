"""The language server, as an editor meets it."""

from __future__ import annotations

import asyncio

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.serve.editor import Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: cinnamon, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  defaultBackend:
    service:
      name: cinamon
      port: {number: 80}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: shop}
spec:
  selector: {matchLabels: {app: NAME}}
  template:
    metadata: {labels: {app: NAME}}
    spec:
      containers:
        - name: web
          image: web
          ports:
            - containerPort: 8080
            - containerPort: 9090
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: front}}}]
      ports: [{port: 8080}]
"""
RANGE = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: low}\nspec: {type: NodePort, ports: [{port: 1, nodePort: 1}]}\n"
)
MISSING, OUTSIDE = "backend-service-missing", "node-port-out-of-range"
WEB, FRONT = DEPLOYMENT.replace("NAME", "web"), DEPLOYMENT.replace("NAME", "front")


async def test_a_folder_is_checked_without_anything_open(editor: Editor) -> None:
    editor.start(service=SERVICE, ingress=INGRESS)
    (found,) = await editor.sees("ingress", MISSING)
    assert found.range == types.Range(types.Position(6, 12), types.Position(6, 19))
    assert (found.severity, found.source) == (types.DiagnosticSeverity.Warning, "kubeqed")
    assert found.code_description is not None
    assert found.code_description.href.endswith(f"rules/README.md#{MISSING}")
    assert found.data == {
        "certainty": "likely",
        "fingerprint": f"{MISSING} Ingress shop/web spec.defaultBackend.service.name",
    }


async def test_related_places_stand_in_other_files(editor: Editor) -> None:
    editor.start(service=SERVICE, ingress=INGRESS)
    (found,) = await editor.sees("ingress", MISSING)
    (related,) = found.related_information or ()
    assert related.location.uri == editor.uri("service")
    assert related.location.range == types.Range(types.Position(2, 17), types.Position(2, 25))


async def test_what_is_typed_counts_and_not_the_disk(editor: Editor) -> None:
    editor.start(service=SERVICE, ingress=INGRESS)
    editor.open("ingress")
    await editor.sees("ingress", MISSING)
    editor.type("ingress", INGRESS.replace("cinamon", "cinnamon"))
    await editor.sees("ingress")
    editor.open("service")
    editor.type("service", SERVICE.replace("cinnamon", "cinnamom"))
    await editor.sees("ingress", MISSING)
    editor.close("service")
    await editor.sees("ingress")
    editor.close("ingress")
    await editor.sees("ingress", MISSING)


async def test_the_version_that_was_judged_is_named(editor: Editor) -> None:
    editor.start()
    editor.open("low", RANGE)
    await editor.sees("low", OUTSIDE)
    told = editor.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    editor.type("low", RANGE + "\n")
    said = await told
    assert (said.uri, said.version, len(said.diagnostics)) == (editor.uri("low"), 2, 1)


async def test_a_file_that_goes_takes_what_was_said_with_it(editor: Editor) -> None:
    editor.start(service=SERVICE, ingress=INGRESS, low=RANGE)
    await editor.sees("low", OUTSIDE)
    (editor.folder / "low.yaml").unlink()
    editor.notice_change("low", types.FileChangeType.Deleted)
    await editor.sees("low")
    editor.save("service", SERVICE.replace("cinnamon", "cinamon"))
    editor.notice_change("service")
    await editor.sees("ingress")


async def test_a_file_outside_of_the_folder_is_judged_alone(editor: Editor) -> None:
    editor.open("low", RANGE)
    await editor.sees("low", OUTSIDE)
    editor.close("low")
    await editor.sees("low")


async def test_columns_are_utf_16(editor: Editor, low: str) -> None:
    editor.start(low=low)
    (found,) = await editor.sees("low", OUTSIDE)
    before = low.splitlines()[3].partition("2}")[0]
    assert found.range.start == types.Position(3, len(before.encode("utf-16-le")) // 2)


async def test_hover_says_who_reaches_a_workload(editor: Editor) -> None:
    editor.start(service=SERVICE, web=WEB, front=FRONT, policy=POLICY)
    editor.open("web")
    text = await editor.hover("web", "Deployment")
    assert text == "**`Deployment shop/web`**\n\nCan be reached by:\n- `shop/front[Deployment]` on TCP 8080"
    text = await editor.hover("web", "8080")
    assert text is not None
    assert text.startswith("**`Deployment shop/web`**, `TCP port 8080`")
    assert "shop/front[Deployment]" in text
    assert "Nobody can reach it." in str(await editor.hover("web", "9090"))
    assert await editor.hover("web", "image") is None


async def test_hover_says_what_depends_on_where_the_ingress_controller_runs(editor: Editor) -> None:
    ingress = INGRESS.replace("cinamon", "cinnamon")
    policy = POLICY.replace("[{podSelector", "[{namespaceSelector: {matchLabels: {team: edge}}, podSelector")
    editor.start(web=WEB, service=SERVICE, entry=ingress, policy=policy)
    editor.open("web")
    text = str(await editor.hover("web", "8080"))
    assert "Nobody is sure to reach it." in text
    assert "if it runs as pods with app=front of namespaces with team=edge" in text
    assert "runs as" not in str(await editor.hover("web", "9090"))


async def test_hover_goes_by_the_version_of_the_cni(editor: Editor) -> None:
    stated = "cluster: {cni: {name: kindnet, version: 0.VERSION.0}}\n"
    editor.start(service=SERVICE, web=WEB, front=FRONT, policy=POLICY, kubeqed=stated.replace("VERSION", "24"))
    editor.open("web")
    assert "0.0.0.0" not in str(await editor.hover("web", "Deployment"))
    editor.open("kubeqed")
    editor.type("kubeqed", stated.replace("VERSION", "23"))  # which enforces nothing
    assert "0.0.0.0" in str(await editor.hover("web", "Deployment"))


async def test_hover_says_where_a_service_leads(editor: Editor) -> None:
    editor.start(service=SERVICE, web=WEB, front=FRONT, policy=POLICY)
    editor.open("service")
    text = str(await editor.hover("service", "cinnamon"))
    assert "- leads to `shop/web[Deployment]` on TCP 8080" in text
    assert "- `shop/front[Deployment]` on TCP 8080" in text
    assert "`port 80`" in str(await editor.hover("service", "80, target"))


async def test_an_edit_settles_a_finding(editor: Editor) -> None:
    editor.start(service=SERVICE, ingress=INGRESS)
    editor.open("ingress")
    (found,) = await editor.sees("ingress", MISSING)
    edit, comment = await editor.actions("ingress", found.range)
    assert (edit.title, edit.is_preferred) == ("Replace cinamon by cinnamon", True)
    assert comment.title == f"Ignore {MISSING} here (say why behind it)"
    editor.apply("ingress", edit)
    await editor.sees("ingress")
    assert editor.texts["ingress"] == INGRESS.replace("cinamon", "cinnamon")


async def test_a_comment_accepts_a_finding(editor: Editor) -> None:
    editor.start(service=SERVICE, ingress=INGRESS)
    editor.open("ingress")
    (found,) = await editor.sees("ingress", MISSING)
    comment = (await editor.actions("ingress", found.range))[-1]
    editor.apply("ingress", comment)
    assert f"      # kubeqed: ignore[{MISSING}] \n      name: cinamon\n" in editor.texts["ingress"]
    editor.type("ingress", editor.texts["ingress"].replace("] \n", "] an operator makes it\n"))
    await editor.sees("ingress")


async def test_a_wrong_configuration_is_said_in_it(editor: Editor) -> None:
    editor.start(low=RANGE, kubeqed="rules: {ignore: []}\n")
    await editor.sees("low", OUTSIDE)
    editor.open("kubeqed")
    editor.type("kubeqed", "rules:\n  ignore: [node-port-out-of-rage]\n")
    (found,) = await editor.sees("kubeqed", "configuration")
    assert found.range == types.Range(types.Position(1, 11), types.Position(1, 32))
    assert "node-port-out-of-range" in found.message
    assert editor.codes("low") == [OUTSIDE]
    editor.type("kubeqed", "rules:\n  ignore: [node-port-out-of-range]\n")
    await editor.sees("kubeqed")
    await editor.sees("low")


async def test_a_request_can_be_cancelled(editor: Editor) -> None:
    editor.start(web=WEB)
    editor.open("web")
    await editor.sees("web")
    editor.type("web", f"{WEB}\n")  # so that the answer has to wait
    params = types.HoverParams(types.TextDocumentIdentifier(editor.uri("web")), editor.place("web", "Deployment"))
    asked = editor.client.protocol.send_request(types.TEXT_DOCUMENT_HOVER, params, msg_id="hover")
    editor.client.cancel_request(types.CancelParams("hover"))
    with pytest.raises(JsonRpcException, match="cancel"):
        await asyncio.wrap_future(asked)
    assert "Deployment shop/web" in str(await editor.hover("web", "Deployment"))
