"""`kubeqed prove` as people call it: verdicts, packets, what is wrong with intents, formats and exit statuses."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kubeqed.cli import main
from kubeqed.report.schema.equivalent import EquivalentReport
from kubeqed.report.schema.prove import ProveReport

SHOP = """
apiVersion: v1
kind: Namespace
metadata: {name: payments, labels: {team: pay}}
---
apiVersion: v1
kind: Namespace
metadata: {name: monitoring}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: payments}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: x, ports: [{name: pg, containerPort: 5432}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: checkout, namespace: payments}
spec:
  selector: {matchLabels: {app: checkout}}
  template:
    metadata: {labels: {app: checkout}}
    spec: {containers: [{name: c, image: x}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: payments}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
  - from: [{podSelector: {matchLabels: {app: checkout}}}]
    ports: [{port: pg}]
  - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
    ports: [{port: 9187}]
"""
ONLY = """
  - name: only checkout
    from: {pods: {not: {matchLabels: {app: checkout}}}, namespaces: any, scope: any-pod}
    to: {namespace: payments, pods: {matchLabels: {app: db}}}
    expect: denied
"""
EXCEPT = "    except: [{from: {namespace: monitoring}, ports: [TCP/9187], reason: exporter}]\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s" / "shop.yaml").write_text(SHOP)
    return tmp_path


def prove(shop: Path, intents: str, *more: str) -> Result:
    (shop / "intents.yaml").write_text("intents:\n" + dedent(intents).strip("\n") + "\n")
    arguments = ["prove", str(shop / "k8s"), "--intents", str(shop / "intents.yaml"), *more]
    return CliRunner().invoke(main, arguments)


def verdicts(shop: Path, intents: str, *more: str) -> list[dict[str, Any]]:
    result = prove(shop, intents, "--output-format", "json", *more)
    report = json.loads(result.stdout)
    ProveReport.model_validate_json(result.stdout)
    found: list[dict[str, Any]] = report["intents"]
    return found


def test_a_claim_that_holds_names_what_it_rests_on(shop: Path) -> None:
    result = prove(shop, ONLY + EXCEPT)
    assert result.exit_code == 0
    assert "holds    only checkout" in result.stdout
    assert "rests on ingress: NetworkPolicy payments/db spec.podSelector isolates its pods for ingress" in result.stdout


def test_a_claim_is_refuted_by_a_pod_that_no_manifest_shows(shop: Path) -> None:
    (one,) = verdicts(shop, ONLY)
    assert one["verdict"] == "refuted"
    assert one["witness"] == {
        "source": {
            "namespace": "monitoring",
            "namespace_labels": {"kubernetes.io/metadata.name": "monitoring"},
            "labels": {},
        },
        "destination": {"kind": "Deployment", "namespace": "payments", "name": "db"},
        "protocol": "TCP",
        "port": 9187,
        "port_names": [],
    }
    assert [(rule["line"], rule["text"]) for rule in one["deciding"]] == [
        (None, "egress: no policy isolates the source"),
        (36, "ingress: NetworkPolicy payments/db spec.ingress[1] allows it"),
    ]


def test_pods_that_are_shown_are_meant_unless_any_pod_is_asked_for(shop: Path) -> None:
    (one,) = verdicts(shop, ONLY.replace(", scope: any-pod", ""))
    assert (one["verdict"], one["speaks"]) == ("holds", False)  # nobody is shown but checkout, and db itself


def test_names_are_resolved_by_dns_pods_that_no_manifest_shows(shop: Path) -> None:
    (one,) = verdicts(shop, "- {name: names, from: all, to: dns, expect: allowed}")
    assert (one["verdict"], one["facts"][0]["text"][:23]) == ("holds", "the pods of the DNS are")
    closed = (
        SHOP
        + "---\n"
        + "\n".join(
            (
                "apiVersion: networking.k8s.io/v1",
                "kind: NetworkPolicy",
                "metadata: {name: shut, namespace: payments}",
                "spec: {podSelector: {}, policyTypes: [Egress]}",
            )
        )
    )
    (shop / "k8s" / "shop.yaml").write_text(closed)
    (one,) = verdicts(shop, "- {name: names, from: all, to: dns, expect: allowed}")
    assert (one["verdict"], one["witness"]["destination"]["labels"]) == ("refuted", {"k8s-app": "kube-dns"})


@pytest.mark.parametrize(
    ("name", "verdict", "text"),
    [
        ("isolated-namespaces", "holds", ""),
        ("default-deny", "refuted", "no policy isolates the"),
        ("dns-reachable", "holds", ""),
        ("no-internet-ingress", "refuted", "no policy isolates the destination"),
        ("no-internet-egress", "refuted", "no policy isolates the source"),
        ("metadata-endpoint-denied", "refuted", "no policy isolates the source"),
    ],
)
def test_claims_that_are_ready_made(shop: Path, name: str, verdict: str, text: str) -> None:
    (one,) = verdicts(shop, f"- {name}")
    assert (one["name"], one["verdict"]) == (name, verdict)
    assert text in " ".join(rule["text"] for rule in one["deciding"])


def test_pods_of_a_namespace_that_nothing_declares_are_together(shop: Path) -> None:
    (shop / "k8s" / "shop.yaml").write_text(
        SHOP.replace("namespace: payments}\nspec:\n  selector", "namespace: other}\nspec:\n  selector")
    )
    (one,) = verdicts(shop, "- isolated-namespaces")
    assert (one["verdict"], one["speaks"]) == ("holds", False)


def test_what_is_wrong_with_an_intent_keeps_no_other_from_being_proved(shop: Path) -> None:
    result = prove(shop, ONLY + EXCEPT + "  - {name: x, from: al, to: dns, expect: allowed}\n  - {name: y, frm: all}\n")
    assert result.exit_code == 2
    assert "1 verdict: 1 holds" in result.stdout
    assert 'intents.yaml:7:19: error: unknown end of an intent "al", did you mean "all"?' in result.stderr
    assert 'intents.yaml:8:13: error: unknown key "frm", did you mean "from"?' in result.stderr


def test_a_namespace_that_is_not_there(shop: Path) -> None:
    intent = "- {name: x, from: {namespace: nowhere}, to: all, expect: denied}"
    result = prove(shop, intent)
    assert result.exit_code == 1
    assert "warning: the intent x names the namespace nowhere, which no manifest shows" in result.stdout
    assert ":2:31: error: the intent x names the namespace nowhere" in prove(shop, intent, "--world", "closed").stdout


def test_a_claim_without_a_packet_is_said(shop: Path) -> None:
    result = prove(shop, "- {name: x, from: {pods: {matchLabels: {app: gone}}}, to: all, expect: denied}")
    assert result.exit_code == 1
    assert "it speaks of no packet" in result.stdout


def test_severity_and_exit_status(shop: Path) -> None:
    refuted = "- {name: x, from: internet, to: all, expect: denied, severity: note}"
    assert prove(shop, refuted).exit_code == 0
    assert prove(shop, refuted, "--fail-on", "note").exit_code == 1
    assert prove(shop, refuted.replace("note", "warning")).exit_code == 1


def test_intents_of_the_configuration(shop: Path) -> None:
    (shop / "k8s" / "kubeqed.yaml").write_text("intents: [dns-reachable]\n")
    result = CliRunner().invoke(main, ["prove", str(shop / "k8s")])
    assert (result.exit_code, "holds    dns-reachable" in result.stdout) == (0, True)
    (shop / "k8s" / "kubeqed.yaml").write_text("cluster: {cni: calico}\n")
    assert "no intent is stated" in CliRunner().invoke(main, ["prove", str(shop / "k8s")]).stderr


def test_sarif_has_the_way_of_the_packet(shop: Path) -> None:
    run = json.loads(prove(shop, ONLY, "--output-format", "sarif").stdout)["runs"][0]
    (result,) = run["results"]
    (flow,) = result["codeFlows"]
    steps = [one["location"]["message"]["text"] for one in flow["threadFlows"][0]["locations"]]
    assert steps[-1] == "payments/db[Deployment]."
    assert "allows it" in steps[0]


@pytest.mark.parametrize("name", ["concise", "github", "gitlab", "junit", "markdown", "text"])
def test_every_format_names_the_packet(shop: Path, name: str) -> None:
    assert "TCP 9187" in prove(shop, ONLY, "--output-format", name).stdout


def test_evidence_is_commands(shop: Path) -> None:
    said = prove(shop, ONLY, "--evidence").stdout
    assert "kubectl run source -n monitoring --labels=" in said
    assert "nc -zv -w 3" in said


def test_the_edit_that_makes_an_intent_hold_is_printed(shop: Path) -> None:
    said = prove(shop, ONLY).stdout
    assert "it would hold: remove spec.ingress[1] of NetworkPolicy payments/db" in said
    (one,) = verdicts(shop, ONLY)
    (edit,) = one["edits"]
    assert (edit["purpose"], edit["operation"], edit["path"], edit["line"]) == ("hold", "remove", "spec.ingress[1]", 36)
    assert one["effects"] == []
    run = json.loads(prove(shop, ONLY, "--output-format", "sarif").stdout)["runs"][0]
    assert "Help: it would hold after this: remove spec.ingress[1]" in run["results"][0]["message"]["text"]


def test_a_rule_that_is_missing_is_written(shop: Path) -> None:
    intent = "- {name: see, from: {namespace: monitoring}, to: {namespace: payments}, ports: [TCP/90], expect: allowed}"
    (one,) = verdicts(shop, intent.replace("monitoring}", "monitoring, scope: any-pod}"))
    (edit,) = one["edits"]
    monitoring = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    assert edit["value"] == [{"from": [monitoring], "ports": [{"protocol": "TCP", "port": 90}]}]
    assert (edit["operation"], edit["path"], edit["object"]["name"]) == ("add", "spec.ingress", "db")


def test_whom_else_an_edit_cuts_off_is_said(shop: Path) -> None:
    (one,) = verdicts(shop, "- default-deny")
    (edit,) = one["edits"]
    assert edit["value"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert "it also cuts off, for one, payments/checkout[Deployment] =>" in one["effects"][0]


def test_a_new_policy_opens_nothing_to_pods_that_are_isolated(shop: Path) -> None:
    (one,) = verdicts(shop, "- no-internet-ingress")
    (edit,) = one["edits"]
    assert edit["value"]["spec"]["podSelector"] == {"matchLabels": {"app": "checkout"}}
    assert one["effects"] == []


def test_check_and_prove_judge_an_intent_in_the_same_units(tmp_path: Path) -> None:
    intents = [
        {"name": "two", "from": {"namespace": "a"}, "to": {"namespace": "b"}, "expect": "denied"},
        {"name": "one", "from": "internet", "to": {"namespace": "a"}, "expect": "denied"},
        {"name": "all", "from": "internet", "to": "all", "expect": "denied"},
        {"name": "half", "from": "internet", "to": {"namespaces": ["a", "nowhere"]}, "expect": "denied"},
        {"name": "gone", "from": {"namespace": "nowhere"}, "to": "all", "expect": "denied"},
        {"name": "mute", "from": {"pods": {"matchLabels": {"app": "gone"}}}, "to": "all", "expect": "denied"},
    ]
    (tmp_path / "kubeqed.yaml").write_text(json.dumps({"intents": intents}))
    for place, spaces in (("one", "a"), ("two", "ab"), ("three", "b")):
        (tmp_path / place).mkdir()
        pods = [
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": "web", "namespace": space, "labels": {"app": "web"}},
                "spec": {"containers": [{"name": "web", "image": f"web:{place}"}]},
            }
            for space in spaces
        ]
        (tmp_path / place / "pods.yaml").write_text("\n---\n".join(map(json.dumps, pods)))
    arguments = [str(tmp_path), "--output-format", "json"]
    proved = json.loads(CliRunner().invoke(main, ["prove", *arguments]).stdout)["intents"]
    checked = json.loads(CliRunner().invoke(main, ["check", *arguments]).stdout)["findings"]
    refuted = {(one["name"], Path(one["unit"]).name) for one in proved if one["verdict"] == "refuted"}
    silent = {one["name"] for one in proved if not one["speaks"] and one["name"] != "gone"}
    found = {
        (one["message"].split()[2], Path(unit).name)
        for one in checked
        if one["rule"] == "intent-refuted"
        for unit in one["units"]
    }
    assert found == refuted
    assert {unit for name, unit in refuted if name == "two"} == {"two"}
    assert {unit for name, unit in refuted if name == "half"} == {"one", "two"}
    said = [one["message"].split()[2] for one in checked if one["rule"] == "intent-without-packets"]
    assert sorted(said) == sorted(silent) == ["mute"]


CILIUM = """---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: more, namespace: payments}
spec: {endpointSelector: {matchLabels: {app: db}}, ingress: [{fromEntities: [world]}]}
"""
ISTIO = """---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: less, namespace: payments}
spec: {selector: {matchLabels: {app: db}}}
"""


@pytest.mark.parametrize(
    ("more", "intent", "doubted"),
    [
        (CILIUM, ONLY + EXCEPT, True),  # it holds, and that policy may allow more
        (CILIUM, ONLY, True),  # it is refuted, and that policy may deny it
        (CILIUM, "- {name: x, from: {pods: {matchLabels: {app: db}}}, to: internet, expect: allowed}", False),
        (
            CILIUM,
            "- {name: x, from: {pods: {matchLabels: {app: db}}, scope: any-pod}, to: internet, expect: allowed}",
            False,
        ),
        (ISTIO, ONLY + EXCEPT, False),  # it may only deny more
        (ISTIO, ONLY, True),
        (ISTIO, "- {name: x, from: {pods: {matchLabels: {app: checkout}}}, to: internet, expect: allowed}", False),
        (ISTIO, "- {name: x, from: all, to: {namespace: payments}, ports: [TCP/5432], expect: allowed}", True),
    ],
)
def test_policies_of_other_engines_are_said(shop: Path, more: str, intent: str, doubted: bool) -> None:
    (shop / "k8s" / "shop.yaml").write_text(SHOP + more)
    (one,) = verdicts(shop, intent)
    kind = "CiliumNetworkPolicy payments/more" if more == CILIUM else "AuthorizationPolicy payments/less"
    said = [entry["text"] for entry in one["unless"]]
    assert len(said) == doubted
    assert all(kind in text for text in said)
    for name in ("text", "markdown"):
        assert ("unless" in prove(shop, intent, "--output-format", name).stdout) is doubted


def test_what_is_refuted_unless_another_engine_says_otherwise_is_no_error(shop: Path) -> None:
    (shop / "k8s" / "shop.yaml").write_text(SHOP + ISTIO)
    result = prove(shop, ONLY, "--output-format", "json", "--fail-on", "error")
    assert result.exit_code == 0
    assert prove(shop, ONLY).exit_code == 1


def test_check_says_what_holds_unless_another_engine_says_otherwise(shop: Path) -> None:
    (shop / "k8s" / "shop.yaml").write_text(SHOP + CILIUM)
    (shop / "k8s" / "kubeqed.yaml").write_text("intents:" + ONLY + EXCEPT)
    result = CliRunner().invoke(main, ["check", str(shop / "k8s")])
    assert "the intent only checkout holds in" in result.stdout + result.stderr
    assert "unless CiliumNetworkPolicy payments/more says otherwise" in result.stdout + result.stderr


def test_what_is_unknown_in_policies_is_said(shop: Path) -> None:
    (shop / "k8s" / "shop.yaml").write_text(
        SHOP.replace("podSelector: {matchLabels: {app: db}}", "podSelector: {matchLabels: {app: '${APP}'}}")
    )
    result = prove(shop, ONLY, "--output-format", "json")
    assert "a value of its selector is unknown" in json.loads(result.stdout)["notices"][0]["text"]
    assert "a value of its selector is unknown" in result.stderr


def test_equivalent_says_which_policies_it_does_not_compare(tmp_path: Path) -> None:
    for name, text in (("old", SHOP), ("new", SHOP + CILIUM)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "shop.yaml").write_text(text)
    paths = [str(tmp_path / "old"), str(tmp_path / "new")]
    result = CliRunner().invoke(main, ["equivalent", *paths])
    assert "unless CiliumNetworkPolicy payments/more says otherwise" in result.stdout
    printed = CliRunner().invoke(main, ["equivalent", *paths, "--output-format", "json"]).stdout
    report = EquivalentReport.model_validate_json(printed)
    assert (report.equivalent, len(report.unless)) == (True, 1)


def test_the_last_definition_of_a_policy_counts(shop: Path) -> None:
    again = SHOP.rpartition("---")[2].replace("9187", "80")
    (shop / "k8s" / "shop.yaml").write_text(SHOP + "---" + again)
    (one,) = verdicts(shop, ONLY)
    assert one["witness"]["port"] == 80
    assert [edit["line"] for edit in one["edits"]] == [47]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "1:1: error: the file is empty: state a key such as intents"),
        ("- a\n", "1:3: error: expected a mapping with keys such as intents, found a list"),
        ("intents: [a: {", "1:14: error: not YAML"),
        ("intents:\n", '1:1: error: expected a list of claims below the key "intents", found nothing'),
        ("claims: []\n", '1:1: error: unknown key "claims"'),
        (
            "intents:\n- {name: a, from: all, to: all, expect: denied, except: [{}]}\n",
            "2:58: error: it takes out everything",
        ),
        ("intents:\n- {name: a, from: all, to: all, expect: denied, ports: []}\n", "2:49: error: the list is empty"),
        ("intents:\n- {name: a, from: {namespaces: []}, to: all, expect: denied}\n", "2:20: error: the list is empty"),
        ("intents:\n- {name: a, from: {addresses: []}, to: all, expect: denied}\n", "2:20: error: the list is empty"),
        ("intents:\n- {use: default-deny, namespaces: []}\n", "2:23: error: the list is empty"),
        (
            "intents:\n- {name: a, from: all, to: all, expect: denied, ports: [TCP/99999]}\n",
            "2:57: error: 'TCP/99999' is no port",
        ),
        ("intents:\n- no-such\n", '2:3: error: unknown ready-made intent "no-such"'),
        ("intents:\n- 7\n", "2:3: error: expected a mapping, found the number 7"),
    ],
)
def test_what_is_wrong_with_a_file_of_intents_has_its_place(shop: Path, written: str, said: str) -> None:
    (shop / "intents.txt").write_text(written)
    result = CliRunner().invoke(main, ["prove", str(shop / "k8s"), "--intents", str(shop / "intents.txt")])
    assert (result.exit_code, f"intents.txt:{said}" in result.stderr) == (2, True), result.stderr
