"""A peer has one identity: pods that policies tell apart, pods of one workload, and objects that read alike."""

from __future__ import annotations

import pytest
from tests.reach.samples import app, deployment, ingress, pod, policy, service
from tests.reach.world import unit_of

from kubeqed.reach.algebra.addresses import ALL_V4
from kubeqed.reach.algebra.ports import ALL
from kubeqed.reach.peer import Group
from kubeqed.reach.query.answer import EVERYTHING, ConnectionQuery, ReachResult
from kubeqed.reach.query.decision import PairVerdict, SamePods, decide_pair
from kubeqed.reach.query.diff.changes import ChangeKind
from kubeqed.reach.query.diff.difference import find_difference
from kubeqed.reach.query.pairs import list_pairs
from kubeqed.reach.remedy import PolicyEdit, find_edits
from kubeqed.report.reach.formats.text import pair_lines
from kubeqed.report.why.formats.text import verdict_tree

DB = deployment("db", replicas=2).replace('"Deployment"', '"StatefulSet"')
FIRST = policy("first", podSelector={"matchLabels": {"statefulset.kubernetes.io/pod-name": "db-0"}}, ingress=[])
DENY = policy("deny", policyTypes=["Ingress", "Egress"])


def _edits(text: str, source: str, destination: str) -> tuple[PolicyEdit, ...]:
    answer = ReachResult(unit_of(text))
    decided = decide_pair(answer, source, destination, ALL)
    assert decided is not None
    return find_edits(answer, decided)


def _lines(text: str) -> list[str]:
    return pair_lines(list_pairs(ReachResult(unit_of(text)), EVERYTHING)).splitlines()


def _why(text: str, source: str, destination: str) -> PairVerdict:
    decided = decide_pair(ReachResult(unit_of(text)), source, destination, ALL)
    assert decided is not None
    return decided


def test_an_entry_leads_to_every_pod_that_policies_tell_apart() -> None:
    lines = _lines(DB + FIRST + service("db", 80, 8080) + ingress("in", "db", 80))
    assert [line for line in lines if "controller" in line] == ["{ingress-controller} => shop/db-1[Pod] : TCP 8080"]


def test_a_service_leads_to_every_pod_that_policies_tell_apart() -> None:
    decided = _why(pod("web") + DB + FIRST + service("db", 80, 8080), "web", "db[Service]")
    assert [note.text for note in decided.notes] == [
        "Service shop/db leads to shop/db-0[Pod], shop/db-1[Pod] on TCP 8080",
        "shop/db-1[Pod] gets another answer: allowed on TCP 8080; ask about it by its own name",
    ]


def test_two_pods_of_a_workload_are_not_one() -> None:
    assert (_why(DB + FIRST, "db-1", "db-0").same, _why(DB + FIRST, "db-1", "db-0").allowed) == (SamePods.NO, ())
    assert (_why(DB + FIRST, "db-0", "db-1").same, _why(DB + FIRST, "db-0", "db-1").allowed) == (SamePods.NO, ALL)


def test_a_workload_whose_pods_are_told_apart_is_still_called_by_its_name() -> None:
    decided = _why(pod("web") + DB + FIRST, "web", "db[StatefulSet]")
    assert "shop/db-1[Pod] gets another answer: allowed on all ports" in verdict_tree(decided, ())


@pytest.mark.parametrize(
    ("text", "same", "said"),
    [
        (pod("x"), SamePods.POD, "shop/x[Pod] => itself: allowed"),
        (deployment("x", replicas=1), SamePods.POD, "shop/x[Deployment] => itself: allowed"),
        (
            deployment("x", replicas=2),
            SamePods.WORKLOAD,
            "denied from one of its pods to another\n  each pod to itself: allowed; policies do not govern that",
        ),
        (
            deployment("x").replace('"Deployment"', '"DaemonSet"'),
            SamePods.WORKLOAD,
            "denied from one of its pods to another",
        ),
    ],
)
def test_a_pod_reaches_itself_and_policies_say_whether_another_of_its_workload(
    text: str, same: SamePods, said: str
) -> None:
    decided = _why(text + DENY, "x", "x")
    assert decided.same is same
    assert said in verdict_tree(decided, ())


def test_an_edit_for_one_pod_of_a_workload_selects_no_other() -> None:
    web = pod("web")
    first = policy("first", podSelector={"matchLabels": {"statefulset.kubernetes.io/pod-name": "db-0"}}, ingress=[{}])
    (edit,) = _edits(web + DB + first, "web", "db-0")
    (other,) = _edits(web + DB + first, "web", "db-1")
    assert (edit.object, edit.path) != (other.object, other.path)
    assert other.value["spec"]["podSelector"] == {
        "matchLabels": {"app": "db", "statefulset.kubernetes.io/pod-name": "db-1"}
    }


def test_objects_that_read_alike_are_peers_of_their_own() -> None:
    one, two = (pod("{{ .name }}").replace('"app": "{{ .name }}"', f'"app": "{label}"') for label in "ab")
    answer = ReachResult(unit_of(one + two + pod("web") + policy("in", podSelector=app("a"), ingress=[])))
    assert sorted(map(str, answer.names.classes)) == [
        "shop/web[Pod]",
        "shop/{{ .name }}[Pod]",
        "shop/{{ .name }}[Pod]#2",
    ]
    verdicts = {}
    for peer in answer.names.classes:
        decided = decide_pair(answer, "web", str(peer) if peer.number > 1 else f"{peer}#1", ALL)
        assert decided is not None
        listed = answer.connections(ConnectionQuery(destinations=Group((peer,))))
        found = {source for one in listed for source in one.sources.workloads}
        verdicts[str(peer)] = bool(decided.allowed)
        assert (any(source.name == "web" for source in found)) == bool(decided.allowed) or peer.name == "web"
    assert verdicts == {"shop/web[Pod]": True, "shop/{{ .name }}[Pod]": False, "shop/{{ .name }}[Pod]#2": True}


def test_a_policy_that_is_the_first_to_name_ipv6_opens_none_of_it() -> None:
    block = policy("in", podSelector=app("db"), ingress=[{"from": [{"ipBlock": {"cidr": "2001:db8::/32"}}]}])
    before, after = (ReachResult(unit_of(pod("web") + pod("db") + text)) for text in ("", block))
    changed = [(one.sources.addresses, one.change.kind) for one in find_difference(before, after).entries]
    assert (ALL_V4, ChangeKind.REMOVED) in [(ranges[0], kind) for ranges, kind in changed if ranges]
    assert {kind for _, kind in changed} == {ChangeKind.REMOVED}


def _named(text: str) -> list[str]:
    return sorted(map(str, ReachResult(unit_of(text)).names.classes))


def test_an_entry_that_leads_to_one_pod_of_a_workload_leads_to_no_other() -> None:
    own = service("db", 80, 8080, selector={"statefulset.kubernetes.io/pod-name": "db-1"})
    lines = _lines(DB + own + ingress("in", "db", 80))
    assert [line for line in lines if "controller" in line] == ["{ingress-controller} => shop/db-1[Pod] : TCP 8080"]
    assert _named(DB + own) == ["shop/db[StatefulSet]"]


def test_a_service_of_one_pod_leads_to_it_by_its_name_and_its_workload() -> None:
    own = service("db", 80, 8080, selector={"apps.kubernetes.io/pod-index": "1"})
    decided = _why(pod("web") + DB + own, "web", "db[Service]")
    assert [note.text for note in decided.notes] == [
        "Service shop/db leads to shop/db-1[Pod] of shop/db[StatefulSet] on TCP 8080"
    ]
    assert str(decided.pair.destination.peer) == "shop/db-1[Pod]"


def test_of_many_pods_those_that_selectors_name_are_told_apart() -> None:
    many = DB.replace('"replicas": 2', '"replicas": 1000')
    assert _named(many + FIRST) == ["shop/db-*[StatefulSet]", "shop/db-0[Pod]"]
    assert not _why(many + FIRST, "db-999", "db-0").allowed
    assert _why(many + FIRST, "db-0", "db-999").allowed == ALL
    assert _why(many + FIRST, "db-998", "db-999").same is SamePods.NO
    assert decide_pair(ReachResult(unit_of(many + FIRST)), "db-0", "db-1000", ALL) is None


@pytest.mark.parametrize("replicas", ['"${REPLICAS}"', "0"])
def test_of_pods_of_which_nobody_knows_how_many_there_are_those_that_selectors_name_are_told_apart(
    replicas: str,
) -> None:
    some = DB.replace('"replicas": 2', f'"replicas": {replicas}')
    fifth = FIRST.replace("db-0", "db-5")
    assert _named(some + fifth) == ["shop/db-*[StatefulSet]", "shop/db-5[Pod]"]


def test_the_first_pod_has_the_number_that_is_stated() -> None:
    from_three = DB.replace('"replicas": 2', '"replicas": 2, "ordinals": {"start": 3}')
    assert _named(from_three + FIRST.replace("db-0", "db-4")) == ["shop/db-3[Pod]", "shop/db-4[Pod]"]
    assert _named(from_three + FIRST) == ["shop/db[StatefulSet]"]


def test_pods_that_are_dumped_beside_their_workload_are_not_doubled() -> None:
    owner = '"ownerReferences": [{"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db"}], '
    own = '"statefulset.kubernetes.io/pod-name"'
    pods = (pod(f"db-{number}").replace('"labels"', owner + '"labels"') for number in (0, 1))
    dumped = "".join(one.replace('"app"', own) for one in pods)
    assert _named(DB + dumped + FIRST) == ["shop/db-0[Pod]", "shop/db-1[Pod]"]


def test_of_a_workload_that_is_defined_twice_the_last_definition_counts_everywhere() -> None:
    first, last = pod("db"), pod("db").replace('"app": "db"', '"app": "old"')
    text = first + last + pod("web") + policy("in", podSelector=app("db"), ingress=[])
    answer = ReachResult(unit_of(text))
    assert _why(text, "web", "db").allowed == ALL
    assert "shop/web[Pod] => shop/db[Pod] : All Connections" in _lines(text)
    (said,) = [one for one in answer.caveats if "defined again later" in one.text]
    assert said.object is answer.unit.workloads[0]
    assert not _why(last + first + pod("web") + policy("in", podSelector=app("db"), ingress=[]), "web", "db").allowed
