"""Unreachable paths against every short request: what nginx and a Gateway would do with it, told anew here."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.prove.requests.test_languages import PATTERNS, URLS
from tests.worlds import whole

from kubeqed.model.cluster import Cluster
from kubeqed.prove.engine.answer import Verdict
from kubeqed.prove.questions.ingress_paths import list_paths
from kubeqed.prove.questions.unreachable_matches import MatchReached, list_matches
from kubeqed.prove.questions.unreachable_paths import PathReached
from kubeqed.resolve import Resolver

SETTINGS = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
TYPES = st.sampled_from(["ImplementationSpecific", "ImplementationSpecific", "Prefix", "Exact"])
PLAIN = st.sampled_from(["/", "/a", "/A", "/a/", "/a/b", "/b", "/ab"])
ENTRIES = st.lists(
    st.one_of(st.tuples(PATTERNS, st.just("ImplementationSpecific")), st.tuples(PLAIN, TYPES), st.tuples(PLAIN, TYPES)),
    min_size=2,
    max_size=5,
    unique_by=lambda entry: entry[0],
)


def graph_of(*objects: dict[str, Any]) -> Resolver:
    text = "---\n".join(json.dumps(item) + "\n" for item in objects)
    found = whole({"x.yaml": text})
    return Resolver(found.units[0], found, Cluster())


def ingress(entries: list[tuple[str, str]], **annotations: str) -> dict[str, Any]:
    paths = [
        {"path": path, "pathType": kind, "backend": {"service": {"name": f"s{at}", "port": {"number": 80}}}}
        for at, (path, kind) in enumerate(entries)
    ]
    metadata = {
        "name": "web",
        "annotations": {f"nginx.ingress.kubernetes.io/{key}": at for key, at in annotations.items()},
    }
    spec = {"ingressClassName": "nginx", "rules": [{"host": "example.com", "http": {"paths": paths}}]}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata, "spec": spec}


def reached_in_nginx(entries: list[tuple[str, str]], urls: list[str], rewrites: bool) -> set[int]:
    """The paths that some URL reaches where all are patterns: locations as the controller sorts them, the first match wins."""
    exact = {path for path, kind in entries if kind == "Exact"}
    locations: list[tuple[str, int]] = []
    for at, (path, kind) in enumerate(entries):
        if path == "/" or kind != "Prefix" or rewrites:
            locations.append((path, at))
        else:
            locations.append((path if path.endswith("/") else path + "/", at))
            if path not in exact:
                locations.append((path, at))
    locations.sort(key=lambda one: one[0], reverse=True)
    locations.sort(key=lambda one: -len(one[0]))
    compiled = [(re.compile(f"^{path}", re.IGNORECASE), at) for path, at in locations]
    firsts = (next((at for pattern, at in compiled if pattern.search(url)), None) for url in urls)
    return {at for at in firsts if at is not None}


@SETTINGS
@given(ENTRIES, st.booleans())
def test_a_path_without_requests_gets_no_short_one(entries: list[tuple[str, str]], rewrites: bool) -> None:
    annotation = {"rewrite-target": "/$1"} if rewrites else {"use-regex": "true"}
    graph = graph_of(ingress(entries, **annotation))
    reached = reached_in_nginx(entries, [*URLS, "/aab", "/~", "/abbbbbb~", "/a/b/c~d"], rewrites=True)
    for at, path in enumerate(list_paths(graph)):
        answer = PathReached(path).answer(graph)
        assert not (answer.fails and at in reached), entries
        if (
            answer.verdict is Verdict.HOLDS and at not in reached
        ):  # it may be that of a longer request, or of none at all
            language = re.compile(f"^{entries[at][0]}", re.IGNORECASE)
            mine = [url for url in URLS if language.search(url)]
            assert not mine or not is_sure(entries, at), entries


def is_sure(entries: list[tuple[str, str]], at: int) -> bool:
    """Whether a plain path is surely in vain: a longer pattern takes whatever begins so."""
    path = entries[at][0]
    swallows = {f"{path[:end]}(.*)" for end in range(1, len(path))}
    return any(other in swallows and len(other) > len(path) for other, _ in entries)


@SETTINGS
@given(st.lists(st.tuples(PLAIN, TYPES), min_size=2, max_size=5, unique_by=lambda entry: entry[0]))
def test_without_patterns_only_a_slash_takes_all(entries: list[tuple[str, str]]) -> None:
    graph = graph_of(ingress(entries))
    prefixes = {path for path, kind in entries if kind == "Prefix"}
    for path in list_paths(graph):
        text, kind = str(path.entry.value), path.entry.type
        taken = kind == "Prefix" and text != "/" and not text.endswith("/") and f"{text}/" in prefixes
        assert PathReached(path).answer(graph).fails is taken


PATHS = st.sampled_from(
    [{"type": kind, "value": value} for kind, value in product(("Exact", "PathPrefix"), ("/", "/a", "/a/b", "/b"))]
)
HEADERS = st.sampled_from([[], [], [{"name": "x", "value": "1"}], [{"name": "X", "value": "2"}]])
QUERIES = st.sampled_from([[], [], [{"name": "q", "value": "1"}]])
METHODS = st.sampled_from([{}, {}, {"method": "GET"}, {"method": "POST"}])
MATCHES = st.builds(
    lambda path, method, headers, queries: {"path": path, **method, "headers": headers, "queryParams": queries},
    PATHS,
    METHODS,
    HEADERS,
    QUERIES,
)
REQUESTS = list(
    product(
        ("/", "/a", "/a/", "/a/b", "/a/b/c", "/a/c", "/ab", "/b", "/b/c", "/c"),
        ("GET", "POST", "PUT"),
        (None, "1", "2", "3"),
        (None, "1", "2"),
    )
)


def takes(match: dict[str, Any], request: tuple[str, str, str | None, str | None]) -> bool:
    path, method, header, query = request
    asked = match["path"]["value"]
    if match["path"]["type"] == "Exact":
        if path != asked:
            return False
    elif asked != "/" and path != asked and not path.startswith(f"{asked}/"):
        return False
    if match.get("method", method) != method:
        return False
    return all(one["value"] == header for one in match["headers"]) and all(
        one["value"] == query for one in match["queryParams"]
    )


def rank(match: dict[str, Any]) -> tuple[Any, ...]:
    exact = match["path"]["type"] == "Exact"
    length = 0 if exact else len(match["path"]["value"])
    return (exact, length, "method" in match, len(match["headers"]), len(match["queryParams"]))


@SETTINGS
@given(st.lists(st.lists(MATCHES, min_size=1, max_size=2), min_size=1, max_size=5))
def test_a_match_is_in_vain_if_no_request_reaches_it(rules: list[list[dict[str, Any]]]) -> None:
    route = {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": "web"},
        "spec": {
            "parentRefs": [{"name": "public"}],
            "rules": [
                {"matches": matches, "backendRefs": [{"name": f"s{at}", "port": 80}]}
                for at, matches in enumerate(rules)
            ],
        },
    }
    graph = graph_of(route)
    flat = [match for matches in rules for match in matches]
    order = sorted(range(len(flat)), key=lambda at: (rank(flat[at]), -at), reverse=True)
    firsts = (next((at for at in order if takes(flat[at], request)), None) for request in REQUESTS)
    reached = set(firsts)
    owner = [at for at, matches in enumerate(rules) for _ in matches]
    for at, match in enumerate(list_matches(graph)):
        twins = [other for other in range(at) if takes_all(flat[other], flat[at]) and owner[other] != owner[at]]
        expected = at not in reached and bool(twins)  # what its own rule takes goes where it would have gone
        assert MatchReached(match).answer(graph).fails is expected, flat


def takes_all(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(takes(one, request) for request in REQUESTS if takes(other, request)) and rank(one) >= rank(other)
