"""The Common Expression Language, as far as the rules of CRDs use it.

https://kubernetes.io/docs/reference/using-api/cel/ and https://github.com/google/cel-spec. A text becomes a function
of its variables; what an unknown leaves open raises UndecidedError, which `&&`, `||` and the macros overcome where the
other side decides, as CEL itself does with errors.
"""

from kubeqed.model.admission.custom.cel.parse import program
from kubeqed.model.admission.custom.cel.values import UndecidedError

__all__ = ["UndecidedError", "program"]
