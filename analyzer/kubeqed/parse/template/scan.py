"""The signs of templates and placeholders, told from plain text so quickly that every document can be asked.

What reads templates is imported only when something bears such a sign.
"""

from __future__ import annotations

import re

from kubeqed.late_pattern import compile_late

_MARKS = (
    "${",
    "<",
    "$(",
    "ref+",
    "op://",
    "?{",
    "__",
    "#{",
    "((",
    "REPLACE",
    "CHANGE",
    "YOUR",
    "HERE",
    "PLACEHOLDER",
    "INSERT",
    "FILL",
    "XX",
)
_NAMES = tuple(
    re.compile(sign) for sign in (r"@[A-Za-z][\w.-]*@", "%[A-Z]", r"\[[A-Z]")
)  # one by one: a third of the time of all at once

# `...`; `<ANNOTATIONS>` for lines; `zone: <your zone, such as: fra1>` and `- <EDIT: the peers>`, which the colon keeps from being YAML; `$CERT`, `${CERT}` and Terraform's `${join("\n", hosts)}` for the lines of a block; `<#if …>`
# of FreeMarker, `<% … %>` of ERB, `%{ if … }` and `%{~ for … ~}` of Terraform, and `%s` and `{envs}` for lines, as a program prints them.
_ELIDED = compile_late(
    r"^[ \t]+(?:\.\.\.|(?:- )?(?:[\w./-]+: +)?<(?=[^<>\n]*: )[^<>\n]*>|<[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+>)[ \t]*\r?$|^\$[A-Z][A-Z0-9_]*[ \t]*\r?$|^[ \t]*\$\{[^{}\n]+\}[ \t]*\r?$"
    r"|^[ \t]*(?:</?#[a-z]|<%|%\{~?[ \t]*(?:if|else|endif|for|endfor)\b|(?:%[sdv],?|\{[A-Za-z_]\w*\})[ \t]*\r?$)",
    re.MULTILINE,
)

YTT = "#@"  # what ytt is told stands in comments
_COMMENTED = (": #", ":  #", "- #", " # placeholder", " # Placeholder")


def may_hold(text: str) -> bool:
    """Whether the text may hold a placeholder."""
    return any(mark in text for mark in _MARKS) or holds_action(text) or any(name.search(text) for name in _NAMES)


def may_be_commented(text: str) -> bool:
    """Whether a comment in the text may say that a value is to be filled in."""
    return any(mark in text for mark in _COMMENTED)


def holds_action(text: str) -> bool:
    """Whether the text may hold an action of a template: `{{ … }}`, `{% … %}` or `{# … #}`."""
    return "{{" in text or "{%" in text or "{#" in text


def stands_for_lines(text: str) -> bool:
    """Whether a line of the text stands for others, so that without them it need not be YAML."""
    return _ELIDED.search(text) is not None
