"""No answer passes over a policy that is not modelled, nor over what was not read, in whatever form it is given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.reach.samples import app, deployment, policy

from kubeqed.cli import main

CILIUM = """\
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: guard, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: db}}
  ingress: [{fromEndpoints: [{matchLabels: {app: web}}]}]
"""
ISTIO = """\
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: guard, namespace: shop}
spec: {selector: {matchLabels: {app: db}}}
"""
UNLESS = "unless CiliumNetworkPolicy shop/guard says otherwise"
KAFKA = "---\napiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: events, namespace: shop}\n"
BROKEN = "---\n{not: [yaml\n"


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    file = tmp_path / "shop.yaml"
    file.write_text(deployment("web") + deployment("db") + deployment("far") + CILIUM)
    return file


@pytest.mark.parametrize("options", [[], ["--expand"], ["--exposure"], ["--output-format", "json"]])
@pytest.mark.parametrize("asked", [[], ["--to", "shop/db"], ["--from", "shop/web"], ["-n", "shop"]])
def test_reach_names_a_policy_that_may_decide_otherwise(shop: Path, options: list[str], asked: list[str]) -> None:
    assert UNLESS in _run("reach", shop, *options, *asked).stdout


@pytest.mark.parametrize("form", ["dot", "mermaid"])
def test_a_drawing_names_it_in_a_box_of_its_own(shop: Path, form: str) -> None:
    assert UNLESS in _run("reach", shop, "--output-format", form).stdout


@pytest.mark.parametrize("asked", [["--to", "shop/web"], ["--from", "shop/db", "--to", "shop/far"]])
def test_reach_names_no_policy_that_cannot_decide_about_what_is_asked(shop: Path, asked: list[str]) -> None:
    assert "unless" not in _run("reach", shop, *asked).stdout


def test_json_says_of_which_connections_and_peers(shop: Path) -> None:
    found = json.loads(_run("reach", shop, "--output-format", "json").stdout)
    (unless,) = found["unless"]
    assert (unless["text"], unless["egress"], unless["opens"], unless["line"]) == (UNLESS, [], True, 12)
    assert found["groups"][unless["ingress"][0]] == [{"kind": "Deployment", "namespace": "shop", "name": "db"}]
    depending = {one["destination"][0] for one in found["connections"] if one.get("depends")}
    assert all({"name": "db"}.items() <= found["groups"][group][0].items() for group in depending)
    assert any("depends" not in one for one in found["connections"])


def test_why_names_it_in_the_verdict_and_on_its_side(shop: Path) -> None:
    text = _run("why", "shop/web", "shop/db", shop).stdout
    verdict, *rest = text.splitlines()
    assert verdict.endswith(f"allowed on all ports, {UNLESS}")
    assert any("CiliumNetworkPolicy shop/guard may decide otherwise" in line for line in rest)
    assert "no other policy applies to its ingress: allowed by default" in text
    (decision,) = json.loads(_run("why", "shop/web", "shop/db", shop, "--output-format", "json").stdout)["decisions"]
    assert [(one["text"], one["direction"]) for one in decision["unless"]] == [(UNLESS, "ingress")]


def test_why_says_nothing_of_it_where_it_cannot_decide(shop: Path) -> None:
    assert "otherwise" not in _run("why", "shop/db", "shop/web", shop).stdout


def test_what_is_denied_may_only_be_allowed_by_an_engine_that_overrides_networkpolicies(tmp_path: Path) -> None:
    pods = deployment("web") + deployment("db")
    closed, sending = (
        policy("deny", podSelector=app("db")),
        policy("out", podSelector=app("web"), policyTypes=["Egress"]),
    )
    for name, more, said in (
        ("cilium", closed + CILIUM, True),
        ("istio", closed + ISTIO, False),
        ("other side", closed + sending + CILIUM, False),
    ):
        file = tmp_path / f"{name}.yaml"
        file.write_text(pods + more)
        verdict = _run("why", "shop/web", "shop/db", file).stdout.splitlines()[0]
        assert ": denied" in verdict
        assert ("says otherwise" in verdict) is said, name


def test_many_policies_share_lines(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    pods = [deployment(f"app{number}") for number in range(30)]
    policies = [CILIUM.replace("guard", f"p{number}").replace("db", f"app{number}") for number in range(30)]
    file.write_text(
        "".join([*pods, *policies, *[CILIUM.replace("guard", f"all{one}").replace("app: db", "") for one in "ab"]])
    )
    (line,) = [line for line in _run("reach", file).stdout.splitlines() if line.startswith("unless")]
    assert line.startswith("unless one of 32 CiliumNetworkPolicy (shop/p0, shop/p1, ")
    assert line.endswith(" and 12 more) says otherwise about ingress of all pods")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (KAFKA, "incomplete: Kafka shop/events (FILE:7) may hold or create pods, Services and policies"),
        (BROKEN, "incomplete: a document that cannot be read (FILE:6) may hold"),
        (KAFKA + KAFKA * 3 + BROKEN, "incomplete: 4 Kafka and 1 document that cannot be read may hold"),
        ("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: '${X}'}\n", ""),
    ],
)
@pytest.mark.parametrize("form", [["--output-format", "text"], ["--expand"], ["--output-format", "mermaid"]])
def test_what_the_answer_lacks_is_said(tmp_path: Path, more: str, said: str, form: list[str]) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(deployment("web") + deployment("db") + more)
    text = _run("reach", file, *form).stdout
    assert (said.replace("FILE", str(file)) in text) if said else "incomplete" not in text
    assert ("incomplete" in _run("why", "shop/web", "shop/db", file).stdout) is bool(said)
