"""Which paths of a repository the GitOps objects of a file may name, told from its bytes: to parse all files would take longer."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile

from kubeqed.build.gitops.groups import states
from kubeqed.late_pattern import compile_late
from kubeqed.model.units.kustomize.reaching import Named
from kubeqed.sources import is_below

_PATH = compile_late(rb"""\b(?:path|chart)["']?[ \t]*:[ \t]*["']?(?:\./)?/?([^\s"'#,\]}]+)""")
_OPEN = compile_late(r"[*?\[{$<]")


def find_stated(
    contents: Mapping[str, bytes], roots: Sequence[str], directories: Iterable[str], files: Iterable[str]
) -> dict[str, Named]:
    """What the files with GitOps objects among `contents` may name, by their real paths.

    `roots` are the repositories. A kustomization or chart among `directories` stands for all that it holds, of any other directory each file is named.
    """
    known = frozenset(directories)
    listed = sorted({*files, *known})
    found = {}
    for file, content in contents.items():
        if states(content):
            root = next((one for one in roots if is_below(file, one)), "")
            paths = (f"{root.rstrip('/')}/{path}" for path in _find_paths(content))
            found[file] = Named(file, frozenset(one for path in paths for one in _expand_path(path, known, listed)))
    return found


def _find_paths(content: bytes) -> Iterator[str]:
    """The paths as they are stated; of a pattern or a template the directory that it starts with."""
    for match in _PATH.finditer(content):
        text = match[1].decode("utf-8", "replace")
        cut = _OPEN.search(text)
        path = text[: cut.start()].rpartition("/")[0] if cut else text.rstrip("/")
        if path and path != ".":
            yield path


def _expand_path(path: str, directories: frozenset[str], listed: list[str]) -> Iterator[str]:
    if path in directories:
        yield path
        return
    first = bisect_left(listed, path)
    near = takewhile(lambda one: one.startswith(path), islice(listed, first, None))
    yield from (one for one in near if one == path or one.startswith(f"{path}/"))
