"""Rules that a configuration names but nobody knows."""

from __future__ import annotations

from tests.config.loading import brief, load_text

from kubeqed.config import check_rule_ids, default_settings

KNOWN = ("api-removed", "node-port-clash", "node-port-out-of-range", "policy-not-enforced")


def complaints(text: str) -> list[str]:
    return [brief(complaint) for complaint in check_rule_ids(load_text(text), KNOWN)]


def test_known_rules_and_globs_that_match_are_fine() -> None:
    text = """\
        rules:
          select: [api-removed, node-*, "*-clash", "policy-not-enforce[d]", "policy-not-enforce?"]
          ignore: [node-port-clash]
          severity: {api-removed: note}
          options: {policy-not-enforced: {}}
        ignore: [{rules: [api-*], reason: old}]
        """
    assert complaints(text) == []


def test_each_list_is_checked() -> None:
    text = """\
        ignore: [{rules: [api-remove, x-*], reason: old}]
        rules:
          select: [node-port-clas]
          ignore: [zzz, polcy-*]
          severity: {api-removd: note, "api-*": note}
          options: {policy-not-enforcd: {}, "policy-*": {}}
        """
    assert complaints(text) == [
        '1:19-29 unknown rule "api-remove", did you mean "api-removed"?',
        '1:31-34 no rule matches "x-*"',
        '3:12-26 unknown rule "node-port-clas", did you mean "node-port-clash"?',
        f'4:12-15 unknown rule "zzz" (known: {", ".join(KNOWN)})',
        '4:17-24 no rule matches "polcy-*"',
        '5:14-24 unknown rule "api-removd", did you mean "api-removed"?',
        '5:32-39 "api-*" is a pattern, but here a rule is named by its id',
        '6:13-31 unknown rule "policy-not-enforcd", did you mean "policy-not-enforced"?',
        '6:37-47 "policy-*" is a pattern, but here a rule is named by its id',
    ]


def test_no_configuration_names_no_rule() -> None:
    assert check_rule_ids(default_settings(), ()) == ()
