"""A repository as a stranger might make it: whatever could make a reader look outside, wait, or run something.

`CANARY` stands in every file that must not be read, and nowhere else; whatever runs a planted program leaves `marker`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import NamedTuple

CANARY = "c4n4ry"

APP = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: web}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress]}
"""
OUTSIDE = f"""\
apiVersion: v1
kind: Service
metadata: {{name: {CANARY}, namespace: shop}}
spec: {{type: NodePort, selector: {{app: {CANARY}}}, ports: [{{port: 80, nodePort: 1}}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {CANARY}, namespace: shop}}
spec: {{selector: {{matchLabels: {{app: x}}}}, template: {{metadata: {{labels: {{app: x}}}}, spec: {{containers: []}}}}}}
---
{CANARY}: [
"""
KUSTOMIZATION = """\
resources: [app.yaml, ../../outside/file.yaml, ../../outside]
patches: [{path: ../../outside/file.yaml}]
configMapGenerator: [{name: x, files: [../../outside/file.yaml]}]
secretGenerator: [{name: y, envs: [../../outside/file.yaml]}]
"""
PROGRAM_KEYS = (
    *("core.fsmonitor", "core.pager", "core.editor", "core.askPass", "core.gitProxy", "core.alternateRefsCommand"),
    *("core.sshCommand", "pager.ls-tree", "pager.cat-file", "pager.rev-parse", "pager.archive", "pager.ls-files"),
    *("diff.external", "credential.helper", "gpg.program", "sequence.editor", "uploadpack.packObjectsHook"),
    *(
        "remote.origin.uploadpack",
        "remote.origin.vcs",
        "filter.evil.smudge",
        "filter.evil.clean",
        "filter.evil.process",
    ),
    *("diff.evil.textconv", "diff.evil.command", "merge.evil.driver", "interactive.diffFilter", "tar.tar.command"),
)


class Hostile(NamedTuple):
    """The repository, the directory beside it that is somebody's own, and the file that planted programs leave."""

    root: Path
    outside: Path
    marker: Path


def git(at: Path, *arguments: str, given: bytes | None = None) -> str:
    """What git says, with nothing of the user's configuration."""
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return (
        subprocess.run(command, cwd=at, input=given, capture_output=True, check=True, env=environment)
        .stdout.decode()
        .strip()
    )


def build(directory: Path) -> Hostile:
    """Everything at once, but for what stops a run: see `CONFIGURATIONS`."""
    hostile = Hostile(directory / "repo", directory / "outside", directory / "marker")
    _make_outside(hostile.outside)
    (hostile.root / "k8s").mkdir(parents=True)
    (hostile.root / "k8s/app.yaml").write_text(APP)
    (hostile.root / "k8s/kustomization.yaml").write_text(KUSTOMIZATION)
    git(hostile.root, "init", "-q", "-b", "main")
    (hostile.root / ".gitattributes").write_text("* filter=evil diff=evil merge=evil export-subst ident\n")
    _plant_links(hostile)
    git(hostile.root, "add", "--all")
    git(hostile.root, "commit", "-qm", "base")
    _plant_specials(hostile.root / "specials")
    _plant_repositories(hostile)
    _replace(hostile.root)
    _arm(hostile)  # from here on git runs the program
    return hostile


def _make_outside(outside: Path) -> None:
    outside.mkdir()
    (outside / "file.yaml").write_text(OUTSIDE)
    (outside / "patterns").write_text(f"{CANARY}\napp.yaml\n")
    (outside / "kubeqed.yaml").write_text(f"rules: {{ignore: [{CANARY}]}}\n")
    (outside / "baseline.json").write_text(f'{{"version": 1, "{CANARY}": 1, "findings": []}}')
    (outside / "Chart.yaml").write_text(f"name: {CANARY}\n")
    (outside / "templates").mkdir()
    (outside / "templates/a.yaml").write_text(OUTSIDE)


def _plant_links(hostile: Hostile) -> None:
    links = hostile.root / "links"
    links.mkdir()
    targets = {
        "relative.yaml": "../../outside/file.yaml",
        "absolute.yaml": str(hostile.outside / "file.yaml"),
        "directory": "../../outside",
        "directory.yaml": "../../outside",
        "through.yaml": "directory/file.yaml",
        "deep.json": "../k8s/../links/../../outside/file.yaml",
        "passwd.yaml": "/etc/passwd",
        "environ.yaml": "/proc/self/environ",
        "cmdline.yaml": "/proc/self/cmdline",
        "process": "/proc/self",
        "zero.yaml": "/dev/zero",
        "input.yaml": "/dev/stdin",
        "descriptor.yaml": "/proc/self/fd/0",
        "config.yaml": "../.git/config",
        "git": "../.git",
        "loop.yaml": "loop.yaml",
        "loop": ".",
        "up": "..",
        "out": "../..",
        "gone.yaml": "gone.yaml.yaml",
        "Chart.yaml": "../../outside/Chart.yaml",
        "kustomization.yaml": "../../outside/file.yaml",
        ".gitignore": "../../outside/patterns",
    }
    for name, target in targets.items():
        os.symlink(target, links / name)


def _plant_specials(directory: Path) -> None:
    directory.mkdir()
    os.mkfifo(directory / "pipe.yaml")
    os.mkfifo(directory / ".gitignore")
    (directory / "large.yaml").touch()
    os.truncate(directory / "large.yaml", 65 * 1024 * 1024)
    with socket.socket(socket.AF_UNIX) as listener:
        before = os.open(".", os.O_RDONLY)
        os.chdir(directory)  # the name of a socket is short
        listener.bind("socket.yaml")
        os.fchdir(before)
        os.close(before)


def _plant_repositories(hostile: Hostile) -> None:
    """Repositories in the repository: one that is armed too, and one that says it is somebody else's."""
    victim = hostile.outside / "victim"
    victim.mkdir()
    (victim / "file.yaml").write_text(OUTSIDE)
    git(victim, "init", "-q", "-b", "main")
    git(victim, "add", ".")
    git(victim, "commit", "-qm", CANARY)
    for name in ("file", "common"):
        (hostile.root / name).mkdir()
        (hostile.root / name / "app.yaml").write_text(APP)
    (hostile.root / "file/.git").write_text(f"gitdir: {victim}/.git\n")
    git(hostile.root / "common", "init", "-q")
    (hostile.root / "common/.git/commondir").write_text(f"{victim}/.git\n")
    (hostile.root / "common/.gitignore").write_text("app.yaml\n")


def _arm(hostile: Hostile) -> None:
    """Whatever git runs for a repository, runs a program that leaves the marker."""
    program = hostile.outside / "program"
    program.write_text(f"#!/bin/sh\necho run >> '{hostile.marker}'\nexit 1\n")
    program.chmod(0o755)
    kept = hostile.root / ".git"
    shutil.rmtree(kept / "hooks", ignore_errors=True)
    (kept / "hooks").mkdir()
    for hook in ("post-index-change", "fsmonitor-watchman", "reference-transaction", "post-checkout", "pre-auto-gc"):
        shutil.copy(program, kept / "hooks" / hook)
    included = hostile.outside / "included"
    included.write_text(f"[user]\n\tname = {CANARY}\n[core]\n\tfsmonitor = {program}\n")
    lines = [f"[http]\n\textraheader = {CANARY}\n[extensions]\n\tpartialClone = origin\n"]
    lines.append(f"[include]\n\tpath = {included}\n")
    for key in PROGRAM_KEYS:
        section, _, name = key.rpartition(".")
        head, _, rest = section.partition(".")
        lines.append(f'[{head}{f" {chr(34)}{rest}{chr(34)}" if rest else ""}]\n\t{name} = "{program}"\n')
    lines.append(f'[remote "origin"]\n\turl = ext::{program}\n\tpromisor = true\n\tpartialclonefilter = blob:none\n')
    lines.append("[protocol]\n\tallow = always\n")
    with (kept / "config").open("a") as config:
        config.write("".join(lines))


def _replace(root: Path) -> None:
    """A commit of which a file is missing, as in a partial clone, and one that poses as the base."""
    blob = git(root, "hash-object", "--stdin", given=f"{OUTSIDE}# of a file that is written nowhere\n".encode())
    tree = git(root, "mktree", "--missing", given=f"100644 blob {blob}\tmissing.yaml\n".encode())
    git(root, "update-ref", "refs/heads/partial", git(root, "commit-tree", "-m", "partial", tree))
    shown = git(root, "hash-object", "-w", "--stdin", given=OUTSIDE.encode())
    tree = git(root, "mktree", given=f"100644 blob {shown}\tk8s.yaml\n".encode())
    git(root, "replace", "main", git(root, "commit-tree", "-m", "posing", tree))
    git(root, "update-ref", f"refs/heads/{git(root, 'rev-parse', 'main')}", git(root, "commit-tree", "-m", "x", tree))


CONFIGURATIONS = {
    "link": "link: ../outside/kubeqed.yaml",
    "link to git": "link: .git/config",
    "device": "link: /dev/zero",
    "pipe": "pipe",
    "unit outside": "units: [{path: ../outside, world: closed}, {path: .}]",
    "units outside": "units: [{paths: [k8s, ../outside, /etc], world: closed}]",
    "baseline outside": "baseline: ../outside/baseline.json",
    "baseline absolute": "baseline: /etc/passwd",
    "baseline link": "baseline: links/absolute.yaml",
    "baseline in git": "baseline: links/config.yaml",
    "exclude nothing": "exclude: ['!**', '!../outside']",
}


def configure(hostile: Hostile, name: str) -> None:
    """Plants one of `CONFIGURATIONS` as kubeqed.yaml."""
    text = CONFIGURATIONS[name]
    file = hostile.root / "kubeqed.yaml"
    if text == "pipe":
        os.mkfifo(file)
    elif text.startswith("link: "):
        os.symlink(text.removeprefix("link: "), file)
    else:
        file.write_text(f"{text}\n")
