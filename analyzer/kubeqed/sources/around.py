"""What stands around the PATHs in their repositories: listed by name first, so that only what is needed of it is read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from kubeqed.diagnostic import Notice, NoticeKind, Span
from kubeqed.sources.beyond import merge_collected, prefix_of
from kubeqed.sources.collected import Collected, drop_repeated, gather
from kubeqed.sources.content import LARGEST, is_stream
from kubeqed.sources.disk import DiskTree
from kubeqed.sources.git.repository import repository_root
from kubeqed.sources.paths import Paths, is_below
from kubeqed.sources.patterns.excluded import Excluded, Exclusion
from kubeqed.sources.tree import FileTree
from kubeqed.sources.unread import Unread
from kubeqed.sources.walk import Walk

MOST_DIRECTORIES = 10_000  # 0.7 s to list
MOST_FILES = 2_000


Fetch = Callable[[Sequence[str]], None]


class Around:
    """What the repositories around `collected` hold besides it.

    `paths` has the links of both, `roots` are the real directories of these repositories. `is_cut` says that they have
    too many directories for that.
    """

    def __init__(self, collected: Collected, walk: Walk, fetch: Fetch, roots: tuple[str, ...]) -> None:
        self.collected = collected
        self.roots = roots
        self._fetch = fetch
        self.is_cut = walk.is_cut
        self._walk = walk
        known = {collected.paths.real(file.path) for file in collected.files}
        self._files = {file.real: file for file in drop_repeated(walk.files) if file.real not in known}
        self.paths: Paths = collected.paths._replace(links={**walk.links, **collected.paths.links})

    @property
    def files(self) -> Collection[str]:
        """The real paths of the files that would be read if the PATHs were the repositories."""
        return self._files.keys()

    def contents(self, files: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Some of them that can be read, with what they hold."""
        listed = list(files)
        self._fetch(listed)
        for real in listed:
            tree = self._files[real].tree
            try:
                yield real, tree.read(real, LARGEST) if tree else b""
            except OSError:
                continue  # it is said where it is needed

    def with_files(self, files: Iterable[str], directories: Collection[str]) -> Collected:
        """What was collected with some of the files, and with what was not read at or below some directories."""
        wanted = list(files)
        if self.is_cut or len(wanted) > MOST_FILES:
            reason = f"{MOST_DIRECTORIES:,} directories" if self.is_cut else f"{MOST_FILES:,} files that belong to it"
            return self._collect_left(
                f"is judged without what kustomizations elsewhere add to it: there are more than {reason}"
            )
        self._fetch(wanted)
        walk, reached = self._walk, self.collected.paths.reached
        walk.files = [self._files[real] for real in wanted]
        walk.unread = [one for one in walk.unread if one.path not in reached and _is_below_any(one.real, directories)]
        walk.charts = {name: real for name, real in walk.charts.items() if _is_below_any(real, directories)}
        walk.templates, walk.notices = [], []
        return merge_collected(self.collected, gather(walk, {}))

    def _collect_left(self, text: str) -> Collected:
        """What was collected, open wherever a kustomization may add to it."""
        paths = self.collected.paths
        places = {root.path: paths.real(root.path) for root in paths.roots if not is_stream(root.path)}
        notices = (Notice(NoticeKind.NOT_READ, Span(name, 1, 1, 1, 1), f"{name} {text}") for name in places)
        unread = [Unread(f"what stands around {name}", text, real) for name, real in places.items()]
        return self.collected._replace(
            notices=(*self.collected.notices, *notices),
            unread=(*self.collected.unread, *unread),
            paths=paths._replace(reached={**paths.reached, **{one.path: one.real for one in unread}}),
        )


@contextmanager
def around_on_disk(collected: Collected, excluded: Sequence[Excluded] = ()) -> Iterator[Around | None]:
    """What stands around the PATHs on the disk, None where that is nothing; nothing is read outside of their repositories."""
    paths = collected.paths
    places = [(paths.real(root.path), root.is_directory) for root in paths.roots if not is_stream(root.path)]
    roots = dict.fromkeys(filter(None, (repository_root(real) for real, _ in places)))
    open_roots = [
        root for root in roots if not any(is_directory and is_below(root, real) for real, is_directory in places)
    ]
    with ExitStack() as stack:
        trees = {root: stack.enter_context(DiskTree(root)) for root in open_roots}
        yield around_in(collected, trees, paths.printed, excluded) if trees else None


def around_in(
    collected: Collected,
    trees: Mapping[str, FileTree],
    printed: Callable[[str], str],
    excluded: Sequence[Excluded],
    fetch: Fetch = lambda _: None,
) -> Around:
    """The same for trees by their roots; `printed` gives the name of a real place, `fetch` is called before files are read."""
    walk = Walk(Exclusion(excluded), MOST_DIRECTORIES)
    for root, tree in trees.items():
        walk.directory(prefix_of(printed(root)), root, tree)
    return Around(collected, walk, fetch, tuple(trees))


def _is_below_any(real: str, directories: Collection[str]) -> bool:
    return any(is_below(real, directory) for directory in directories)
