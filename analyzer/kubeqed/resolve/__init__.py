"""One object against another: who selects, names and reaches whom.

The graph says what is there and what may be; whether that is as it should be is prove's business, and whether it is
worth a finding the rules'.
"""

from kubeqed.resolve.resolver import Resolver

__all__ = ["Resolver"]
