"""The resources of one build in their order, no two of which have one identifier."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kubeqed.build.kustomize.resources.identity import ResourceId
from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.node import Copies
from kubeqed.build.refusal import RefusalCause, RefusalError


class ResourceMap:
    """Resources in the order in which they were added."""

    def __init__(self) -> None:
        self._resources: list[BuildResource] = []
        self._keys: set[tuple[str, ...]] | None = set()

    def __iter__(self) -> Iterator[BuildResource]:
        return iter(self._resources)

    def __len__(self) -> int:
        return len(self._resources)

    def append(self, resource: BuildResource) -> None:
        """Adds one; a RefusalError when its identifier is taken."""
        if self._keys is None:
            self._keys = {one.current_id.key for one in self._resources}
        found = resource.current_id
        if found.key in self._keys:
            raise _refuse_taken(found)
        self._keys.add(found.key)
        self._resources.append(resource)

    def copy(self) -> ResourceMap:
        """The same resources, to be changed on their own; what is one node in several places is so in the copy, too."""
        copied, copies = ResourceMap(), Copies()
        copied._resources = [one.copy(copies) for one in self._resources]
        copied._keys = None if self._keys is None else set(self._keys)
        return copied

    def replace(self, old: BuildResource, new: BuildResource) -> None:
        """Puts a resource where another was."""
        self._resources[self._resources.index(old)] = new
        self._keys = None

    def settle(self) -> None:
        """Drops what patches have deleted; to be called after resources were changed."""
        self._resources = [one for one in self._resources if one.root is not None and one.root.entries]
        self._keys = None

    def sort(self, key: Callable[[BuildResource], tuple[int, str, str]]) -> None:
        """Puts those that are left in order."""
        self.settle()
        self._resources.sort(key=key)

    def by_any_id(self, matches: Callable[[ResourceId], bool]) -> list[BuildResource]:
        """Those of which an identifier, present or former, matches."""
        return [one for one in self._resources if one.root is not None and any(map(matches, one.all_ids))]

    def called(self, wanted: ResourceId) -> list[BuildResource]:
        """Those that are or were called so."""
        return [one for one in self._resources if one.root is not None and one.is_called(wanted)]

    def by_id(self, wanted: ResourceId) -> BuildResource:
        """The only one that is or was called so; a RefusalError where that is none or several."""
        found = self.called(wanted)
        if len(found) != 1:
            matches = "multiple matches" if found else "no matches"
            reason = f"{matches} for Id {wanted}; failed to find unique target for patch {wanted}"
            raise RefusalError(reason, cause=RefusalCause.OBJECT)
        return found[0]

    def check_unique(self) -> None:
        """A RefusalError when two resources bear one identifier; to be called after a patch that may change names and kinds."""
        keys: set[tuple[str, ...]] = set()
        for found in (one.current_id for one in self._resources):
            if found.key in keys:
                raise _refuse_taken(found)
            keys.add(found.key)

    def check_ids(self, changed: Iterable[BuildResource]) -> None:
        """A RefusalError when a changed resource bears the identifier of another."""
        counts: dict[tuple[str, ...], int] = {}
        for one in self._resources:
            counts[one.current_id.key] = counts.get(one.current_id.key, 0) + 1
        for one in changed:
            if counts[one.current_id.key] > 1:
                raise RefusalError(f"namespace transformation produces ID conflict: {one.current_id}")


def _refuse_taken(wanted: ResourceId) -> RefusalError:
    return RefusalError(f"may not add resource with an already registered id: {wanted}")
