"""Values that a chart is rendered at: its defaults, and each that something states or that is tried."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from kubeqed.build.gotemplate.values import PlacedMap
from kubeqed.build.refusal import Unbuilt
from kubeqed.parse import Place

RELEASE = "release-name"  # what `helm template` calls a release without a name
NAMESPACE = "default"


class SetText(NamedTuple):
    """`--set`, or `--set-string` if it `is_text`, and where it is stated."""

    text: str
    place: Place
    is_text: bool = False


class ValueSetOrigin(Enum):
    """What gives the values: the chart alone, a file in its `ci/`, a switch that kubeqed tries, a search, or a statement.

    A search for values that break something found them, or it made up a part of them, such as an item of a list. A statement
    is the command line, the configuration, a HelmRelease, an Application or a kustomization.
    """

    DEFAULT = "default"
    CI = "ci"
    SWITCH = "switch"
    FOUND = "found"
    MADE_UP = "made-up"
    STATED = "stated"


class ValueSet(NamedTuple):
    """Named values of one chart, with the release that they are for.

    `name` is how a message calls them: empty for the defaults, `ci/tls-values.yaml`, `ingress.enabled=true`,
    `HelmRelease shop/web`. Of `values` a later map wins, and `pairs` (`--set`) win over all of them; each entry knows the
    line that sets it. `place` is where the values are stated, None where nothing states them. `own_values` stand in for
    those of values.yaml. `read` are the real paths of the files that they were read from, `unknown` is what is given
    too and not known here, so that what is rendered is not just what is applied.
    """

    name: str = ""
    origin: ValueSetOrigin = ValueSetOrigin.DEFAULT
    values: tuple[PlacedMap, ...] = ()
    pairs: tuple[SetText, ...] = ()
    release: str = RELEASE
    namespace: str = NAMESPACE
    place: Place | None = None
    own_values: PlacedMap | None = None
    read: tuple[str, ...] = ()
    unknown: tuple[Unbuilt, ...] = ()


AT_DEFAULTS = ValueSet()
