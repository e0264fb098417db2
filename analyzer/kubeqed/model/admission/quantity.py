"""Resource quantities such as `500m` and `2Gi`.

https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

from __future__ import annotations

import re
from fractions import Fraction

from kubeqed.parse import Value

QUANTITY = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][-+]?\d+)?")
_NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))(.*)", re.DOTALL)
_FACTORS = {
    "": Fraction(1),
    **{suffix: Fraction(10) ** (-9 + 3 * index) for index, suffix in enumerate("num")},
    **{suffix: Fraction(1000) ** (index + 1) for index, suffix in enumerate("kMGTPE")},
    **{f"{suffix}i": Fraction(1024) ** (index + 1) for index, suffix in enumerate("KMGTPE")},
}


def quantity(value: Value) -> Fraction | None:
    """The amount; None when it is unknown or no quantity."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    match = _NUMBER.fullmatch(str(value).strip())
    if match is None or QUANTITY.fullmatch(match[0]) is None:
        return None
    number, suffix = match.groups()
    if suffix in _FACTORS:
        return Fraction(number) * _FACTORS[suffix]
    exponent = int(suffix[1:])
    return Fraction(number) * Fraction(10) ** max(-30, min(exponent, 30))
