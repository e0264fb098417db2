"""What scalars mean.

Source of every row: the output of `kubectl annotate --local -o json` (v1.32.4) for the same text, which reads as the
API server does, through sigs.k8s.io/yaml.
"""

from __future__ import annotations

import pytest
from tests.parse.reading import document, messages, root

from kubeqed.parse import Mapping, Unknown
from kubeqed.rule.reasons import RULE_OF_PROBLEM


def _all(words: str, value: object) -> list[tuple[str, object]]:
    return [(word, value) for word in words.split()]


def _texts(words: str) -> list[tuple[str, object]]:
    return [(word, word) for word in words.split()]


GOLDEN: list[tuple[str, object]] = [
    *_all("y Y yes Yes YES on On ON true True TRUE", True),
    *_all("n N no No NO off Off OFF false False FALSE", False),
    *_texts("oN oFF yES tRUE nULL Nan NaN inf Infinity .Infinity = . ... .e5 1e 0x 0b 0o 0b2 0o8"),
    *_all("~ null Null NULL", None),
    *_texts("1:30 190:20:30 1.2:3 2001-01-01 2001-12-14t21:59:43.10-05:00 1.5.2 10Mi _1 0x1p4"),
    ("0755", 493),
    ("-0755", -493),
    ("010", 8),
    ("00", 0),
    ("0_7", 7),
    ("0o14", 12),
    ("0O14", 12),
    ("089", 89),  # no octal number, so a decimal float, and a whole one
    ("08_9", 89),
    ("0x1F", 31),
    ("0X1f", 31),
    ("-0x1F", -31),
    ("+0x1F", 31),
    ("0x_1", 1),
    ("0b101", 5),
    ("-0b101", -5),
    ("+0b1", 1),
    ("+1", 1),
    ("1_000", 1000),
    ("1__0", 10),
    ("1_", 1),
    ("9223372036854775807", 9223372036854775807),
    ("9223372036854775808", 9223372036854775808.0),
    ("18446744073709551616", 18446744073709551616.0),
    ("-9223372036854775809", -9223372036854775809.0),
    ("9007199254740993.0", 9007199254740992),
    ("4611686018427387904.0", 4611686018427388000),  # encoding/json writes the fewest digits that suffice
    ("99999999999999999999999", 1e23),
    ("0xFFFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFFFF"),
    ("0b" + "1" * 65, "0b" + "1" * 65),
    ("1e3", 1000),
    ("1E3", 1000),
    ("1e+3", 1000),
    ("1e03", 1000),
    ("12e03", 12000),
    ("1e-3", 0.001),
    (".5", 0.5),
    ("+.5", 0.5),
    ("-.5", -0.5),
    (".5e1", 5),
    (".5_0", 0.5),
    ("1.5_0", 1.5),
    ("1_0.5", 10.5),
    ("3.4_5e2", 345),
    ("5.", 5),
    ("1.0", 1),
    ("0.1e1", 1),
    ("-0.0", 0),
    ("1e20", 100000000000000000000.0),
    ("1e21", 1e21),
    ("5e-324", 5e-324),
    ("1e-400", 0),
    ("1e400", "1e400"),
    ("123456789012345678901234567890.0", 1.2345678901234568e29),
    ('"yes"', "yes"),
    ("'1'", "1"),
    ("'a\n   b'", "a b"),
    ("!!str 5", "5"),
    ("!!str", ""),
    ("!!str ~", "~"),
    ('!!int "5"', 5),
    ('!!int "0x1F"', 31),
    ('!<tag:yaml.org,2002:int> "7"', 7),
    ("!!float 5", 5),
    ("!!float 5.5", 5.5),
    ('!!bool "yes"', True),
    ('!!null ""', None),
    ("!!null null", None),
    ("!!binary aGVsbG8=", "hello"),
    ("!!timestamp 2001-01-01", "2001-01-01"),
    ("!!foo x", "x"),
    ("! 5", "5"),
    ("<<", "<<"),
]


@pytest.mark.parametrize(("text", "value"), GOLDEN)
def test_value(text: str, value: object) -> None:
    found = root(f"a: {text}\nb: [{text} ]\n")
    assert isinstance(found, Mapping)
    assert found["a"] == value
    assert type(found["a"]) is type(value)
    assert found["b"] == [value]


FLOW = [
    ("{image: nginx:1.25}", {"image": "nginx:1.25"}),
    ("[http://x:80/a, 1:30]", ["http://x:80/a", "1:30"]),
    ("{b:1}", {"b:1": None}),
    ("[b:]", ["b:"]),
    ("[x:,y]", ["x:", True]),
    ("{x: y:}", {"x": "y:"}),
    ('{"b":1, c:d: e}', {"b": 1, "c:d": "e"}),
    ("[b: c:d, !<tag:yaml.org,2002:str> 5]", [{"b": "c:d"}, "5"]),
    ("[a#b, -]", ["a#b", "-"]),
    ("['x:y', \"x:y\"]", ["x:y", "x:y"]),
]


@pytest.mark.parametrize(("text", "value"), FLOW)
def test_flow(text: str, value: object) -> None:
    assert root(f"a: {text}\nb: |\n  x:y\n") == {"a": value, "b": "x:y\n"}


@pytest.mark.parametrize("text", ["[::1]", "{b: c?d}", "[x:[y]]", "[ab?, c]", "[!!str]"])
def test_refused_flow(text: str) -> None:
    assert document(f"a: {text}").broken


KEYS = [
    ("80", "80"),
    ("0x10", "16"),
    ("010", "8"),
    ("true", "true"),
    ("off", "false"),
    ("1.5", "1.5"),
    ("0.1", "0.1"),
    ("1e3", "1000"),
    ("1e5", "100000"),
    ("1e6", "1e+06"),
    ("1234567.5", "1.2345675e+06"),
    ("0.0001", "0.0001"),
    ("0.00001", "1e-05"),
    ("-0.0", "-0"),
    (".inf", ".inf"),
    (".nan", ".nan"),
    ("99999999999999999999", "1e+20"),
    ("2001-01-01", "2001-01-01"),
    ("!!binary aGVsbG8=", "hello"),
    ('"<<"', "<<"),
]


@pytest.mark.parametrize(("text", "key"), KEYS)
def test_key(text: str, key: str) -> None:
    assert root(f"{text}: x") == {key: "x"}


REFUSED = [
    ("a: .inf", "JSON has no infinity", 4),
    ("a: -.Inf", "JSON has no infinity", 4),
    ("a: .nan", "JSON has no infinity", 4),
    ("a: !!float .inf", "JSON has no infinity", 12),
    ("a: !!int x", "as !!int", 10),
    ("a: !!int 5.5", "as !!int", 10),
    ('a: !!int ""', "as !!int", 10),
    ("a: !!bool 3", "as !!bool", 11),
    ("a: !!null x", "as !!null", 11),
    ("a: !!timestamp foo", "as !!timestamp", 16),
    ('a: !!binary "%%"', "not base64", 13),
    ("a: !!binary aGVsbG8", "not base64", 13),
]


@pytest.mark.parametrize(("text", "message", "column"), REFUSED)
def test_refused_value_leaves_the_rest(text: str, message: str, column: int) -> None:
    ((rule, said, line, at),) = messages(f"{text}\nb: 1\n")
    assert rule == "parse-error"
    assert message in said
    assert (line, at) == (1, column)
    found = document(f"{text}\nb: 1\n").root
    assert isinstance(found, Mapping)
    assert isinstance(found["a"], Unknown)
    assert found["b"] == 1


@pytest.mark.parametrize(
    "text", ["~: x", "null: x", '!!null "": x', "18446744073709551615: x", "? [a]\n: x", "? {a: b}\n: x"]
)
def test_refused_key(text: str) -> None:
    found = document(text)
    assert found.broken
    assert [RULE_OF_PROBLEM[problem.kind] for problem in found.problems] == ["parse-error"]


@pytest.mark.parametrize("text", ["!Ref web", "!vault |\n  abc\n", "!Sub {a: b}", "!reference [a, b]"])
def test_tag_of_another_program(text: str) -> None:
    found = document(f"a: {text}\n")
    assert isinstance(found.root, Mapping)
    value = found.root["a"]
    assert isinstance(value, Unknown)
    assert value.text.startswith(text.split(maxsplit=1)[0])
    assert found.placeholders


def test_long_number_costs_nothing() -> None:
    assert root("a: " + "9" * 100_000) == {"a": "9" * 100_000}
    assert root("a: 0x" + "f" * 100_000) == {"a": "0x" + "f" * 100_000}


@pytest.mark.parametrize(("end", "value"), [("", "one"), ("\n", "one\n")])
def test_a_literal_block_ends_as_its_text_does(end: str, value: str) -> None:
    """`kustomize build` 5.8 prints `|-` for the first one: the text has no last line break, so its value has none."""
    root = document(f"a: |\n  one{end}").root
    assert isinstance(root, Mapping)
    assert root["a"] == value
