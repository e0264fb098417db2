"""Our fingerprint of a line is the one that GitHub's uploader computes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kubeqed.parse import split_lines
from kubeqed.report.fingerprint import line_hashes

# Made with the uploader's arithmetic in another language (BigInt of node).
SERVICES = [
    "90a4c5f2519d7c91:1",
    "136a09a163c5d500:1",
    "90a4c5f2519d7c91:2",
    "136a09a163c5d500:2",
    "90a4c5f2519d7c91:3",
    "136a0dc1dcb6a370:1",
    "4bb3f78f72c44ced:1",
    "8c941468af147062:1",
    "c85328638ab8e907:1",
    "8ed8626f85f918c:1",
    "31f28584b7a33cb9:1",
    "87f56b8eb870960e:1",
    "c129715d7a2bc9a3:1",
]


def hashes(text: str) -> list[str]:
    return line_hashes(split_lines(text))


def test_empty_file() -> None:
    assert hashes("") == ["c129715d7a2bc9a3:1"]


def test_known_values() -> None:
    assert hashes("apiVersion: v1\nkind: Service\n" * 6) == SERVICES


def test_spaces_tabs_and_kinds_of_line_breaks_do_not_matter() -> None:
    assert hashes("\tapi Version:v1\r\n  kind:\tService\r" * 6) == SERVICES


def test_last_line_break_matters() -> None:
    assert hashes("a\n")[0] != hashes("a")[0]


@given(st.text(st.sampled_from("ab \t\n\r\ufeff前👩"), max_size=300))
def test_as_it_is_rolled_by_the_uploader(text: str) -> None:
    assert hashes(text) == rolled(text)


def rolled(text: str) -> list[str]:
    """The description in the uploader's comment, character by character."""
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(character for character in normal if character not in " \t")
    encoded = kept.encode("utf-16-le")
    units = [int.from_bytes(encoded[at : at + 2], "little") for at in range(0, len(encoded), 2)] + [65535]
    starts = [at for at in range(len(units)) if at == 0 or units[at - 1] == 10]
    counts: dict[int, int] = {}
    found = []
    for start in starts:
        value = 0
        for unit in (units[start:] + [0] * 100)[:100]:
            value = (value * 37 + unit) % 2**64
        counts[value] = counts.get(value, 0) + 1
        found.append(f"{value:x}:{counts[value]}")
    return found
