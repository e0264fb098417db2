"""Keys that another tool fills in: no rule may take them for keys, and yet a build writes them as they stand."""

from __future__ import annotations

from functools import lru_cache

from kubeqed.parse.template.scan import may_hold

_PROGRAM = frozenset(("command", "args", "env"))


@lru_cache(maxsize=1 << 12)  # the same few keys stand in all objects
def is_placeholder_key(key: str, *, of_program: bool) -> bool:
    """Whether a key is still to be filled in; `of_program` says that `$` and braces in it belong to a program."""
    if key.isalnum() or not may_hold(key):
        return False
    from kubeqed.parse.template.placeholder import is_filled_in, term_of  # few keys need it

    return not is_filled_in(key) and term_of(key, actions_only=of_program) is not None


def holds_placeholder(text: str) -> bool:
    """Whether a text holds what another tool fills in."""
    if not may_hold(text):
        return False
    from kubeqed.parse.template.placeholder import term_of

    return term_of(text) is not None


def belongs_to_program(key: str, *, inside: bool, of_config_map: bool) -> bool:
    """Whether what stands under a key, and the key, is a program's text; `inside` says that of the mapping around it."""
    return (inside and key != "valueFrom") or key in _PROGRAM or (of_config_map and key == "data")


def is_config_map(kind: object) -> bool:
    """Whether a `kind` is ConfigMap, whose data is for programs."""
    return isinstance(kind, str) and kind == "ConfigMap"
