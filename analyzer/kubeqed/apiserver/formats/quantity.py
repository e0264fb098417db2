"""Resource quantities such as `500m` and `2Gi`, as whole numbers of a unit so small that none needs a fraction.

https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

from __future__ import annotations

import re

from kubeqed.model.values.known import UNKNOWN
from kubeqed.parse import Unknown, Value, parse_whole_number

QUANTITY = r"([-+]?)(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][-+]?\d+)?"
ONE: int = 10**60  # the amount 1

_FACTORS: dict[str, int] = {
    "": ONE,
    **{suffix: ONE // 10 ** (9 - 3 * index) for index, suffix in enumerate("num")},
    **{suffix: ONE * 1000 ** (index + 1) for index, suffix in enumerate("kMGTPE")},
    **{f"{suffix}i": ONE * 1024 ** (index + 1) for index, suffix in enumerate("KMGTPE")},
}
_MOST_DIGITS = 40


def parse_quantity(value: Value) -> int | Unknown:
    """The amount in units of 1/ONE; unknown also when the value is no quantity."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return UNKNOWN
    match = re.fullmatch(QUANTITY, str(value).strip(" "))
    if match is None:
        return UNKNOWN
    sign, digits, suffix = match.groups()
    whole, _, fraction = digits.partition(".")
    fraction = fraction[:_MOST_DIGITS]
    factor = _parse_suffix(suffix or "")
    amount = parse_whole_number(whole + fraction) * factor // int(10 ** len(fraction))
    return -amount if sign == "-" else amount


def _parse_suffix(suffix: str) -> int:
    if suffix in _FACTORS:
        return _FACTORS[suffix]
    exponent = max(-20, min(parse_whole_number(suffix[1:]), 20))
    power = int(10 ** abs(exponent))
    return ONE * power if exponent >= 0 else ONE // power
