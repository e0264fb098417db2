"""Objects sent one after another: the recorded fleets, sequences and allocation experiments of a real server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.apiserver.verdicts import ORACLE, SERVER, lines, manifest
from tests.resolve.allocation import Allocation, Step

from kubeqed.apiserver import Server, Violation
from kubeqed.model.cluster import PortRange

NAMESPACES = frozenset(("default", "north", "south"))


def sent(text: str) -> Step:
    (item,) = manifest(text).objects
    identity = item.identity
    return Step(identity.root, identity.group, identity.version, identity.kind)


def differences(name: str, said: dict[str, Any], refused: list[Violation]) -> Iterator[str]:
    """Where the answer to one step is not the server's."""
    causes = {cause["field"] for cause in said.get("causes") or [] if cause.get("field")}
    paths = {violation.path for violation in refused}
    if bool(refused) == (said["verdict"] == "accepted"):
        yield f"{name}: the server {said['verdict']}, kubeqed refuses {sorted(paths)}: {said.get('message')}"
    elif causes and not (paths and paths <= causes):
        yield f"{name}: the server blames {sorted(causes)}, kubeqed {sorted(paths)}"


def test_fleets_of_services() -> None:
    wrong: list[str] = []
    for line in lines("fleets.jsonl"):
        allocation = Allocation(SERVER, NAMESPACES)
        for said in line["steps"]:
            wrong += differences(line["id"], said, allocation.send(sent(json.dumps(said["manifest"]))))
    assert not wrong


def test_sequences_of_objects() -> None:
    wrong: list[str] = []
    for line in lines("verdicts.jsonl"):
        if line["mode"] != "sequence":
            continue
        allocation = Allocation(SERVER, NAMESPACES)
        text = (ORACLE / line["file"]).read_text(encoding="utf-8")
        documents = [part for part in re.split(r"(?m)^---.*$", text) if part.strip()]
        for said, document in zip(line["steps"], documents, strict=False):  # the recording ends at the first refusal
            if said["op"] == "delete":
                allocation.delete(sent(document))
            else:
                wrong += differences(line["case"], said, allocation.send(sent(document)))
    assert not wrong


def test_allocation_experiments() -> None:
    wrong: list[str] = []
    for line in lines("allocation.jsonl"):
        allocation = Allocation(_server(line["flags"]), NAMESPACES)
        for said in line["steps"]:
            if said["op"] == "delete":
                allocation.delete(sent(json.dumps(_service(said["name"], {}, []))))
                continue
            service = _service(said["name"], said["request"], _numbers(line["experiment"], said))
            wrong += differences(line["experiment"], said, allocation.send(sent(json.dumps(service))))
    assert not wrong


def _server(flags: str) -> Server:
    low, high = (int(port) for port in re.findall(r"(\d+)-(\d+)", flags)[0])
    (cidr,) = re.findall(r"[\d.]+/\d+", flags)
    return Server(node_ports=PortRange(low, high), service_cidrs=(cidr,))


def _numbers(experiment: str, said: dict[str, Any]) -> list[int]:
    """The node ports that were asked for: those stored, unless the experiment is about numbers the server picks."""
    stored = said.get("nodePorts")
    if match := re.search(r"ports\[(\d)\]\.nodePort: Invalid value: (\d+)", said.get("message", "")):
        return [0] * int(match[1]) + [int(match[2])]
    return stored if isinstance(stored, list) and "exhaustion" not in experiment else []


def _service(name: str, request: dict[str, Any], numbers: list[int]) -> dict[str, Any]:
    spec = {key: value for key, value in request.items() if key != "ports"}
    protocols = ("TCP", "UDP")
    ports = [
        {"name": f"p{index}", "port": 1000 + index, "protocol": protocols[0]}
        for index in range(request.get("ports", 0))
    ]
    for port, number in zip(ports, numbers, strict=False):
        port["nodePort"] = number
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": {**spec, "ports": ports}}


KIOSK = """
apiVersion: v1
kind: Service
metadata: {name: %s}
spec: {type: NodePort, ports: [{port: 80, nodePort: %s}]}
"""


def test_a_node_port_is_free_again_after_its_service_is_deleted() -> None:
    allocation = Allocation(Server())
    first, second = sent(KIOSK % ("a", 30080)), sent(KIOSK % ("b", 30080))
    assert not allocation.send(first)
    assert [found.path for found in allocation.send(second)] == ["spec.ports[0].nodePort"]
    allocation.delete(first)
    assert not allocation.send(second)


def test_a_placeholder_takes_no_node_port() -> None:
    allocation = Allocation(Server())
    assert not allocation.send(sent(KIOSK % ("a", "'${PORT}'")))
    assert not allocation.send(sent(KIOSK % ("b", "'${PORT}'")))


def test_a_refused_service_takes_nothing() -> None:
    allocation = Allocation(Server())
    two = """
apiVersion: v1
kind: Service
metadata: {name: b}
spec: {type: NodePort, ports: [{name: one, port: 80, nodePort: 30081}, {name: two, port: 81, nodePort: 30080}]}
"""
    assert not allocation.send(sent(KIOSK % ("a", 30080)))
    assert [found.path for found in allocation.send(sent(two))] == ["spec.ports[1].nodePort"]
    assert not allocation.send(sent(KIOSK % ("c", 30081)))
