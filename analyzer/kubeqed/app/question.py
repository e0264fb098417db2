"""What `reach`, `why` and `diff` share: an input without rules, what the CNI does, and what an answer leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from kubeqed.app.load import Loaded, load
from kubeqed.app.settings import CommandLineSettings
from kubeqed.config.nearest import find_nearest
from kubeqed.diagnostic import FailuresNoted, Notice, NoticeKind
from kubeqed.model.cluster import NONE
from kubeqed.model.units.read import Manifest
from kubeqed.reach import Assumptions, PortSyntaxError, ReachResult, assumptions_of_cluster, parse_ports
from kubeqed.reach.algebra import PortSet


class QuestionError(Exception):
    """A question that cannot be answered as it was asked; `part` is the option or argument at fault, if it is one."""

    def __init__(self, text: str, part: str | None = None) -> None:
        super().__init__(text)
        self.part = part


class Basis(NamedTuple):
    """What an answer rests on, as the command line states it: the world, the configuration, and what the CNI does.

    None of `pods_by_address` leaves the CNI's own; `hosts_governed` can only add to it.
    """

    closed: bool = False
    statement: CommandLineSettings = CommandLineSettings()
    cni: str | None = None
    pods_by_address: bool | None = None
    hosts_governed: bool = False

    def load(self, paths: tuple[str, ...], stdin: BinaryIO | None) -> Loaded:
        """The input; raises what `load` raises."""
        return load(paths or (".",), self.statement, closed=self.closed, stdin=stdin, for_good=True)


def choose_assumptions(loaded: Loaded, basis: Basis) -> Assumptions:
    """What the CNI does: the one named on the command line, else in the configuration, else the specification."""
    cni = basis.cni
    if cni is not None:
        check_cni_name(cni)
    found = assumptions_of_cluster(loaded.settings.cluster, cni)
    if basis.pods_by_address is not None:
        found = found._replace(pods_by_address=basis.pods_by_address)
    return found._replace(hosts_governed=True) if basis.hosts_governed else found


def check_cni_name(cni: str) -> None:
    """Raises a QuestionError for a name that no CNI has."""
    from kubeqed.model.cni.capabilities import cni_names, resolve_profile  # reads the CNI data

    if cni != NONE and resolve_profile(cni) is None:
        near = find_nearest(cni, cni_names())
        meant = f"; did you mean {near[0]}?" if near else ""
        raise QuestionError(f"no CNI is called {cni!r}{meant}", "--cni")


class Answered(NamedTuple):
    """The answers of the units, and what could not be read or answered."""

    answers: list[ReachResult]
    notices: tuple[Notice, ...]


def answer_units(loaded: Loaded, assumptions: Assumptions) -> Answered:
    """The answer of each unit that holds objects; one that cannot be worked out is left out and noted."""
    answers: list[ReachResult] = []
    failures: list[Notice] = []
    for unit in filter(lambda unit: unit.objects, loaded.input.units):
        with FailuresNoted(failures, f"answering for the unit {unit.root}"):
            answer = ReachResult(unit, assumptions)
            answer.caveats  # noqa: B018  # works out all that is read of the objects
            answers.append(answer)
    return Answered(answers, (*notices_of_unread(loaded), *failures))


def parse_port_option(text: str, usual: str = "") -> PortSet:
    """The ports that `--port` names; a bare number means those of the `usual` protocol, or of all.

    A QuestionError for what is no port.
    """
    try:
        return parse_ports(text, usual=usual)
    except PortSyntaxError as error:
        raise QuestionError(str(error), "--port") from error


def notices_of_unread(loaded: Loaded) -> tuple[Notice, ...]:
    """What could not be read: files, and documents, whose objects the answer lacks."""
    return (*loaded.collected.notices, *_list_broken(loaded.input.manifests))


def _list_broken(manifests: Iterable[Manifest]) -> Iterator[Notice]:
    for manifest in manifests:
        for placed in manifest.documents:
            if placed.document.lost:
                problem = next(iter(placed.document.problems), None)
                place = placed.placed(problem.mark if problem else placed.document.top)
                text = problem.message if problem else "a document cannot be read"
                yield Notice(NoticeKind.UNREADABLE, place.span, f"{text}; its objects are missing from the answer")
