"""The change of one end's policies that closes what was asked."""

from __future__ import annotations

from kubeqed.reach.algebra.ports import ALL, PortSet, difference, format_ports, intersection
from kubeqed.reach.policy.compiled import CompiledPolicy, Tier
from kubeqed.reach.query.explain import DirectionTrace, RuleMatch
from kubeqed.reach.remedy.cut import find_others_cut
from kubeqed.reach.remedy.edit import PolicyEdit, make_advice
from kubeqed.reach.remedy.manifest import write_networkpolicy
from kubeqed.reach.remedy.subject import Subject


def find_closing_edit(end: Subject, asked: PortSet) -> PolicyEdit:
    """The change that closes the asked ports."""
    allowing = [(policy, hit) for policy, hit in end.side.hits() if _opens_ports(hit, asked)]
    if allowing and allowing[0][0].tier is not Tier.NAMESPACE:
        return _deny_ports(*allowing[0], asked)
    if len(allowing) == 1 and not intersection(end.side.defaulted, asked):
        return _remove_rule(end, *allowing[0], asked)
    if allowing:
        said = f"each of the {len(allowing)} rules that allow it would have to go, the first of them in"
        return make_advice(f"{said} {allowing[0][0].object}")
    return _isolate_subject(end)


def _opens_ports(hit: RuleMatch, asked: PortSet) -> bool:
    return hit.rule.action == "Allow" and bool(intersection(hit.decided, asked))


def _deny_ports(policy: CompiledPolicy, hit: RuleMatch, asked: PortSet) -> PolicyEdit:
    """What closes a port that an administrator's rule allows: without the rule, others after it may still allow it."""
    rest = "; other rules decide about the rest" if difference(asked, hit.decided) else ""
    typed = "this" if not rest else format_ports(intersection(hit.decided, asked))
    return make_advice(
        f"put a rule that denies {typed} before the one that allows it{rest}", policy.object, hit.rule.path
    )


def _remove_rule(end: Subject, policy: CompiledPolicy, hit: RuleMatch, asked: PortSet) -> PolicyEdit:
    """The rule taken out, where it allows no other ports."""
    if hit.rule.ports.fixed == ALL or difference(hit.decided, asked):
        shown = "this" if asked == ALL else format_ports(asked)
        others = find_others_cut(end, policy, hit.rule, "its removal")
        said = f"restrict the rule that alone allows {shown}{f' ({others})' if others else ''}"
        return make_advice(said, policy.object, hit.rule.path)
    notes = [find_others_cut(end, policy, hit.rule, "this")]
    if _isolates_by_rule(policy, end.side):
        notes.append("state policyTypes [Ingress, Egress] too, as without a rule it would no longer isolate egress")
    return PolicyEdit("remove", policy.object, hit.rule.path, text="; ".join(filter(None, notes)))


def _isolates_by_rule(policy: CompiledPolicy, side: DirectionTrace) -> bool:
    """Whether the last egress rule of a policy without policyTypes is what isolates a pod at all."""
    alone = not any(one.policy is not policy and one.policy.tier is Tier.NAMESPACE for one in side.judgements)
    stated = policy.object.holds("spec.policyTypes[0]")
    return side.direction == "Egress" and alone and not stated and len(policy.egress or ()) == 1


def _isolate_subject(end: Subject) -> PolicyEdit:
    """A policy that allows the subject nothing."""
    if not end.pod_selector:
        return make_advice(f"nothing isolates {end.name}, and it has no labels to select it by")
    spec = {"podSelector": end.pod_selector, "policyTypes": [end.direction]}
    value = write_networkpolicy(end.denying_name(), end.namespace, spec)
    all_of_it = "all that it receives" if end.direction == "Ingress" else "all that it sends"
    said = [f"nothing isolates {end.name}: this forbids {all_of_it}", end.selecting_others()]
    return PolicyEdit("create", None, "", value, "; ".join(filter(None, said)))
