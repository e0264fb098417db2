"""Paths compared as texts: below which directories one lies."""

from __future__ import annotations

import posixpath

import pytest

from kubeqed.sources import is_below, list_places_above

PATHS = ["/", "/a", "/a/b", "/ab", ".", "a", "a/b", "ab", "a/b/c.yaml", "..", "../a", "../../a/b"]


@pytest.mark.parametrize("path", PATHS)
def test_places_above_are_those_that_it_is_below(path: str) -> None:
    above = list(list_places_above(path))
    assert len(above) == len(set(above))
    assert all(is_below(path, place) for place in above)
    assert {place for place in PATHS if is_below(path, place)} <= set(above)
    assert all(posixpath.normpath(place) == place for place in above)
