"""A well-known image listens on its own ports, unless something may tell it otherwise."""

from __future__ import annotations

import pytest

from kubeqed.model.cni.listening import listens_on, only_waits
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.read import read_objects
from kubeqed.model.values.known import equals, is_known, known_or
from kubeqed.parse import Unknown, parse
from kubeqed.sources import SourceFile


def ports(container: str) -> frozenset[int] | Unknown:
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{containers: [{container}]}}\n"
    pod = read_objects(parse(SourceFile("pod.yaml", text.encode()))).objects[0]
    assert isinstance(pod, Workload)
    return listens_on(next(pod.template.serving()))


@pytest.mark.parametrize(
    "image",
    ["nginx", "nginx:1.27-alpine", "docker.io/library/nginx", "library/nginx@sha256:abc", "index.docker.io/nginx:1"],
)
def test_an_official_image_is_known_by_any_of_its_names(image: str) -> None:
    assert equals(ports(f"{{image: '{image}'}}"), frozenset({80}))


@pytest.mark.parametrize("image", ["example.com/nginx", "bitnami/nginx", "example.com:5000/nginx", "own", "${IMAGE}"])
def test_an_image_of_another_registry_is_another_one(image: str) -> None:
    assert not is_known(ports(f"{{image: '{image}'}}"))


@pytest.mark.parametrize(
    "more",
    [
        "args: [-p, '8080']",
        "args: ['${ARGUMENT}']",
        "args: '{{ .Values.args }}'",
        "command: [sh]",
        "env: [{name: NGINX_PORT, value: '8080'}]",
        "env: '{{ .Values.env }}'",
        "env: [{name: '${NAME}', value: a}]",
        "envFrom: [{configMapRef: {name: settings}}]",
        "volumeMounts: [{name: settings, mountPath: /etc/nginx}]",
        "volumeMounts: [{name: settings, mountPath: '${PATH}'}]",
    ],
)
def test_nothing_is_known_of_a_program_that_may_be_told_otherwise(more: str) -> None:
    assert not is_known(ports(f"{{image: nginx, {more}}}"))


@pytest.mark.parametrize(
    "more",
    [
        "env: [{name: COLOUR, value: red}]",
        "volumeMounts: [{name: pages, mountPath: /usr/share/nginx/html}]",
        "args: []",
    ],
)
def test_content_and_other_settings_do_not_move_a_port(more: str) -> None:
    assert equals(ports(f"{{image: nginx, {more}}}"), frozenset({80}))


@pytest.mark.parametrize("flag", ["--http-port=8080", "--tcp-services-configmap=a/b"])
def test_flags_may_move_the_ports_of_an_ingress_controller(flag: str) -> None:
    image = "image: registry.k8s.io/ingress-nginx/controller:v1.11.2"
    assert 80 in known_or(ports(f"{{{image}, args: [/nginx-ingress-controller]}}"), frozenset())
    assert not is_known(ports(f"{{{image}, args: [/nginx-ingress-controller, {flag}]}}"))


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ("{image: a, command: [sleep, infinity]}", True),
        ("{image: a, command: [/bin/bash, '-c', '--'], args: ['while true; do sleep 30; done;']}", True),
        ("{image: a, command: [/bin/bash, '-c', 'sleep 60m']}", True),
        ("{image: a, command: [sh, -c, 'while true; do sleep 30; done;']}", True),
        ("{image: a, args: [tail, -f, /dev/null]}", True),
        ("{image: a, command: [sh, -c, 'sleep 10; exec server']}", False),
        ("{image: a, command: [sleep, '1'], ports: [{containerPort: 80}]}", False),
        ("{image: a, command: ['${COMMAND}', '1']}", False),
        ("{image: a}", False),
    ],
)
def test_a_pod_that_only_waits_is_a_shell(container: str, expected: bool) -> None:
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{containers: [{container}]}}\n"
    pod = read_objects(parse(SourceFile("pod.yaml", text.encode()))).objects[0]
    assert isinstance(pod, Workload)
    assert only_waits(pod.template) is expected
