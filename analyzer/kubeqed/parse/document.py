"""One YAML document: its tree and what was wrong with it. It knows no file and counts from its own start."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple, Protocol

from kubeqed.diagnostic import RENDERED_FROM, ObjectKey
from kubeqed.parse.manifest import is_manifest
from kubeqed.parse.tree.mark import Mark, Place, Through
from kubeqed.parse.tree.nodes import Value, locate, locate_key


class ProblemKind(Enum):
    """What parse itself reports: a text that is no YAML for Kubernetes, a key that a mapping defines a second time."""

    NOT_READABLE = auto()
    KEY_TWICE = auto()


class Problem(NamedTuple):
    """What is wrong with a document, and where."""

    kind: ProblemKind
    message: str
    mark: Mark
    path: str = ""
    related: tuple[tuple[Mark, str], ...] = ()


class PlacesByMark(Protocol):
    """The places of an object that was built of several documents, by their marks."""

    def __getitem__(self, mark: Mark, /) -> Place:
        """The place of a mark."""

    def __iter__(self) -> Iterator[Place]:
        """All places."""


class Document:
    """A parsed document.

    `top` marks its first key. `problems` are what it says against itself; `broken` that it could not be read at all,
    so that `root` is None; `lost` that moreover an object may have stood in it. `template` says that it still holds template text after masking and was skipped.
    `placeholders` that it holds placeholders where they may hide an object or a name. `aliases` maps the mark of each
    alias to that of its anchor, `readings` the mark of each number and boolean to its text where that is not JSON's
    spelling of the value (`010` is 8, `on` true), `literals` that of each literal block to the column where its lines begin. `places` are those of an object that a tool built of several
    documents, whose marks are numbers among them, `source` is how the object was called where it is written, and `secrets` are
    the marks of what the tool copied from Secrets.
    `rendered` is where Helm says of which template it made the document, and that template.
    """

    __slots__ = (
        "aliases",
        "broken",
        "literals",
        "lost",
        "placeholders",
        "places",
        "problems",
        "readings",
        "rendered",
        "root",
        "secrets",
        "source",
        "template",
        "top",
    )

    def __init__(
        self,
        root: Value,
        top: Mark,
        *,
        problems: tuple[Problem, ...] = (),
        broken: bool = False,
        lost: bool = False,
        template: bool = False,
        placeholders: bool = False,
        aliases: dict[Mark, Mark] | None = None,
        readings: dict[Mark, str] | None = None,
        literals: dict[Mark, int] | None = None,
        places: PlacesByMark | None = None,
        source: ObjectKey | None = None,
        secrets: frozenset[Mark] = frozenset(),
        rendered: tuple[Mark, str] | None = None,
    ) -> None:
        self.root = root
        self.top = top
        self.problems = problems
        self.broken = broken
        self.lost = lost
        self.template = template
        self.placeholders = placeholders
        self.aliases = aliases or {}
        self.readings = readings or {}
        self.literals = literals or {}
        self.places = places
        self.source = source
        self.secrets = secrets
        self.rendered = rendered

    @property
    def is_manifest(self) -> bool:
        """Whether Kubernetes is to read it, as far as can be told: what else is wrong with it is not looked at."""
        return self.lost or is_manifest(self.root)


class PlacedDocument(NamedTuple):
    """A document in a file, `first_line` counting from 0."""

    file: str
    first_line: int
    document: Document

    def at(self, path: str, key: ObjectKey | None = None, inside: str = "") -> Place:
        """The place of the field at `path`; total: a missing field gives its nearest existing parent.

        `inside` is the path of an object that is an item of a `kind: List`, which `path` then starts from.
        """
        mark, _ = locate(self.document.root, inside + path, self.document.top)
        return self._place_mark(mark, path, key)

    def key_at(self, path: str, key: ObjectKey | None = None, inside: str = "") -> Place:
        """The place of the key of the field at `path`, instead of its value."""
        return self._place_mark(locate_key(self.document.root, inside + path, self.document.top), path, key)

    def placed(self, mark: Mark, path: str = "", key: ObjectKey | None = None) -> Place:
        """The place of a mark of this document."""
        return self._place_mark(mark, path, key)

    def _place_mark(self, mark: Mark, path: str, key: ObjectKey | None) -> Place:
        if self.document.places is not None:
            return self.document.places[mark]._replace(object=key, path=path, source=self.document.source)
        through: tuple[Through, ...] = ()
        if self.document.rendered is not None:
            line, template = self.document.rendered
            through = (Through(Place(self.file, self.first_line, line), f"{RENDERED_FROM}{template}"),)
        anchor = self.document.aliases.get(mark)
        literal = self.document.literals.get(mark)
        return Place(self.file, self.first_line, mark, key, path, anchor, through, literal=literal)
