"""Where the versions of a CNI differ in what matters."""

from __future__ import annotations

import pytest

from kubeqed.model.cni.capabilities import Degree, Since, Support, all_profiles
from kubeqed.model.cni.versions import VersionBand, cut_versions

PLAIN = Support(Degree.FULL)


def since(below: tuple[int, ...] | None, start: tuple[int, ...], last: tuple[int, ...] | None = None) -> Support:
    return Support(Degree.FULL, Since("then", below, start, last))


@pytest.mark.parametrize(
    ("supports", "bands"),
    [
        ([PLAIN], ["any"]),
        ([PLAIN, since((1, 16), (1, 16))], ["before 1.16", "1.16 or later"]),
        ([since((2, 4), (2, 5))], ["before 2.4", "2.4 to before 2.5", "2.5 or later"]),
        ([since((3, 29), (3, 29), (3, 31))], ["before 3.29", "3.29 to before 3.32", "3.32 or later"]),
        ([since((2026, 1), (2026, 1))], ["before 2026-01", "2026-01 or later"]),
    ],
)
def test_bands(supports: list[Support], bands: list[str]) -> None:
    assert [str(band) for band in cut_versions(supports)] == bands


@pytest.mark.parametrize("bound", [(1, 16), (0, 24, 0), (2026, 1)])
def test_the_sample_of_a_band_is_in_it(bound: tuple[int, ...]) -> None:
    support = since(bound, bound)
    before, later = cut_versions([support])
    assert (support.at(before.sample), support.at(later.sample)) == (Degree.NONE, Degree.FULL)


def test_one_version() -> None:
    assert str(VersionBand((1, 15, 3), (1, 15, 3), (1, 15, 3))) == "1.15.3"


def test_no_cni_of_the_data_mixes_dates_with_numbers() -> None:
    for cni in all_profiles():
        supports = [cni.enforces, *cni.features.values(), *cni.admin.values()]
        starts = {band.start[0] >= 2000 for band in cut_versions(supports) if band.start}
        assert len(starts) <= 1, cni.id
