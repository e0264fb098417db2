"""One object against another: who selects and names whom.

In comes a unit, out comes a `Resolver`, which finds objects by name, pods by selector, ports by number or name, and says of a
reference that leads nowhere what was probably meant. There is one matcher of label selectors (`selection`); every index that
is faster is held against it in tests.

It says what is there and what may be. Whether that is as it should be is a question (`prove`), and whether it is worth a
finding is up to the rules.
"""

from kubeqed.resolve.resolver import Resolver

__all__ = ["Resolver"]
