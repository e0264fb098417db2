"""What `reach` lists of each unit, as plain values: nothing is left to work out when a format prints them."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.diagnostic import Notice
from kubeqed.model.units.producer import Producer
from kubeqed.model.units.unit import Unit
from kubeqed.reach.caveats.limits import find_missing
from kubeqed.reach.policy.compiled import Caveat
from kubeqed.reach.query.answer import EVERYTHING, Connection, ConnectionQuery, ReachResult
from kubeqed.reach.query.exposure import DirectionExposure, find_exposure
from kubeqed.reach.query.guesses import Guesses, find_guesses
from kubeqed.reach.query.pairs import PairConnection, list_pairs
from kubeqed.reach.query.placed import PlacementCondition
from kubeqed.reach.query.policy_doubts import PolicyDoubt, name_doubted_peers


class UnitConnections(NamedTuple):
    """The connections of one unit, in groups or, where they are asked for so, in `pairs`, and what limits the answer.

    `depending` are connections of an ingress controller that depend on where it runs. `doubts` are policies of other
    engines that may decide otherwise. `missing` may hold or create what the answer lacks. `exposure` is empty where it
    was not asked for.
    """

    unit: Unit
    connections: tuple[Connection, ...]
    pairs: tuple[PairConnection, ...]
    depending: tuple[tuple[Connection, PlacementCondition], ...]
    doubts: tuple[PolicyDoubt, ...]
    missing: tuple[Producer, ...]
    guesses: Guesses
    caveats: tuple[Caveat, ...]
    exposure: tuple[DirectionExposure, ...]


class ConnectionListing(NamedTuple):
    """The connections of all units, what could not be read or answered, and whether pairs and exposure were asked for."""

    units: tuple[UnitConnections, ...]
    notices: tuple[Notice, ...] = ()
    in_pairs: bool = False
    with_exposure: bool = False


def list_connections(
    answer: ReachResult, question: ConnectionQuery = EVERYTHING, *, pairs: bool = False, exposure: bool = False
) -> UnitConnections:
    """What is asked of one unit; in groups there are few connections, as `pairs` there may be millions."""
    return UnitConnections(
        answer.unit,
        () if pairs else tuple(answer.connections(question)),
        tuple(list_pairs(answer, question)) if pairs else (),
        tuple(answer.depending(question)),
        tuple(name_doubted_peers(answer, answer.unless(question))),
        tuple(find_missing(answer.unit)),
        find_guesses(answer),
        tuple(answer.caveats),
        find_exposure(answer, question) if exposure else (),
    )
