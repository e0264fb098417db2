"""Template actions that say where a confidential value comes from, and hold none of it: a report shows them as they are written."""

from __future__ import annotations

from kubeqed.late_pattern import compile_late

# Paths below the objects that Helm gives, functions that take no text of their own, and numbers of indentation. Whatever else
# stands in an action, such as a text in quotes, may be the value itself.
_ACTION = compile_late(
    r"\{\{-?(?=[^{}]{0,200}\.(?:Values|Release|Chart)\.)"
    r"(?:[\s|()]|\$?\.(?:Values|Release|Chart)(?:\.[A-Za-z_]\w*)+(?![\w.])"
    r"|(?<![\w.])(?:quote|squote|b64enc|toString|toYaml|toJson|trim|upper|lower|int|nindent|indent)(?![\w.])"
    r"|(?<=indent )\d{1,2}(?!\w))++-?\}\}"
)


def show_actions(redacted: str, written: str) -> str:
    """A redacted line with the actions of the line as it is written that hold no value."""
    if "{{" not in written or len(redacted) != len(written):
        return redacted
    shown = list(redacted)
    for action in _ACTION.finditer(written):
        shown[action.start() : action.end()] = action[0]
    return "".join(shown)
