"""Each thing that a configuration can get wrong: the exact place and the words."""

from __future__ import annotations

import pytest
from tests.config.loading import errors

from kubeqed.config import ConfigurationError, load
from kubeqed.config.keys import MODELS
from kubeqed.model.cni.names import LOAD_BALANCERS
from kubeqed.sources import SourceFile

WHOLE_FILE = {
    "": "1:1-1 the file is empty: state a key such as cluster",
    "cluster: {}\n---\nrules: {}\n": "3:1-6 such a file is one document, and here starts another",
    "- cluster\n": "1:3-10 expected a mapping with keys such as cluster, found a list",
    "cluster\n": '1:1-8 expected a mapping with keys such as cluster, found the string "cluster"',
    "5\n": "1:1-2 expected a mapping with keys such as cluster, found the number 5",
}

PATHS = {
    'units: [{path: "a\\0b"}]': '1:16-22 no path can hold the NUL character that is in "a\\x00b"',
    'baseline: "\\0"': '1:11-15 no path can hold the NUL character that is in "\\x00"',
    'units: [{path: " "}]': "1:16-19 the string is empty",
}

KEYS = {
    "cluster:\n  cnii: x": '2:3-7 unknown key "cnii", did you mean "cni"?',
    "clusters: {}": '1:1-9 unknown key "clusters", did you mean "cluster"?',
    "units: [{path: a, wrold: open}]": '1:19-24 unknown key "wrold", did you mean "world"?',
    "cluster: {nodePortRange: 1-2}": '1:11-24 unknown key "nodePortRange", did you mean "node_port_range"?',
    "cluster: {cidr: 10.0.0.0/8}": '1:11-15 unknown key "cidr", did you mean "service_cidr", "pod_cidr", "node_cidr" or "node_cidr_mask_size"?',
    "cluster: {cni: {name: calico, versoin: v3}}": '1:31-38 unknown key "versoin", did you mean "version"?',
    "rules: {selct: []}": '1:9-14 unknown key "selct", did you mean "select"?',
    "ignore: [{paths: [a], reson: b, reason: c}]": '1:23-28 unknown key "reson", did you mean "reason"?',
    "zzzzzz: 1": '1:1-7 unknown key "zzzzzz" (known: units, charts, cluster, rules, intents, ignore, exclude, fleet, baseline)',
    "cni: calico": '1:1-4 unknown key "cni" here, it belongs below "cluster"',
    "cluster: {version: v3}": '1:11-18 unknown key "version" here, it belongs below "cluster.cni"',
    "cluster: {ignore: []}": '1:11-17 unknown key "ignore" here, it belongs at the top or below "rules"',
    'cluster: {"a.b[0]": 1}': (
        '1:11-19 unknown key "a.b[0]" (known: kubernetes, cni, provider, load_balancer, '
        "ingress_controllers, node_port_range, service_cidr, pod_cidr, "
        "network_mode, network_policy, virtual_nodes, shared_subnet, nodes, node_cidr, peered_cidrs, "
        "dns_service_ip, node_cidr_mask_size, node_pools, outbound)"
    ),
    "units:\n  - world: open": '2:5-10 the key "path" is missing, or "paths" for several directories',
    "units: [{paths: []}]": "1:10-15 the list is empty",
    "units: [{paths: [a, 5]}]": "1:21-22 expected a string, found the number 5",
    "units: [{path: a, paths: [b]}]": '1:10-14 "path" and "paths" are both stated: list all directories under "paths"',
    "units: [{paths: [a, ./b]}, {path: b/}]": '1:35-37 the unit "b" is stated twice',
    "cluster: {cni: {version: v3}}": '1:11-14 the key "name" is missing',
    "ignore:\n  - paths: [a]": '2:5-10 the key "reason" is missing',
    "cluster: {}\ncluster: {}": '2:1-8 key "cluster" is defined twice, first in line 1',
    "cluster:\n  cni: a\n  cni: calico": '3:3-6 key "cni" is defined twice, first in line 2',
}

SHAPES = {
    'units: ["a\\nb\\u001b"]': '1:9-21 expected a mapping, found the string "a\\nb\\x1b"',
    f"units: {'a' * 90}": f'1:8-98 expected a list, found the string "{"a" * 80}…"',
    "units: apps": '1:8-12 expected a list, found the string "apps"',
    "units: {path: apps}": "1:1-6 expected a list, found a mapping",
    "units: [apps]": '1:9-13 expected a mapping, found the string "apps"',
    "units: [{path: 5}]": "1:16-17 expected a string, found the number 5",
    "units: [{path: }]": "1:10-14 expected a string, found nothing",
    "units: [{path: ' '}]": "1:16-19 the string is empty",
    "units: [{path: '${DIR}'}]": "1:16-24 expected a string, found the placeholder ${DIR}, which nothing fills in here",
    "cluster: [calico]": "1:1-8 expected a mapping, found a list",
    "cluster: yes": "1:10-13 expected a mapping, found the boolean true",
    "cluster: {cni: 1.5}": '1:16-19 expected a name, or a mapping with "name" and "version", found the number 1.5',
    "cluster: {cni: [calico]}": '1:11-14 expected a name, or a mapping with "name" and "version", found a list',
    "cluster: {provider: no}": "1:21-23 expected a string, found the boolean false",
    "cluster: {ingress_controllers: {name: kong}}": "1:11-30 expected a list, found a mapping",
    "cluster: {ingress_controllers: [kong, 5]}": "1:39-40 expected a string, found the number 5",
    "rules: {select: policy-*}": '1:17-25 expected a list, found the string "policy-*"',
    "rules: {ignore: [1]}": "1:18-19 expected a string, found the number 1",
    "rules: {severity: off}": "1:19-22 expected a mapping, found the boolean false",
    "rules: {options: {a: 5}}": "1:22-23 expected a mapping, found the number 5",
    "rules: {options: {a: {b: [x, {c: '${D}'}]}}}": (
        "1:23-24 expected a value, found the placeholder ${D}, which nothing fills in here"
    ),
    "ignore: [{rules: a, reason: b}]": '1:18-19 expected a list, found the string "a"',
    "ignore: [{rules: [''], reason: b}]": "1:19-21 the string is empty",
    "ignore: [{rules: [a], reason: ''}]": "1:31-33 the string is empty",
    "ignore: [{rules: [a], reason: 5}]": "1:31-32 expected a string, found the number 5",
    "ignore: [{paths: [], reason: b}]": (
        '1:11-16 an entry without "rules", "paths" and "objects" would hide every finding'
    ),
}

NAMES = {
    "cluster: {cni: calicoo}": '1:16-23 unknown CNI "calicoo", did you mean "calico"?',
    "cluster: {cni: Calico}": '1:16-22 unknown CNI "Calico", did you mean "calico"?',
    "cluster: {cni: {name: weave}}": '1:23-28 unknown CNI "weave", did you mean "weave-net"?',
    "cluster: {provider: on-perm}": '1:21-28 unknown provider "on-perm", did you mean "on-prem"?',
    "cluster: {nodes: -1}": "1:18-20 expected a whole number from 0 on, found the number -1",
    "cluster: {virtual_nodes: 1}": "1:26-27 expected true or false, found the number 1",
    "cluster: {dns_service_ip: x}": '1:27-28 "x" is not an address such as 10.96.0.10',
    "cluster: {node_pools: [{name: a, surge: x}]}": (
        '1:41-42 expected a number of nodes, or a percentage such as 33%, found the string "x"'
    ),
    "cluster: {node_pools: [{name: a, subnet: /33}]}": '1:42-45 "/33" is no prefix of IPv4',
    "cluster: {ingress_controllers: [nginx]}": (
        '1:33-38 unknown ingress controller "nginx", did you mean "ingress-nginx" or "nginx-inc"?'
    ),
    "cluster: {ingress_controllers: treafik}": (
        '1:32-39 unknown ingress controller "treafik", did you mean "traefik"?'
    ),
    "cluster: {ingress_controllers: [none, kong]}": (
        '1:11-30 "none" says that there is no ingress controller, but others are named beside it'
    ),
    "cluster: {load_balancer: metalb}": '1:26-32 unknown load balancer "metalb", did you mean "metallb"?',
    "cluster: {load_balancer: zzz}": (
        f'1:26-29 unknown load balancer "zzz" (known: {", ".join(LOAD_BALANCERS)}, none)'
    ),
    "units: [{path: a, world: close}]": '1:26-31 unknown world "close", did you mean "closed"?',
    "rules: {severity: {a: info}}": '1:23-27 unknown severity "info" (known: error, warning, note, off)',
    "rules: {severity: {a: yes}}": "1:23-26 expected a string, found the boolean true",
}

VALUES = {
    "cluster: {kubernetes: 1.30}": ('1:23-27 the number 1.3 may stand for "1.3" or "1.30": put the version in quotes'),
    "cluster: {kubernetes: 1}": '1:23-24 the number 1 may stand for "1" or "1.0": put the version in quotes',
    "cluster: {kubernetes: true}": "1:23-27 expected a version in quotes, found the boolean true",
    "cluster: {kubernetes: [1.36]}": "1:11-21 expected a version in quotes, found a list",
    "cluster: {kubernetes: latest}": '1:23-29 expected a Kubernetes version such as "1.36", found "latest"',
    "cluster: {kubernetes: 2.36}": '1:23-27 expected a Kubernetes version such as "1.36", found "2.36"',
    "cluster: {kubernetes: -1.36}": '1:23-28 the number -1.36 may stand for "-1.36" or "-1.360": put the version in quotes',
    "cluster: {cni: {name: calico, version: 3.3}}": (
        '1:40-43 the number 3.3 may stand for "3.3" or "3.30": put the version in quotes'
    ),
    "cluster: {node_port_range: 30000}": "1:28-33 expected a range of ports such as 30000-32767, found the number 30000",
    "cluster: {node_port_range: a-b}": '1:28-31 expected a range of ports such as 30000-32767, found the string "a-b"',
    "cluster: {node_port_range: 9-8}": "1:28-31 the range 9-8 holds no valid ports: its end lies before its start",
    "cluster: {node_port_range: 0-9}": "1:28-31 the range 0-9 holds no valid ports: ports go from 1 to 65535",
    "cluster: {node_port_range: 1-65536}": "1:28-35 the range 1-65536 holds no valid ports: ports go from 1 to 65535",
    "cluster: {pod_cidr: 10.0.0.0}": '1:21-29 "10.0.0.0" is not a network such as 10.96.0.0/12 or fd00:10:96::/112',
    "cluster: {pod_cidr: 10.0.0.0/33}": '1:21-32 "10.0.0.0/33" is not a network such as 10.96.0.0/12 or fd00:10:96::/112',
    "cluster: {pod_cidr: 10.0.0.0/255.0.0.0}": (
        '1:21-39 "10.0.0.0/255.0.0.0" is not a network such as 10.96.0.0/12 or fd00:10:96::/112'
    ),
    "cluster: {service_cidr: 10.96.0.1/12}": '1:25-37 "10.96.0.1/12" has bits beyond its prefix: write 10.96.0.0/12',
    "cluster: {service_cidr: 'fd00::1/64'}": '1:25-37 "fd00::1/64" has bits beyond its prefix: write fd00::/64',
    "cluster: {service_cidr: '10.0.0.0/8,11.0.0.0/8'}": (
        '1:25-48 "10.0.0.0/8,11.0.0.0/8" is not one network, or one of IPv4 and one of IPv6'
    ),
    "cluster: {service_cidr: 10}": "1:25-27 expected a string, found the number 10",
    "ignore: [{objects: [web], reason: b}]": '1:21-24 expected "Kind namespace/name" or "Kind name", found "web"',
    "ignore: [{objects: [Service a/b/c], reason: b}]": (
        '1:21-34 expected "Kind namespace/name" or "Kind name", found "Service a/b/c"'
    ),
    "units: [{path: a}, {path: b}, {path: ./a/}]": '1:38-42 the unit "a" is stated twice',
}

CASES = WHOLE_FILE | PATHS | KEYS | SHAPES | NAMES | VALUES


@pytest.mark.parametrize("text", CASES)
def test_one_error(text: str) -> None:
    assert errors(text) == [CASES[text]]


@pytest.mark.parametrize(
    ("content", "start"),
    [
        (b"cluster: {cni: [}\n", "1:"),
        (b"cluster:\n  cni: a\n b: c\n", "3:"),
        (b"cluster:\n\tcni: a\n", "2:"),
        (b"\xff", "1:1-2 not UTF-8"),
        (b"cluster: *base\n", "1:10-15 the alias has no anchor above it"),
        (b"cluster: {cni: .inf}\n", "1:16-20 the value is not a finite number"),
    ],
)
def test_what_is_not_yaml_is_said_once(content: bytes, start: str) -> None:
    (only,) = errors(content)
    assert only.startswith(start)


def test_a_template_is_refused() -> None:
    assert errors("{{- if .Values.x }}\na: [b\n{{- end }}\n") == [
        "1:2-3 the file is a template, and nothing fills it in here"
    ]


def test_all_errors_are_said_at_once_in_the_order_of_the_file() -> None:
    text = """\
        rules: {severity: {x: loud}}
        cluster:
          cni: calicoo
          cni: calicooo
          kubernetes: 1.30
          zone: a
        units: [{}]
        """
    assert errors(text) == [
        '1:23-27 unknown severity "loud" (known: error, warning, note, off)',
        '4:3-6 key "cni" is defined twice, first in line 3',
        '4:8-16 unknown CNI "calicooo", did you mean "calico"?',
        '5:15-19 the number 1.3 may stand for "1.3" or "1.30": put the version in quotes',
        (
            '6:3-7 unknown key "zone" (known: kubernetes, cni, provider, load_balancer, ingress_controllers, '
            "node_port_range, service_cidr, pod_cidr, "
            "network_mode, network_policy, virtual_nodes, shared_subnet, nodes, node_cidr, peered_cidrs, "
            "dns_service_ip, node_cidr_mask_size, node_pools, outbound)"
        ),
        '7:9-10 the key "path" is missing, or "paths" for several directories',
    ]


def test_an_error_prints_as_a_line_for_editors() -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(SourceFile("deploy/kubeqed.yaml", b"cluster:\n  cnii: x\n  cni: b\n"))
    assert str(caught.value).split("\n")[0] == (
        'deploy/kubeqed.yaml:2:3: error: unknown key "cnii", did you mean "cni"?'
    )
    assert len(str(caught.value).split("\n")) == len(caught.value.complaints) == 2


@pytest.mark.parametrize("way", MODELS, ids=".".join)
def test_every_mapping_refuses_unknown_keys(way: tuple[str, ...]) -> None:
    text = "{qqq: 1}"
    for key in reversed(way):
        text = f"{{{key}: [{text}]}}" if key in ("units", "charts", "ignore", "node_pools") else f"{{{key}: {text}}}"
    known = ", ".join(MODELS[way].model_fields)
    assert f'unknown key "qqq" (known: {known})' in [message.split(" ", 1)[1] for message in errors(text)]
