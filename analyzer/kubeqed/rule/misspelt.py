"""A field whose name is a slip: the edit that renames its key."""

from __future__ import annotations

import re

from kubeqed.apiserver import Violation
from kubeqed.apiserver.reason import Reason
from kubeqed.model.kinds.object import Object
from kubeqed.parse import Place

_LAST = r"(?:^|(?<=\.))\w+$"  # the last step of a path, when it is a key


def rename_key_edit(item: Object, violation: Violation) -> tuple[Place, str] | None:
    """The key and the name it should have; None where the object has a field of that name too."""
    path, meant = violation.path, violation.suggestion
    before = re.sub(_LAST, "", path)
    if (
        violation.reason is not Reason.FIELD_UNKNOWN
        or meant is None
        or before == path
        or item.holds(f"{before}{meant}")
    ):
        return None
    return item.key_at(path), meant
