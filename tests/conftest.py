"""How property tests run: machines are noisy, so nothing is judged by the clock; where CI decides, nothing is random."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "kubeqed", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("kubeqed")
