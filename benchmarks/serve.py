"""Milliseconds from a keystroke to its findings, and from a question to its answer, in a tree of small files.

    python benchmarks/serve.py [--layout plain|kustomize|charts] [FILES] [KEYSTROKES]

Each keystroke breaks or mends an Ingress's backend, so that the answer differs from the one before. The time holds all
that an editor would wait for: the pause of the debounce (50 ms), the check, and both ends of the pipe. With kustomizations
the backend is set by a patch that two overlays use, with charts by a template of one of them.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

FILES = {
    "deployment": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: webN, namespace: shopM}
spec:
  selector: {matchLabels: {app: webN}}
  template:
    metadata: {labels: {app: webN}}
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1
          ports: [{name: http, containerPort: 8080}]
""",
    "service": """\
apiVersion: v1
kind: Service
metadata: {name: webN, namespace: shopM}
spec:
  selector: {app: webN}
  ports: [{port: 80, targetPort: http}]
""",
    "ingress": """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: webN, namespace: shopM}
spec:
  rules:
    - host: webN.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: webN, port: {number: 80}}}
""",
    "policy": """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: webN, namespace: shopM}
spec:
  podSelector: {matchLabels: {app: webN}}
  ingress: [{ports: [{port: 8080}]}]
""",
}


class Client(LanguageClient):
    """Remembers what it is told of one file."""

    def __init__(self) -> None:
        super().__init__("benchmark", "1")
        self.told: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()

    async def hears(self, uri: str, version: int) -> None:
        """Waits for the findings of a version."""
        while True:
            said = await self.told.get()
            if said.uri == uri and said.version == version:
                return


def client_that_listens() -> Client:
    client = Client()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def told(said: types.PublishDiagnosticsParams) -> None:
        client.told.put_nowait(said)

    @client.feature(types.WINDOW_LOG_MESSAGE)
    def logged(said: types.LogMessageParams) -> None:
        print(said.message.splitlines()[0], file=sys.stderr)

    return client


KUSTOMIZED = {
    "base/kustomization.yaml": "resources: [deployment.yaml, service.yaml, ingress.yaml, policy.yaml]\n",
    **{f"base/{name}.yaml": text for name, text in FILES.items()},
    "patches/kustomization.yaml": "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\npatches: [{path: ingress.yaml}]\n",
    "patches/ingress.yaml": """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: webN, namespace: shopM}
spec:
  defaultBackend: {service: {name: webN, port: {number: 80}}}
""",
    **{
        f"{name}/kustomization.yaml": f"namePrefix: {name}-\nresources: [../base]\ncomponents: [../patches]\n"
        for name in ("prod", "test")
    },
}
CHART = {
    "Chart.yaml": "apiVersion: v2\nname: webN\nversion: 0.1.0\n",
    "values.yaml": "ingress: {enabled: false}\nport: 80\n",
    **{f"templates/{name}.yaml": text for name, text in FILES.items()},
    "templates/extra.yaml": "{{- if .Values.ingress.enabled }}\n" + FILES["ingress"] + "{{- end }}\n",
}
LAYOUTS = {
    "plain": ({f"{name}.yaml": text for name, text in FILES.items()}, "ingress.yaml"),
    "kustomize": (KUSTOMIZED, "patches/ingress.yaml"),
    "charts": (CHART, "templates/ingress.yaml"),
}


def plant(root: Path, layout: str, count: int) -> Path:
    """A tree of so many files, 20 applications a directory; the file that is typed in."""
    files, typed = LAYOUTS[layout]
    for number in range(count // len(files)):
        for name, text in files.items():
            file = root / f"team{number // 20}" / f"web{number}" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.replace("webN", f"web{number}").replace("shopM", f"shop{number % 5}"))
    return root / "team0" / "web0" / typed


async def measure(root: Path, file: Path, keystrokes: int, *, has_hover: bool) -> None:
    client = client_that_listens()
    begun = time.perf_counter()
    await client.start_io(sys.executable, "-m", "kubeqed.cli", "serve")
    folder = types.WorkspaceFolder(root.as_uri(), "tree")
    await client.initialize_async(types.InitializeParams(types.ClientCapabilities(), workspace_folders=[folder]))
    client.initialized(types.InitializedParams())
    text, uri = file.read_text(), file.as_uri()
    item = types.TextDocumentItem(uri, "yaml", 1, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await client.hears(uri, 1)
    print(f"start to first findings  {1000 * (time.perf_counter() - begun):6.0f} ms")
    typed, started = [], []
    for version in range(2, keystrokes + 2):
        typed.append(await type_(client, uri, text, version))
        started.append(timed_start())
    report("keystroke to findings", typed)
    report("python -c pass", started)
    print(f"one in starts of Python  {statistics.median(typed) / statistics.median(started):6.1f}")
    if has_hover:
        report("hover", [await hover(client, uri.replace("ingress", "service")) for _ in range(keystrokes)])
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()


async def type_(client: Client, uri: str, text: str, version: int) -> float:
    text = text if version % 2 else text.replace("service: {name: web0", "service: {name: web0x")
    document = types.VersionedTextDocumentIdentifier(version, uri)
    whole = types.TextDocumentContentChangeWholeDocument(text)
    begun = time.perf_counter()
    client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))
    await client.hears(uri, version)
    return time.perf_counter() - begun


async def hover(client: Client, uri: str) -> float:
    begun = time.perf_counter()
    place = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(2, 18))
    found = await client.text_document_hover_async(place)
    assert found is not None
    return time.perf_counter() - begun


def timed_start() -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - begun


def report(what: str, seconds: list[float]) -> None:
    ordered = sorted(1000 * second for second in seconds)
    print(f"{what:24} {statistics.median(ordered):6.0f} ms median, {ordered[-1]:.0f} ms worst of {len(ordered)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=int, nargs="?", default=200)
    parser.add_argument("keystrokes", type=int, nargs="?", default=20)
    parser.add_argument("--layout", choices=LAYOUTS, default="plain")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        file = plant(Path(root), given.layout, given.files)
        asyncio.run(measure(Path(root), file, given.keystrokes, has_hover=given.layout == "plain"))


if __name__ == "__main__":
    main()
