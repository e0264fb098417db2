"""A path gets no request: other paths of the host take them all before it.

ingress-nginx takes the paths of a host for regular expressions where one of its
Ingresses has `use-regex` or `rewrite-target`. The longest goes first, and each takes
whatever begins with what it matches: `/(.*)` takes all requests from `/v1`. Elsewhere
a Prefix takes the same requests as that Prefix with a slash at its end. Of two equal
matches of an HTTPRoute the first takes all. The backend of the path is never called.
Make the path that goes first narrower, for example with `$`, or remove this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kubeqed.model.kinds.ingress import Ingress
from kubeqed.prove.questions.ingress_paths import list_paths
from kubeqed.prove.questions.unreachable_paths import PathReached, ReachedAnswer
from kubeqed.rule import Certainty, Finding, Meta, World

if TYPE_CHECKING:
    from kubeqed.model.kinds.gatewayroute import HTTPRoute
    from kubeqed.prove.questions.unreachable_matches import MatchAnswer

META = Meta(
    summary="path that no request reaches",
    certainty=Certainty.PROVED,
    since="0.1",
    references=(
        "https://kubernetes.github.io/ingress-nginx/user-guide/ingress-path-matching/#path-priority",
        "https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches",
        "https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule",
    ),
)

INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, annotations: {nginx.ingress.kubernetes.io/use-regex: "true"}}
spec:
  ingressClassName: nginx
  rules:
  - host: example.com
    http:
      paths:
"""
OTHER = "---" + INGRESS.replace("name: web", "name: other")
PLAIN = INGRESS.replace('{nginx.ingress.kubernetes.io/use-regex: "true"}', "{}")
REWRITE = INGRESS.replace('use-regex: "true"', "rewrite-target: /$1")


def _write_path(name: str, path: str, kind: str = "ImplementationSpecific") -> str:
    return f"      - {{backend: {{service: {{name: {name}, port: {{number: 80}}}}}}, pathType: {kind}, path: '{path}'}}"


def _write_paths(*several: tuple[str, str]) -> str:
    return "".join(f"{_write_path(name, path)}\n" for name, path in several)


API = _write_path("api", "/v1") + "  # expect: path-unreachable"

ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec:
  parentRefs: [{name: public}]
  hostnames: [example.com]
  rules:
"""
BESIDE = "---" + ROUTE.replace("name: web", "name: other")


def _write_rule(name: str, *matches: str) -> str:
    asked = "".join(f"    - {match}\n" for match in matches)
    return f"  - backendRefs: [{{name: {name}, port: 80}}]\n" + (f"    matches:\n{asked}" if matches else "")


def _write_marked(name: str, match: str, mark: str) -> str:
    return _write_rule(name, f"{match}  # expect: path-unreachable {mark}")


V1 = "{path: {value: /v1}}"
GET = "{path: {value: /v1}, method: GET}"
HEADER = "{path: {value: /v1}, headers: [{name: x, value: b}]}"
PATTERN = "{path: {value: /v1}, headers: [{name: X, type: RegularExpression, value: '[a-c]'}]}"

VALID = [
    ROUTE + _write_rule("web", V1) + _write_rule("api", GET) + _write_rule("all"),  # the method goes first
    ROUTE
    + _write_rule("web", V1)
    + _write_rule("api", "{path: {value: /v1, type: Exact}}", "{path: {value: /v1/users}}"),
    ROUTE + _write_rule("web", V1) + _write_rule("web", V1),  # leads to the same Service
    ROUTE + _write_rule("web", PATTERN.replace("a-c", "a")) + _write_rule("api", HEADER),
    ROUTE + _write_rule("web", "{path: {value: '/.*', type: RegularExpression}}") + _write_rule("api", V1),
    ROUTE + _write_rule("web", V1) + BESIDE.replace("example.com", "example.org") + _write_rule("api", V1),
    ROUTE + _write_rule("web", V1) + _write_rule("api", "{path: {value: '/${NAME}'}}"),
    INGRESS + _write_paths(("web", "/(.*)$"), ("api", "/v1")).replace("/(.*)$", "/"),
    INGRESS + _write_paths(("web", "/foo/bar/[a-z]{3}$"), ("api", "/foo/bar/bar")),  # `/foo/bar/barn` is left
    INGRESS + _write_paths(("web", "/api(/|$)(.*)"), ("api", "/api")),  # `/apis` is left
    INGRESS + _write_paths(("web", "/(.*)"), ("web", "/v1")),  # leads to the same Service
    INGRESS + _write_paths(("web", "/(?!v1)(.*)"), ("api", "/v1")),
    INGRESS + _write_paths(("web", "/(.*)"), ("api", "/${PATH}")),
    PLAIN + _write_paths(("web", "/(.*)"), ("api", "/v1")),  # no patterns here
    PLAIN + _write_path("web", "/v1", "Prefix") + "\n" + _write_path("api", "/v1/users", "Prefix"),
    PLAIN + _write_path("web", "/v1", "Exact") + "\n" + _write_path("api", "/v1", "Prefix"),
    INGRESS.replace(": nginx", ": traefik")
    + _write_paths(("web", "/(.*)"), ("api", "/v1")),  # does not read the annotation
    INGRESS + _write_path("web", "/v1") + "\n" + _write_path("api", "/v1"),  # the same path twice is another rule's
    INGRESS.replace(": nginx", ": ours") + _write_path("web", "/(.*)") + "\n" + API + " (possible)",
]
INVALID = [
    ROUTE + _write_rule("web", V1) + _write_marked("api", V1, "(proved)"),
    ROUTE + _write_rule("web", GET) + _write_marked("api", GET, '(proved) "GET /v1"'),
    ROUTE + _write_rule("web") + "  - backendRefs: [{name: api, port: 80}]  # expect: path-unreachable (proved)",
    ROUTE + _write_rule("web", HEADER.replace("x", "X")) + _write_marked("api", HEADER, "(proved)"),
    ROUTE + _write_rule("web", PATTERN) + _write_marked("api", HEADER, "(possible)"),
    ROUTE
    + _write_marked("web", HEADER, "(likely)")
    + _write_rule("api", "{path: {value: /v1/}}"),  # the longer prefix goes first
    ROUTE + _write_rule("web", V1) + BESIDE + _write_marked("api", V1, "(likely)"),
    INGRESS + _write_path("web", "/(.*)") + "\n" + API + ' (proved) "example.com/(.*)"',
    REWRITE + _write_path("web", "/(.*)") + "\n" + API + " (proved)",
    INGRESS + _write_path("api", "/V1") + "  # expect: path-unreachable (proved)\n" + _write_path("web", "/v1"),
    INGRESS
    + _write_paths(("a", "/x[0-4].*/y"), ("b", "/x[5-9].*/y"))
    + _write_path("c", "/x[0-9]+/y")
    + "  # expect: path-unreachable (proved)",
    INGRESS
    + _write_path("web", "/foo/bar/[A-Z0-9]{3}")
    + "\n"
    + _write_path("api", "/foo/bar/bar")
    + "  # expect: path-unreachable",
    # Patterns of one Ingress make patterns of the paths of all
    INGRESS + _write_path("web", "/(.*)") + "\n" + OTHER.replace("true", "false") + API + " (likely)",
    PLAIN
    + _write_path("web", "/v1", "Prefix")
    + "  # expect: path-unreachable (proved)\n"
    + _write_path("api", "/v1/", "Prefix"),
]


def check(world: World) -> Iterator[Finding]:
    yield from _check_ingresses(world)
    if any(item.kind == "HTTPRoute" for item in world.unit.objects):
        yield from _check_routes(world)


def _check_ingresses(world: World) -> Iterator[Finding]:
    for path in world.find(list_paths):
        answer = world.ask(PathReached(path))
        if not answer.holds:
            takers = ((one.shown, "" if one.ingress is path.ingress else f" of {one.ingress}") for one in answer.takers)
            by = " and ".join(f"{shown}{where}" for shown, where in takers)
            yield Finding(
                at=path.place,
                answer=answer,
                at_most=_limit_ingress(world, path.ingress, answer),
                message=f"{path.ingress} has the path {path.shown}, which gets no request: {by} goes before it and takes them all",
                related=answer.related,
            )


def _check_routes(world: World) -> Iterator[Finding]:
    from kubeqed.prove.questions.unreachable_matches import MatchReached, list_matches  # with the kind, when it occurs

    for match in world.find(list_matches):
        answer = world.ask(MatchReached(match))
        if not answer.holds:
            taker, route = answer.taker, match.route
            where = "an earlier rule" if taker.route is route else f"{taker.route}"
            yield Finding(
                at=match.place,
                answer=answer,
                at_most=_limit_route(world, route, answer),
                message=f"{route} matches {match.shown}, and gets none: {taker.shown} of {where} takes them all",
                related=((taker.place, "takes them"),),
            )


def _limit_ingress(world: World, ingress: Ingress, answer: ReachedAnswer) -> Certainty | None:
    """A controller that is not known may match otherwise; of several Ingresses not all may be applied."""
    if not answer.by_known_rules:
        return Certainty.POSSIBLE if answer.as_pattern else Certainty.LIKELY
    others = [one.ingress for one in answer.takers if one.ingress is not ingress]
    limits = [world.limit_together(one, ingress) or Certainty.LIKELY for one in others]
    return Certainty.POSSIBLE if Certainty.POSSIBLE in limits else Certainty.LIKELY if limits else None


def _limit_route(world: World, route: HTTPRoute, answer: MatchAnswer) -> Certainty | None:
    """Implementations read regular expressions, and a slash at the end, in their own ways."""
    if not answer.is_by_specification:
        return Certainty.LIKELY if answer.differs_by_slash else Certainty.POSSIBLE
    return None if answer.taker.route is route else world.limit_together(answer.taker.route, route) or Certainty.LIKELY
