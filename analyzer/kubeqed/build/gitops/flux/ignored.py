"""Which files a source of Flux leaves out of what it gives to the controller (github.com/fluxcd/pkg/sourceignore v0.22.0).

The last pattern that matches a path or a directory above it decides: the defaults come first, then each `.sourceignore`,
then `spec.ignore` of the source.
"""

from __future__ import annotations

import posixpath
from functools import cache

from kubeqed.build.directory import Files
from kubeqed.build.gitops.statement import ObjectLookup
from kubeqed.build.node import OriginNode
from kubeqed.sources.patterns.pattern import Pattern, parse_patterns

_FILE = ".sourceignore"
_DEFAULTS = """\
.git/
.gitignore
.gitmodules
.gitattributes
*.jpg
*.jpeg
*.gif
*.png
*.wmv
*.flv
*.tar.gz
*.zip
.github/
.circleci/
.travis.yml
.gitlab-ci.yml
appveyor.yml
.drone.yml
cloudbuild.yaml
codeship-services.yml
codeship-steps.yml
**/.goreleaser.yml
**/.sops.yaml
**/.flux.yaml
"""

_Scoped = tuple[tuple[str, Pattern], ...]  # a pattern, and the directory from the root that it speaks of


class IgnoredFiles:
    """The files that are left out of a source whose root is a real directory; `stated` is its `spec.ignore`."""

    def __init__(self, files: Files, root: str, stated: str = "") -> None:
        self._files = files
        self._root = root
        self._defaults = _scope_patterns(_DEFAULTS, "")
        self._stated = _scope_patterns(stated, "")
        self._of = cache(self._patterns_of)

    def __call__(self, real: str) -> bool:
        """Whether the file at a real path is left out."""
        path = posixpath.relpath(real, self._root)
        steps = path.split("/")
        above = ("/".join(steps[:count]) for count in range(len(steps)))
        patterns = [*self._defaults, *(one for directory in above for one in self._of(directory)), *self._stated]
        return next(
            (not one.negated for scope, one in reversed(patterns) if _matches_pattern(one, scope, steps)), False
        )

    def _patterns_of(self, directory: str) -> _Scoped:
        """The patterns that a directory has in its own file."""
        real = posixpath.join(self._root, directory, _FILE)
        return (
            _scope_patterns(self._files.content(real).decode(errors="replace"), directory)
            if self._files.is_file(real)
            else ()
        )


def find_ignored(files: Files, directory: str, tree: OriginNode, lookup: ObjectLookup) -> IgnoredFiles:
    """What is left out of the source that holds a directory, which is the path of the Kustomization `tree`."""
    reference = ("spec", "sourceRef")
    namespace = tree.text_at(*reference, "namespace") or tree.text_at("metadata", "namespace")
    source = lookup(tree.text_at(*reference, "kind"), namespace, tree.text_at(*reference, "name"))
    path = posixpath.normpath(f"/{tree.text_at('spec', 'path')}").lstrip("/")
    root = directory.removesuffix(f"/{path}") if path else directory
    return IgnoredFiles(files, root, source.text_at("spec", "ignore") if source is not None else "")


def _scope_patterns(text: str, directory: str) -> _Scoped:
    return tuple((directory, pattern) for pattern in parse_patterns(text))


def _matches_pattern(pattern: Pattern, scope: str, steps: list[str]) -> bool:
    """Whether a pattern matches a path, or a directory above it."""
    first = len(scope.split("/")) if scope else 0
    return any(
        pattern.matches("/".join(steps[first : count + 1]), steps[count], is_directory=count < len(steps) - 1)
        for count in range(first, len(steps))
    )
