"""The table of removed APIs says the same as the tables generated from the server's own descriptions."""

from __future__ import annotations

from kubeqed.model.admission import served
from kubeqed.model.removed import _REMOVALS


def test_removals_agree_with_the_tables_of_the_admission_rules() -> None:
    differing = {}
    for (api, kind), removal in _REMOVALS.items():
        group, _, version = api.partition("/")
        other = served.removal(group, version, kind)
        if other is None or other.version != removal.version:
            differing[api, kind] = (removal, other)
    assert not differing
