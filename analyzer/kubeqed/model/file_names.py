"""Names by which tools find their files, and people theirs."""

from __future__ import annotations

import posixpath
import re

from kubeqed.build.kustomize.names import KUSTOMIZATIONS

CONFIGURATION = "kubeqed.yaml"

# https://kuttl.dev/docs/kuttl-test-harness.html, and chainsaw, which kept the names
_ASSERTION = re.compile(r"\d+-(?:assert|errors?)(?:[-_.].*)?\.ya?ml")
_PART = re.compile(r"patch|delete|(?<![a-z])attach(?![a-z])")
_TEMPLATE = re.compile(r"(?<![a-z])(?:templates?|tmpl|tpl)(?![a-z])")
_EMBEDDED = re.compile(r"(?:^|/)(?:bindata|assets)(?=/|$)")
_DIRECTORIES_OF_PARTS = ("patch", "patches", "kustomize")  # of kustomize, what no kustomization has among its resources


def is_kustomization(path: str) -> bool:
    """Whether kustomize takes the file for a kustomization."""
    return posixpath.basename(path) in KUSTOMIZATIONS


def is_configuration(path: str) -> bool:
    """Whether it is kubeqed's own configuration, which speaks of what it states to kubeqed alone."""
    return posixpath.basename(path) == CONFIGURATION


def is_assertion(path: str) -> bool:
    """Whether a test suite compares objects with what the file holds: `01-assert.yaml`, `01-errors.yaml`."""
    return _ASSERTION.fullmatch(posixpath.basename(path)) is not None


def is_named_template(path: str) -> bool:
    """Whether its name, or the last word of its directory's, says that the file is a template, from which manifests are made."""
    directory, name = posixpath.split(path.lower())
    words = list(_TEMPLATE.finditer(directory))
    return _TEMPLATE.search(name) is not None or (bool(words) and words[-1].end() == len(directory))


def is_embedded(path: str) -> bool:
    """Whether its directories say that a program, mostly an operator, holds the file and puts its images in."""
    return _EMBEDDED.search(posixpath.dirname(path.lower())) is not None


def is_bindata(path: str) -> bool:
    """Whether it lies where operators written in Go keep what they change before they apply it."""
    return "bindata" in posixpath.dirname(path).split("/")


def may_be_part(path: str) -> bool:
    """Whether its name, or its directory's, says that the file holds parts of objects: patches, what is attached, or what is to be deleted."""
    directory, name = posixpath.split(path.lower())
    return _PART.search(name) is not None or posixpath.basename(directory) in _DIRECTORIES_OF_PARTS
