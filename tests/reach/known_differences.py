"""Where kubeqed differs from netpol-analyzer on purpose, a line for each case; P numbers are those of its page, N numbers are ours.

`switched`: the answer is theirs once the assumption they make is stated (P7: hostNetwork pods are governed).
`ipv6`: theirs leaves IPv6 out; without our lines about IPv6 the rest is the same (P1).
`lines`: theirs holds the lines `theirs`, ours the lines `ours`; the rest is the same.
"""

from __future__ import annotations

from typing import NamedTuple


class Difference(NamedTuple):
    """Which rule of the page, how it is compared, and why ours is right."""

    number: str
    how: str
    reason: str
    theirs: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()


AGREED = Difference("", "", "")

_HOST = Difference("P7", "switched", "hostNetwork pods are outside policy; theirs are ordinary pods")
_IPV6 = Difference("P1", "ipv6", "IPv6 networks are ranges of their own; theirs skips them with a warning")

_NETWORKS = Difference(
    "N1",
    "lines",
    "the API says of networks that to deny 0.0.0.0/0 denies all IPv4 traffic between pods as well; theirs spares pods",
    theirs=("hello-world/workload-a[Deployment] \t=> \tnew-ns/[pod with {app=new-app}] : TCP 80\n",),
)


def _namespace(ours: str) -> Difference:
    reason = "the namespace is in the input without the label env: a rule that asks for its absence means its pods"
    return Difference("N2", "lines", reason, ours=(ours,))


_A = "hello-world/workload-a[Deployment] \t<= \thello-world/[pod with "
_WIDE_A = "hello-world/workload-a[Deployment]         \t<= \thello-world/[pod with "
_ABSENT = "{{Key:app,Operator:DoesNotExist,Values:[],}}] : All Connections\n"
_OTHER = "{{Key:app,Operator:NotIn,Values:[a-app b-app],}}] : All Connections\n"

KNOWN: dict[str, Difference] = {
    "anp_and_banp_using_networks_with_ipv6_test": _IPV6,
    "anp_banp_test_multiple_warnings": _IPV6,
    "exposure_test_with_anp_13": _NETWORKS,
    "exposure_test_with_match_expression_does_not_exist_op": _namespace(_A + _ABSENT),
    "exposure_test_with_match_expression_does_not_exist_op_with_matching_pods": _namespace(_WIDE_A + _ABSENT),
    "exposure_test_with_match_expression_not_in_op": _namespace(_A + _OTHER),
    "exposure_test_with_match_expression_not_in_op_with_matching_pods": _namespace(_WIDE_A + _OTHER),
    "ipblockstest": _HOST,
    "ipblockstest_2": _HOST,
    "ipblockstest_3": _HOST,
    "ipblockstest_4": _HOST,
    "semanticDiff-same-topologies-new1": _HOST,
    "semanticDiff-same-topologies-new1a": _HOST,
    "semanticDiff-same-topologies-new2": _HOST,
    "semanticDiff-same-topologies-new3": _HOST,
    "semanticDiff-same-topologies-old1": _HOST,
    "semanticDiff-same-topologies-old2": _HOST,
    "semanticDiff-same-topologies-old3": _HOST,
}
