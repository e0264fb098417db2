"""YAML text becomes value trees that remember every position.

Everything that knows columns lives here, and the only import of ruamel.yaml. Values mean what they mean to Kubernetes
(sigs.k8s.io/yaml), each keeps the place where a person would look for it, what a template or a placeholder leaves open
is an `Unknown`, and whatever bytes come in, the answer is a tree or a problem with a place, never an exception.
"""

from kubeqed.parse.document import Document, PlacedDocument, Problem, ProblemKind
from kubeqed.parse.manifest import TYPE_KEYS
from kubeqed.parse.pause import collector_paused
from kubeqed.parse.read import Parsed, comments_of, parse, parse_written
from kubeqed.parse.template.keys import holds_placeholder
from kubeqed.parse.tree.digits import parse_whole_number
from kubeqed.parse.tree.lines import split_lines
from kubeqed.parse.tree.mark import Mark, Place, Through, pack, unpack
from kubeqed.parse.tree.nodes import Mapping, Sequence, Value, as_written, locate, locate_key, split_path, value_at
from kubeqed.parse.tree.unknown import Concat, Fresh, Term, Unknown, Variable
from kubeqed.parse.yaml.decode import ENCRYPTED
from kubeqed.parse.yaml.dump import dump
from kubeqed.parse.yaml.scalar import resolve

__all__ = [
    "ENCRYPTED",
    "TYPE_KEYS",
    "Concat",
    "Document",
    "Fresh",
    "Mapping",
    "Mark",
    "Parsed",
    "Place",
    "PlacedDocument",
    "Problem",
    "ProblemKind",
    "Sequence",
    "Term",
    "Through",
    "Unknown",
    "Value",
    "Variable",
    "as_written",
    "collector_paused",
    "comments_of",
    "dump",
    "holds_placeholder",
    "locate",
    "locate_key",
    "pack",
    "parse",
    "parse_whole_number",
    "parse_written",
    "resolve",
    "split_lines",
    "split_path",
    "unpack",
    "value_at",
]
