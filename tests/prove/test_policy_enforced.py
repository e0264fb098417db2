"""Whether policies are enforced and supported, and on which CNIs, with Z3 as the oracle."""

from __future__ import annotations

import pytest
from tests.resolve.cni_world import (
    ENGINE,
    EXAMPLES,
    FLANNEL,
    HOLE,
    LABELS,
    NAMED,
    RANGE,
    SDN,
    configmap,
    daemonset,
    graph_of,
    policy,
    resource,
)

from kubeqed.diagnostic import Certainty
from kubeqed.model.cni.capabilities import Degree, all_profiles, cni_names
from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.clauses.policy_engines import UNNAMED, enforcement_formula, unnamed_engine
from kubeqed.prove.engine.answer import Verdict
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.formula import And, Equal
from kubeqed.prove.questions.policy_cnis import CniOutcome, cnis_that_hold, describe_policy_cnis
from kubeqed.prove.questions.policy_enforced import (
    CniNamed,
    FeatureAnswer,
    PolicyAnswer,
    PolicyEnforced,
    PolicyFeatureSupported,
    used_features,
)
from kubeqed.resolve import Resolver

SCTP = "{podSelector: {}, ingress: [{ports: [{port: 1, protocol: %s}]}]}"
SOME_SCTP, MAYBE_SCTP = SCTP % "SCTP", SCTP % '"${PROTOCOL}"'


def enforcement(graph: Resolver) -> PolicyAnswer:
    return PolicyEnforced(graph.unit.of(NetworkPolicy)[0]).answer(graph)


def lacking(graph: Resolver) -> list[FeatureAnswer]:
    (networkpolicy,) = graph.unit.of(NetworkPolicy)
    answers = [PolicyFeatureSupported(networkpolicy, use).answer(graph) for use in used_features(networkpolicy)]
    return [answer for answer in answers if not answer.holds]


def only(graph: Resolver) -> FeatureAnswer:
    (answer,) = lacking(graph)
    return answer


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_examples_in_a_closed_world(name: str) -> None:
    example = EXAMPLES[name]
    graph = graph_of(example.bundle, closed=True, cni=example.stated)
    verdict = {True: Verdict.HOLDS, False: Verdict.FAILS, None: Verdict.DEPENDS}[example.enforced]
    assert enforcement(graph).verdict is verdict
    answers = lacking(graph) if example.enforced is not None else []
    assert [answer.path for answer in answers] == [path for path, _ in example.lacking]
    assert all(part in answer.predicate for answer, (_, part) in zip(answers, example.lacking, strict=True))
    assert all(answer.fails for answer in answers)


@pytest.mark.parametrize("name", [name for name, example in EXAMPLES.items() if example.enforced is False])
def test_in_an_open_world_another_engine_may_obey(name: str) -> None:
    answer = enforcement(graph_of(EXAMPLES[name].bundle))
    assert answer.verdict is Verdict.DEPENDS
    assert answer.at_most is None
    assert len(answer.unknowns) == 1


def test_what_is_stated_is_proved_also_in_an_open_world() -> None:
    answer = enforcement(graph_of(policy() + FLANNEL, cni="flannel"))
    assert answer.fails
    assert [fact.text for fact in answer.facts] == [
        "DaemonSet kube-flannel/kube-flannel-ds shows flannel",
        "flannel 0.26.1 does not enforce NetworkPolicies",
    ]
    assert [text for _, text in answer.places] == ["flannel is shown here"]


def test_no_cni_is_a_statement() -> None:
    answer = enforcement(graph_of(policy(), cni="none"))
    assert (answer.fails, answer.by) == (True, "any CNI")
    assert enforcement(graph_of(policy() + ENGINE, cni="none")).holds


def test_a_switch_stands_among_the_places() -> None:
    answer = enforcement(graph_of(policy() + configmap("cilium-config", 'enable-policy: "never"'), cni="cilium"))
    assert answer.by == "cilium (enable-policy is never)"
    assert answer.fails
    assert [(place.path, text) for place, text in answer.places] == [
        ("metadata.name", "cilium (enable-policy is never) is shown here"),
        ("data.enable-policy", "policies are switched off here"),
    ]


def test_what_is_stated_resolves_what_was_found() -> None:
    assert enforcement(graph_of(policy() + SDN, cni="openshift-sdn-subnet")).fails
    assert enforcement(graph_of(policy() + SDN, cni="openshift-sdn-networkpolicy")).holds
    found = enforcement(graph_of(policy() + SDN, closed=True))
    assert found.verdict is Verdict.DEPENDS
    assert dict(found.witness) != {}


@pytest.mark.parametrize("cni", ["multus", "kindnet", "contiv", "aws-vpc-cni"])
def test_what_no_source_tells_is_possible_at_most(cni: str) -> None:
    answer = enforcement(graph_of(policy(), cni=cni))
    assert (answer.verdict, answer.at_most) == (Verdict.DEPENDS, Certainty.POSSIBLE)


def test_weak_evidence_quietens() -> None:
    weak = resource("cilium.io/v2", "CiliumNetworkPolicy")
    assert enforcement(graph_of(policy() + FLANNEL + weak, closed=True)).at_most is Certainty.POSSIBLE
    assert not CniNamed().answer(graph_of(policy() + weak)).holds
    assert (
        not CniNamed().answer(graph_of(policy() + resource("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition"))).holds
    )


def test_a_meta_plugin_is_no_cni() -> None:
    multus = daemonset("kube-system", "kube-multus-ds")
    assert not CniNamed().answer(graph_of(policy() + multus)).holds
    assert enforcement(graph_of(policy() + multus + FLANNEL, closed=True)).fails


@pytest.mark.parametrize(
    ("spec", "cni", "version", "verdict", "at_most"),
    [
        (RANGE, "cilium", "1.15", Verdict.FAILS, None),
        (RANGE, "cilium", "1.16", None, None),
        (RANGE, "cilium", None, Verdict.DEPENDS, None),
        (RANGE, "cisco-aci-cni", None, Verdict.DEPENDS, None),
        (RANGE, "cisco-aci-cni", "2025-12", Verdict.FAILS, None),
        (RANGE, "calico", None, Verdict.DEPENDS, Certainty.POSSIBLE),
        (RANGE, "calico", "3.22", None, None),
        (RANGE, "flannel+calico", "3.27", None, None),
        (RANGE, "nsx-ncp", None, Verdict.DEPENDS, Certainty.POSSIBLE),
        (RANGE, "weave-net", None, Verdict.DEPENDS, None),
        (RANGE, "flannel", None, None, None),
        (HOLE, "openshift-sdn-networkpolicy", None, Verdict.FAILS, None),
        (SOME_SCTP, "nsx-ncp", None, Verdict.FAILS, None),
        (SOME_SCTP, "cilium", None, Verdict.DEPENDS, None),
        (SOME_SCTP, "cilium", "1.12", Verdict.FAILS, None),
        (SOME_SCTP, "calico", None, None, None),
        (MAYBE_SCTP, "nsx-ncp", None, Verdict.DEPENDS, None),
        (MAYBE_SCTP, "calico", None, None, None),
        (NAMED, "ovn-kubernetes", None, Verdict.FAILS, None),
        (NAMED.replace("http", '"${PORT}"'), "ovn-kubernetes", None, Verdict.DEPENDS, Certainty.POSSIBLE),
        ("{podSelector: {}, egress: [{ports: [{port: http}]}]}", "nsx-ncp", None, Verdict.DEPENDS, None),
        ("{podSelector: {}, egress: [{to: [{podSelector: {}}], ports: [{port: http}]}]}", "nsx-ncp", None, None, None),
        (LABELS, "nsx-ncp", None, Verdict.FAILS, None),
        (LABELS.replace(", e: x", ""), "nsx-ncp", None, None, None),
        (LABELS, "calico", None, None, None),
    ],
)
def test_features(spec: str, cni: str, version: str | None, verdict: Verdict | None, at_most: Certainty | None) -> None:
    graph = graph_of(policy(spec), cni=cni, cni_version=version)
    found = [(answer.verdict, answer.at_most) for answer in lacking(graph)]
    assert found == ([(verdict, at_most)] if verdict else [])


@pytest.mark.parametrize(
    ("pods", "at_most"),
    [
        ("10.0.0.0/8", None),
        ("10.0.0.0/16", Certainty.POSSIBLE),
        ("fd00::/8", ...),
        ("192.168.0.0/16", ...),
        ("nonsense", Certainty.POSSIBLE),
    ],
)
def test_blocks_of_pods_are_what_cilium_misses(pods: str, at_most: object) -> None:
    spec = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}"
    found = [answer.at_most for answer in lacking(graph_of(policy(spec), cni="cilium", pod_cidr=pods))]
    assert found == ([] if at_most is ... else [at_most])


def test_a_setting_completes_partial_support() -> None:
    on = configmap("cilium-config", 'enable-sctp: "true"')
    assert not lacking(graph_of(policy(SOME_SCTP) + on, cni="cilium", cni_version="1.17"))
    assert only(graph_of(policy(SOME_SCTP), cni="cilium", cni_version="1.17")).verdict is Verdict.DEPENDS


def test_one_of_two_engines_suffices() -> None:
    assert not lacking(graph_of(policy(RANGE) + ENGINE, cni="cilium", cni_version="1.15"))


def test_the_field_at_fault_and_why() -> None:
    answer = only(graph_of(policy(LABELS), cni="nsx-ncp"))
    assert answer.path == "spec.podSelector.matchLabels.e"
    assert answer.predicate == "has 5 matchLabels in spec.podSelector, of which nsx-ncp takes at most 4"
    answer = only(graph_of(policy(RANGE), cni="cilium"))
    assert answer.predicate.startswith("uses endPort, which cilium supports only from 1.16 on: before 1.16")
    assert [fact.value.text for fact in answer.unknowns] == ["cilium 1.16 or later"]  # type: ignore[union-attr]  # unknowns


def test_a_cni_that_nobody_named_is_decided_by_z3() -> None:
    answer = enforcement(graph_of(policy()))
    assert answer.verdict is Verdict.DEPENDS
    assert not answer.named
    assert UNNAMED.text in dict(answer.witness)


def test_all_solutions_agree_with_z3() -> None:
    """For each CNI Z3 says whether policies are enforced there, and the sentence says the same."""
    graph = graph_of(policy())
    outcomes = cnis_that_hold(graph, graph.unit.of(NetworkPolicy))
    engine = unnamed_engine()
    for name in cni_names():
        decision = decide(enforcement_formula(engine), And((engine.given, Equal(engine.chosen, name))))
        expected = {CniOutcome.HOLD: Verdict.HOLDS, CniOutcome.IGNORED: Verdict.FAILS}
        assert decision.verdict is expected.get(outcomes[name], Verdict.DEPENDS), name


@pytest.mark.parametrize("spec", [RANGE, HOLE, NAMED, LABELS, SOME_SCTP])
def test_all_solutions_agree_with_what_is_stated(spec: str) -> None:
    graph = graph_of(policy(spec))
    for name, outcome in cnis_that_hold(graph, graph.unit.of(NetworkPolicy)).items():
        stated = graph_of(policy(spec), cni=name)
        holds = enforcement(stated).holds and not lacking(stated)
        assert holds is (outcome is CniOutcome.HOLD), name
        assert enforcement(stated).fails is (outcome is CniOutcome.IGNORED), name


def test_the_sentence_names_them() -> None:
    text = describe_policy_cnis([graph_of(policy(HOLE))])
    assert text is not None
    ignoring = [cni.id for cni in all_profiles() if cni.enforces.degree is Degree.NONE]
    expected = f"no CNI is named: flannel and {len(ignoring) - 1} more do not enforce the NetworkPolicies, cilium and "
    assert text.startswith(expected)
    assert text.endswith(" more only in part")
    assert len(text) < 120


def test_one_sentence_says_what_is_true_of_all_units() -> None:
    easy, hard = describe_policy_cnis([graph_of(policy())]), describe_policy_cnis([graph_of(policy(HOLE))])
    assert easy != hard
    assert describe_policy_cnis([graph_of(policy()), graph_of(policy(HOLE))]) == hard
    assert describe_policy_cnis([graph_of(policy(HOLE)), graph_of(policy()), graph_of(FLANNEL + policy())]) == hard


def test_the_sentence_is_said_only_where_it_helps() -> None:
    assert describe_policy_cnis([graph_of(FLANNEL)]) is None
    assert describe_policy_cnis([graph_of(FLANNEL + policy())]) is None
    assert describe_policy_cnis([graph_of(policy(), cni="calico")]) is None
    assert describe_policy_cnis([]) is None
