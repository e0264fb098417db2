"""What stands in flow collections although libyaml refuses it reads as it is meant, with its places."""

from __future__ import annotations

import pytest
from tests.parse.reading import messages, plain, root, spanned


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (
            "spec: {containers: [{image: registry.example/x:1, ports: [{containerPort: 80}]}]}\n",
            {"spec": {"containers": [{"image": "registry.example/x:1", "ports": [{"containerPort": 80}]}]}},
        ),
        (
            'a: {app: ${APP}, ports: [{port: ${PORT}}, {port: ${X:-1, 2}}]}\nb: "${Y}"\n',
            {
                "a": {
                    "app": ("unknown", "${APP}"),
                    "ports": [{"port": ("unknown", "${PORT}")}, {"port": ("unknown", "${X:-1, 2}")}],
                },
                "b": ("unknown", "${Y}"),
            },
        ),
        (
            "name: @NAME@\nhost: %HOST%\nimage: [REGISTRY]/web\nlist: [WEB, [API], web-[ENV]]\n",
            {
                "name": ("unknown", "@NAME@"),
                "host": ("unknown", "%HOST%"),
                "image": ("unknown", "[REGISTRY]/web"),
                "list": ["WEB", ["API"], ("unknown", "web-[ENV]")],
            },
        ),
        (
            "name: @name@\nimage: web:@project.version@\nlist: [@a-b@]\n",
            {
                "name": ("unknown", "@name@"),
                "image": ("unknown", "web:@project.version@"),
                "list": [("unknown", "@a-b@")],
            },
        ),
        (
            "image: [YOUR REGISTRY]/web:1\nother: {REGISTRY}/{NAME}:1\nlist: [A B, {A}]\n",
            {"image": "[YOUR REGISTRY]/web:1", "other": "{REGISTRY}/{NAME}:1", "list": ["A B", {"A": None}]},
        ),
        (
            "name: {self.name}-web\nimage: {images[web-1]}\nother: web-{a.b[c]}.x\nmap: {a.b}\n",
            {"name": "{self.name}-web", "image": "{images[web-1]}", "other": "web-{a.b[c]}.x", "map": {"a.b": None}},
        ),
        (
            "a: @@name@@\nb: %%host%%\nc: [@{x}, %{y.z}]\nd: web:@(tag)\ne: %s:%d\nf: |PORT|\ng: !PORT!\n",
            {
                "a": ("unknown", "@@name@@"),
                "b": "%%host%%",
                "c": ["@{x}", "%{y.z}"],
                "d": "web:@(tag)",
                "e": "%s:%d",
                "f": "|PORT|",
                "g": "!PORT!",
            },
        ),
        (
            "image: {image_prefix}web:{image_tag}\nname: web-{id}\nother: {registry}/{name}:{tag}\nmap: {a}\nlist: [{a}, {b}-c]\n",
            {
                "image": "{image_prefix}web:{image_tag}",
                "name": "web-{id}",
                "other": "{registry}/{name}:{tag}",
                "map": {"a": None},
                "list": [{"a": None}, "{b}-c"],
            },
        ),
        ("token: ***\nother: 1 ***\n", {"token": "***", "other": "1 ***"}),
        ("a: {image: x:${TAG}, text: '${'}\n", {"a": {"image": ("unknown", "x:${TAG}"), "text": "${"}}),
    ],
)
def test_reads(text: str, tree: object) -> None:
    assert plain(root(text)) == tree


def test_places_stay() -> None:
    assert spanned("spec: {image: registry.example/x:1, n: 1}\n", "spec.image") == "registry.example/x:1"
    assert spanned("spec: {port: ${PORT}, n: 1}\n", "spec.port") == "${PORT}"


def test_what_else_is_wrong_is_said_where_it_stands() -> None:
    ((rule, message, line, _),) = messages("a: {b: ${B}}\nc: [1, 2\nd: 3\n")
    assert (rule, line) == ("parse-error", 3)
    assert "expected ',' or ']'" in message


@pytest.mark.parametrize(
    "text", ["a: @name\n", "a: %name\n", "a: |name\n", "a: @(b c)\n", "a: %sd\n", "a: %d\n  b: %d\n"]
)
def test_what_only_begins_like_a_placeholder_is_no_yaml(text: str) -> None:
    ((rule, *_),) = messages(text)
    assert rule == "parse-error"
