"""Why a test may be skipped where CI decides: each reason as the test gives it, and why no run can do without."""

from __future__ import annotations

ALLOWED = {
    "it has no check of its own, and what it says is hidden by default": "the rule is tested by its examples",
    "root reads everything": "containers of CI run as root; the tests run wherever they do not",
    "root may read everything": "as above",
    "the corpus is not here": "the manifests of real repositories are their authors' and stay outside",
    "the corpus does not lie beside the checkout": "as above",
    "got empty parameter set": "the files of netpol-analyzer are another project's and stay outside",
    "there is no such device here": "/dev/full is Linux's",
    "needs a /proc": "it is Linux's",
    "there are no terminals of that kind here": "Windows has none",
}
