"""The Common Expression Language, as far as the rules of CRDs use it.

https://kubernetes.io/docs/reference/using-api/cel/ and https://github.com/google/cel-spec. A text becomes a function
of its variables; what an unknown leaves open raises UndecidedError, what makes CEL itself fail a FailedError, and
`&&`, `||` and the macros overcome both where the other side decides, as CEL does with errors.

cel-python 0.5 was tried in its place: importing it and compiling the 62 rules of HTTPRoute took 0.26 s of CPU against
0.04 s here, more than a whole run may cost, and it brings eight packages.
"""

from kubeqed.apiserver.crd.cel.parse import parse_program
from kubeqed.apiserver.crd.cel.values import FailedError, UndecidedError

__all__ = ["FailedError", "UndecidedError", "parse_program"]
