"""What the API server would say to one object, offline.

One verb, `find_violations`: decoding (fields and types, from tables generated out of the published OpenAPI), then the
validation of the kind, ported from the server's own Go code as small functions beside the kind they judge, or, for
custom resources, the schema and the CEL rules of their CRDs. The recorded verdicts of a real server are the test.
Warnings of the server come out with a lower certainty.

Nothing unknown is ever judged: what holds a placeholder, and all that lies below it, is passed over. A field that is absent reads as
the zero value, as Go has it; one that is unknown as an `Unknown`, of which checks ask (`model.values.known`).
"""

from __future__ import annotations

from kubeqed.apiserver.admit import admit, find_violations
from kubeqed.apiserver.decode.removed import find_removal
from kubeqed.apiserver.decode.untyped import find_misspelt_type, is_of_another_program, is_read_by_program
from kubeqed.apiserver.server import Server, server_of
from kubeqed.apiserver.violation import Violation

__all__ = [
    "Server",
    "Violation",
    "admit",
    "find_misspelt_type",
    "find_removal",
    "find_violations",
    "is_of_another_program",
    "is_read_by_program",
    "server_of",
]
