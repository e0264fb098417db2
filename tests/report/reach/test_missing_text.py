"""What may hold or create what an answer lacks: few by name, many by their sort."""

from __future__ import annotations

from kubeqed.model.units.producer import Producer
from kubeqed.parse import Place
from kubeqed.report.reach.caveats import missing_text

AT = Place.at_start("a.yaml")


def count(*texts: str) -> str:
    return missing_text([Producer(text, AT) for text in texts])


def test_few_are_named_with_their_places() -> None:
    assert count("the chart charts/web", "HelmRelease shop/web") == (
        "the chart charts/web (a.yaml:1) and HelmRelease shop/web (a.yaml:1)"
    )


def test_many_are_counted_by_their_sort() -> None:
    several = ["a document with placeholders"] * 2 + ["HelmRelease shop/web"] * 3
    several += ["base of https://example.org/x, which is fetched from another machine", "the chart charts/web"]
    assert count(*several) == "3 HelmRelease, 2 documents with placeholders, 1 part that was not built and 1 chart"
