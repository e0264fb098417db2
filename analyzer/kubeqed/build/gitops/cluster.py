"""What reaches which cluster: from some objects on, all that they state, and what that states in turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.build.allowance import OF_APPLIED
from kubeqed.build.built import NOTHING_BUILT, Built
from kubeqed.build.gitops.path_builder import Identity, Name, PathBuilder, identity_of, locate_written
from kubeqed.build.gitops.reading import StatementReader, gitops_trees
from kubeqed.build.gitops.statement import RepositoryPath, Statement
from kubeqed.build.node import OriginNode, thaw
from kubeqed.build.refusal import Unbuilt
from kubeqed.parse import Mapping, Place, PlacedDocument

MOST_PARTS = 5_000  # of all clusters of one root
DEEPEST = 30  # statements that lead to one another; three are usual
_AWAITED = ("ConfigMap", "Secret")  # a source that is looked up is often made by hand


class Part(NamedTuple):
    """What one statement applies: its title, where it names the path, the real path, and what is built of that.

    `merges` says that its objects are laid over those in the cluster.
    """

    title: str
    place: Place
    real: str
    built: Built
    merges: bool = False


class GitOpsCluster(NamedTuple):
    """What reaches one cluster. `name` is what statements call it, empty for the one that the root itself is in."""

    name: str
    parts: tuple[Part, ...]


class _Job(NamedTuple):
    """A path that a statement of the object `tree` names, to be built for a cluster; `depth` statements lead to it."""

    tree: OriginNode
    statement: Statement
    path: RepositoryPath
    cluster: str
    depth: int


def collect_clusters(
    documents: Iterable[PlacedDocument], own: Iterable[Part], read: StatementReader, builder: PathBuilder
) -> tuple[GitOpsCluster, ...]:
    """The clusters that some documents lead to; the first of them is the one that the documents are in.

    `own` is what their kustomizations apply by themselves, in the first cluster, as far as nothing else applies it.
    """
    return _Collection(read, builder).collect(tuple(documents), own)


class _Collection:
    """All that some objects state, each path built once for each cluster that it reaches."""

    def __init__(self, read: StatementReader, builder: PathBuilder) -> None:
        self._read = read
        self._builder = builder
        self._held: dict[str, _Held] = {}
        self._jobs: deque[_Job] = deque()
        self._seen: set[tuple[Identity, tuple[str, ...]]] = set()

    def collect(self, documents: tuple[PlacedDocument, ...], own: Iterable[Part]) -> tuple[GitOpsCluster, ...]:
        """Builds until nothing new is stated. What asks for an object that is not there yet waits, for that or for all else."""
        self._find_held("").index(documents)
        self._collect_statements(gitops_trees(documents), "", 0)
        waiting: list[tuple[_Job, frozenset[Name]]] = []
        while self._jobs or waiting:
            job, is_last = (self._jobs.popleft(), False) if self._jobs else self._next_of(waiting)
            if missed := self._build_job(job, is_last=is_last):
                waiting.append((job, missed))
        for held in self._held.values():
            held.settle()
        self._find_held("").add_own(own)
        return tuple(GitOpsCluster(name, tuple(held.parts)) for name, held in self._held.items())

    def _next_of(self, waiting: list[tuple[_Job, frozenset[Name]]]) -> tuple[_Job, bool]:
        """The first that waits for an object that is there now; else the first of all, which waits no longer."""
        ready = (
            number for number, (job, missed) in enumerate(waiting) if self._find_held(job.cluster).holds_any(missed)
        )
        number = next(ready, None)
        return waiting.pop(number or 0)[0], number is None

    def _find_held(self, cluster: str) -> _Held:
        return self._held.setdefault(cluster, _Held())

    def _collect_statements(self, trees: Iterable[OriginNode], cluster: str, depth: int) -> None:
        """Takes in what the objects of a cluster state."""
        for tree in trees:
            for statement in self._read(tree):
                self._take_in(tree, statement, statement.cluster or cluster, depth)

    def _take_in(self, tree: OriginNode, statement: Statement, cluster: str, depth: int) -> None:
        for lacking in statement.unbuilt:
            if self._is_new(tree, statement.title, lacking.reason, cluster):
                self._find_held(cluster).lacks(statement, lacking)
        self._find_held(cluster).made += [(statement, one) for one in statement.objects]
        for path in statement.paths:
            if self._is_new(tree, statement.title, path.repository, path.path, cluster):
                self._jobs.append(_Job(statement.tree or tree, statement, path, cluster, depth))

    def _is_new(self, tree: OriginNode, *stated: str) -> bool:
        key = (identity_of(tree), stated)
        is_new = key not in self._seen
        self._seen.add(key)
        return is_new

    def _build_job(self, job: _Job, *, is_last: bool) -> frozenset[Name]:
        """Builds a path; gives the names of what it has to wait for, none if it is done."""
        held, path = self._find_held(job.cluster), job.path
        real = self._builder.find(path)
        allowance = self._builder.allowance
        if real is None or job.depth > DEEPEST or len(self._seen) > MOST_PARTS or allowance.is_spent:
            reason = "not in this repository" if real is None else "one of too many"
            what = f"{path.path or '.'} of {path.repository}, which is {reason}"
            held.lacks(job.statement, Unbuilt(path.place, what, gave_up=real is not None))
            return frozenset()
        held.missed.clear()
        built = self._builder.build(job.tree, path, real, held.find)
        allowance.spend(OF_APPLIED * len(built.documents))
        if held.missed and not is_last:
            return frozenset(held.missed)
        held.add(Part(job.statement.title, path.place, real, built, job.statement.merges))
        self._collect_statements(gitops_trees(built.documents), job.cluster, job.depth + 1)
        return frozenset()


class _Held:
    """What one cluster holds so far; `missed` are the names that were looked up and that it does not hold.

    `made` are the objects that a tool makes by itself, each with its statement.
    """

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.made: list[tuple[Statement, PlacedDocument]] = []
        self.missed: set[Name] = set()
        self._applied: set[_AppliedAs] = set()
        self._documents: dict[Name, PlacedDocument] = {}
        self._trees: dict[Name, OriginNode] = {}

    def add(self, part: Part) -> None:
        """Takes in what a statement applies, but for what another one applies just so."""
        documents = tuple(one for one in part.built.documents if self._is_new(one))
        self.parts.append(part._replace(built=part.built._replace(documents=documents)))
        self.index(documents)

    def add_own(self, own: Iterable[Part]) -> None:
        """Takes in, before all else, what kustomizations apply by themselves, but for what is there already."""
        used = frozenset[str]().union(*(part.built.used for part in self.parts))
        parts, self.parts = self.parts, []
        for part in own:
            if not part.built.used <= used:
                known = frozenset(self._applied)
                kept = tuple(one for one in part.built.documents if _applied_as(one) not in known)
                self.add(part._replace(built=part.built._replace(documents=kept)))
        self.parts += parts

    def _is_new(self, placed: PlacedDocument) -> bool:
        """Whether it is not there; two objects of unknown names may be two."""
        key = _applied_as(placed)
        is_new = key.name is None or key not in self._applied
        self._applied.add(key)
        return is_new

    def lacks(self, statement: Statement, lacking: Unbuilt) -> None:
        """Takes in that a part cannot be built."""
        self.parts.append(Part(statement.title, lacking.place, "", NOTHING_BUILT._replace(unbuilt=(lacking,))))

    def settle(self) -> None:
        """Takes in what the tool makes by itself, where nothing else is of that name."""
        for statement, placed in self.made:
            if self._documents.keys().isdisjoint(_list_names(placed)):
                self.add(Part(statement.title, statement.place, "", NOTHING_BUILT._replace(documents=(placed,))))

    def index(self, documents: Iterable[PlacedDocument]) -> None:
        """Makes objects known by their names."""
        for placed in documents:
            for name in _list_names(placed):
                self._documents.setdefault(name, placed)

    def find(self, kind: str, namespace: str, name: str) -> OriginNode | None:
        """The object of that name, also one that does not say its namespace."""
        for key in _list_spellings(kind, namespace, name):
            if key in self._documents and key not in self._trees:
                self._trees[key] = thaw(self._documents[key])
            if key in self._trees:
                return self._trees[key]
        if kind in _AWAITED:
            self.missed.add((kind, namespace, name))
        return None

    def holds_any(self, names: Iterable[Name]) -> bool:
        """Whether an object of one of the names is there now."""
        return any(key in self._documents for name in names for key in _list_spellings(*name))


def _list_spellings(kind: str, namespace: str, name: str) -> tuple[Name, ...]:
    """The names that an object may have which is looked up: its namespace may be absent."""
    return (kind, namespace, name), (kind, "", name)


class _AppliedAs(NamedTuple):
    """Where an object is written, and what it is called where it is applied; empty or None where that is not known."""

    written: Identity
    kind: str
    namespace: str
    name: str | None


def _applied_as(placed: PlacedDocument) -> _AppliedAs:
    root = placed.document.root
    metadata = root.get("metadata") if isinstance(root, Mapping) else None
    kind = root.get("kind") if isinstance(root, Mapping) else None
    namespace, name = (metadata.get(key) if isinstance(metadata, Mapping) else None for key in ("namespace", "name"))
    return _AppliedAs(
        locate_written(placed.placed(placed.document.top)),
        kind if isinstance(kind, str) else "",
        namespace if isinstance(namespace, str) else "",
        name if isinstance(name, str) else None,
    )


def _list_names(placed: PlacedDocument) -> Iterator[Name]:
    """What the object of a document is called, where it has a known name."""
    _, kind, namespace, name = _applied_as(placed)
    if kind and name is not None:
        yield kind, namespace, name
