"""The arithmetic of addresses is that of the worked examples of the source, and the package data is what the source gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from data.generate_cni import plain
from data.generate_ipam import SOURCE, TARGET, generate, rendered
from tests.config.loading import load_text
from tests.worlds import graph

from kubeqed.model.addresses import formulas
from kubeqed.model.addresses.limits import load_limits
from kubeqed.model.addresses.plan import make_plan
from kubeqed.model.addresses.ranges import parse_range, read_prefix
from kubeqed.parse import parse
from kubeqed.prove.questions.cidr_overlaps import list_overlaps
from kubeqed.prove.questions.forbidden_addresses import list_forbidden
from kubeqed.prove.questions.kubenet_limits import list_kubenet_limits
from kubeqed.sources import SourceFile

DATA: Any = plain(parse(SourceFile("ipam.yaml", SOURCE.read_bytes())).documents[0].document.root)
AZURE, GOOGLE = load_limits().aks_reserved_in_subnet, load_limits().gke_reserved_in_subnet


def examples(node: Any) -> Iterator[tuple[str, Any, Any]]:
    """Each example of the source: its id, what is given, what is expected."""
    if isinstance(node, dict):
        if "id" in node and "expected" in node:
            yield node["id"], node["input"], node["expected"]
        for value in node.values():
            yield from examples(value)
    elif isinstance(node, list):
        for value in node:
            yield from examples(value)


def faults(find: Callable[..., Any], **cluster: Any) -> str:
    """What is found of a stated cluster: error, warning or ok."""
    text = "cluster: {" + ", ".join(f"{key}: {value}" for key, value in cluster.items()) + "}"
    found = find(_resolver(text))
    if not found:
        return "ok"
    return "error" if any(one.at_most is None for one in found) else "warning"


def _resolver(text: str) -> Any:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: a, image: b}]}\n"
    return graph(pod, cluster=load_text(text).cluster)


def prefix(text: str) -> int:
    found = read_prefix(text)
    assert found is not None
    return found


def overlap(given: Any) -> Any:
    one, other = map(parse_range, given)
    assert one is not None
    assert other is not None
    return one.meets(other)


def core(given: Any) -> Any:
    size, mask = prefix(given["cluster_cidr"]), given["node_mask"]
    if mask - size > load_limits().mask_difference:
        assert faults(list_forbidden, pod_cidr=given["cluster_cidr"], node_cidr_mask_size=mask) == "error"
        return f"error: mask difference {mask - size} exceeds {load_limits().mask_difference}"
    return {"max_nodes": formulas.count_nodes_of_range(size, mask), "addresses_per_node": 1 << (32 - mask)}


def reserved(given: Any) -> Any:
    names = {"vnet": "node_cidr"}
    ((key, value),) = given.items()
    return faults(list_forbidden, provider="aks", **{names.get(key, key): value})


def service(given: Any) -> Any:
    return faults(list_forbidden, provider="aks", service_cidr=given)


def dns(given: Any) -> Any:
    return faults(list_forbidden, provider="aks", service_cidr=given["service_cidr"], dns_service_ip=given["dns"])


def kubenet(given: Any) -> Any:
    most = load_limits().kubenet_nodes
    if "nodes" in given:
        return faults(list_kubenet_limits, provider="aks", network_mode="kubenet", nodes=given["nodes"])
    room = formulas.count_usable(prefix(given["subnet"]), AZURE)
    found = {"max_nodes": min(room, most), "max_pods_110": room * 110}
    return found | ({"subnet_allows": room, "limited_by": "routes"} if room > most else {})


def flat(given: Any) -> Any:
    if "nodes" not in given:
        nodes = formulas.count_flat_nodes(prefix(given["subnet"]), given["max_pods"], AZURE)
        return {"max_nodes": nodes, "max_pods_total": nodes * given["max_pods"]}
    needed = formulas.count_flat_addresses(given["nodes"] + given["surge"], given["max_pods"])
    room = formulas.count_usable(prefix(given["subnet"]), AZURE) if "subnet" in given else needed
    return {
        "addresses": needed,
        "needed": needed,
        "available": room,
        "verdict": "error" if needed > room else "ok",
        "min_prefix": formulas.smallest_prefix(needed, AZURE),
    }


def overlay(given: Any) -> Any:
    room = formulas.count_nodes_of_range(prefix(given["pod_cidr"]), load_limits().overlay_mask)
    most = load_limits().overlay_nodes
    if "nodes" in given:
        return f"error: {room} < {given['nodes']}"
    return {"max_nodes": min(room, most)} | ({"limited_by": "service limit"} if room > most else {})


def outbound(given: Any) -> Any:
    if "ips" not in given:
        return faults(list_forbidden, provider="aks", outbound=f"{{ports_per_node: {given['ports']}}}")
    if "ports" not in given:
        return {"needed_ips": formulas.count_outbound_addresses(given["concurrent_sessions_to_one_destination"])}
    return {"max_nodes": formulas.count_outbound_nodes(given["ports"], given["ips"])}


def interfaces(given: Any) -> Any:
    return {"max_pods": formulas.count_interface_pods(given["enis"], given["ips"], "secondary-ip")}


def custom(given: Any) -> Any:
    return {"max_pods": formulas.count_interface_pods(given["enis"], given["ips"], "custom-networking")}


def prefixes(given: Any) -> Any:
    raw = formulas.count_interface_pods(given["enis"], given["ips"], "prefix-delegation")
    return {"raw": raw, "recommended": formulas.cap_pods(raw, given["vcpu"])}


def mask(given: Any) -> Any:
    found = formulas.find_node_mask(given["max_pods"])
    return {"mask": found, "addresses": 1 << (32 - found)}


def google(given: Any) -> Any:
    pods = formulas.count_nodes_of_range(prefix(given["pod_range"]), formulas.find_node_mask(given["max_pods"]))
    subnet = formulas.count_usable(prefix(given["subnet"]), GOOGLE)
    return {"by_pods": pods, "by_subnet": subnet, "max_nodes": min(pods, subnet)}


def pools(given: Any) -> Any:
    if "pool" in given:
        found = parse_range(given["pool"])
        service_range = parse_range(given["service"])
        assert found is not None
        assert service_range is not None
        assert not found.meets(service_range)
        return f"ok, {found.size} addresses"
    document = "apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: {{name: {}, namespace: a}}\nspec: {{addresses: [{}]}}\n"
    text = "---\n".join(document.format(f"p{index}", pool) for index, pool in enumerate(given["pools"]))
    return "error: overlap" if list_overlaps(graph(text)) else "ok"


WAYS: dict[str, Callable[[Any], Any]] = {
    "ov": overlap, "core": core, "aks-res": reserved, "scidr": service, "dns": dns, "kn": kubenet, "cni": flat,
    "ovl": overlay, "snat": outbound, "eni": interfaces, "pfx": prefixes, "cust": custom, "gke": mask, "gken": google,
    "mlb": pools,
}  # fmt: skip


@pytest.mark.parametrize(("name", "given", "wanted"), [pytest.param(*one, id=one[0]) for one in examples(DATA)])
def test_the_worked_examples_of_the_source_come_out(name: str, given: Any, wanted: Any) -> None:
    way = next(WAYS[start] for start in sorted(WAYS, key=len, reverse=True) if name.startswith(f"{start}-"))
    found = way(given)
    if isinstance(wanted, dict):
        assert {key: found.get(key) for key in wanted if key != "doc_says"} == {
            key: value for key, value in wanted.items() if key != "doc_says"
        }
    elif isinstance(found, str) and isinstance(wanted, str):
        assert wanted.startswith(found)
    else:
        assert found == wanted


def test_there_are_as_many_examples_as_the_source_has() -> None:
    assert len(list(examples(DATA))) == len(re.findall(r"(?m)^ *- id: ", SOURCE.read_text())) > 50


def test_the_data_is_what_the_source_gives() -> None:
    assert TARGET.read_text(encoding="utf-8") == rendered(SOURCE.read_bytes())


def test_a_text_that_the_generator_does_not_know_stops_it() -> None:
    with pytest.raises(ValueError, match="service ranges"):
        rendered(SOURCE.read_bytes().replace(b"must be smaller than /12", b"must be small"))
    assert generate(DATA)["sources"]


@pytest.mark.parametrize("nodes", [1, 8, 50, 51, 400])
@pytest.mark.parametrize("max_pods", [1, 30, 110])
def test_the_smallest_prefix_is_the_smallest(nodes: int, max_pods: int) -> None:
    needed = formulas.count_flat_addresses(nodes, max_pods)
    found = formulas.smallest_prefix(needed, AZURE)
    assert formulas.count_usable(found, AZURE) >= needed > formulas.count_usable(found + 1, AZURE)


def test_pools_without_nodes_are_left_out_and_shared_subnets_count_once() -> None:
    text = """cluster:
  provider: aks
  network_mode: node-subnet
  node_pools:
  - {name: a, nodes: 3, max_pods: 30, subnet: 10.0.0.0/24}
  - {name: b, nodes: 3, max_pods: 30, subnet: 10.0.0.0/24}
  - {name: c, subnet: 10.0.1.0/24}
"""
    plan = make_plan(load_text(text).cluster)
    assert [one.name for one in plan.pools] == ["a", "b"]
    assert [(one.pools, one.needed, one.available) for one in plan.capacities] == [(("a", "b"), 248, 251)]
