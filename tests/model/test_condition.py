"""Calico's expressions, read as Calico reads them."""

from __future__ import annotations

import pytest

from kubeqed.model.label_match import match_condition
from kubeqed.model.unmodelled.condition import UNREADABLE, parse_expression
from kubeqed.model.values.match import Match
from kubeqed.parse import Fresh, Unknown

LABELS: dict[str, str | Unknown] = {"app": "web", "tier.io/x": "front end", "open": Unknown(Fresh("open"), "${OPEN}")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Match.YES),
        ("all()", Match.YES),
        ("global()", Match.NO),
        ("app == 'web'", Match.YES),
        ('app=="web"', Match.YES),
        ("app == 'db'", Match.NO),
        ("app != 'db'", Match.YES),
        ("none != 'db'", Match.YES),
        ("app in {'db', 'web'}", Match.YES),
        ("app not in {'db','web'}", Match.NO),
        ("none not in {'db'}", Match.YES),
        ("app in {}", Match.NO),
        ("has(app)", Match.YES),
        ("!has(app)", Match.NO),
        ("! has(none)", Match.YES),
        ("tier.io/x == 'front end'", Match.YES),
        ("app contains 'e'", Match.YES),
        ("app starts with 'we'", Match.YES),
        ("app ends with 'we'", Match.NO),
        ("none contains ''", Match.NO),
        ("app == 'web' && has(none)", Match.NO),
        ("app == 'db' || app == 'web' && has(app)", Match.YES),
        ("(app == 'web' || has(none)) && has(none)", Match.NO),
        ("!(app == 'db') && !!has(app)", Match.YES),
        ("open == 'x'", Match.UNDECIDED),
        ("open == 'x' && app == 'db'", Match.NO),
        ("open == 'x' || app == 'web'", Match.YES),
        ("open != 'x'", Match.UNDECIDED),
        ("has(open)", Match.UNDECIDED),
    ],
)
def test_an_expression_decides_as_calico_does(text: str, expected: Match) -> None:
    assert match_condition(parse_expression(text), LABELS.get) is expected


@pytest.mark.parametrize(
    "text",
    [
        "app ==",
        "app = 'web'",
        "app == web",
        "app == 'web",
        "has(app",
        "(app == 'web'",
        "app == 'web')",
        "&&",
        "app == 'a' 'b'",
        "app in {'a' 'b'}",
        "some(app)",
        "app is 'x'",
        "(" * 5000 + "all()" + ")" * 5000,
        "has(a) && " * 3000 + "has(a)",
        "app starts 'x'",
        "'app' == 'web'",
        "app not 'x'",
    ],
)
def test_what_is_no_expression_is_unreadable(text: str) -> None:
    assert parse_expression(text) is UNREADABLE
    assert match_condition(UNREADABLE, LABELS.get) is Match.UNDECIDED
