"""Random kustomizations in layers: bases, a component, an overlay, each with some of what the tool offers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from hypothesis import strategies as st
from tests.build.generated_objects import (
    ANNOTATIONS,
    CONTAINERS,
    DATA,
    KEYS,
    LABELS,
    NAMES,
    SCALARS,
    SELECTORS,
    SOME_LABELS,
    SPACES,
    TEXTS,
    Tree,
    identity,
    objects,
    optional,
    ports,
    some,
    yaml_text,
)

Files = dict[str, str]
Step = str | int

_IMAGES = ("nginx", "registry:5000/shop/web", "shop/web", "ngin.", "absent")
_DIRECTIVES = st.sampled_from(("delete", "replace", "merge"))
_TEMPLATES = {"CronJob": ("jobTemplate", "spec", "template"), "Pod": ()}
_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod")


class Part(NamedTuple):
    """What a feature adds to a kustomization: fields, files beside it, and objects that layers above may name."""

    fields: Tree
    files: Mapping[str, str] = MappingProxyType({})
    made: Sequence[Tree] = ()


Feature = Callable[[st.DrawFn, Sequence[Tree]], Part]


@st.composite
def trees(draw: st.DrawFn) -> Files:
    """Files by path; the kustomization to build is in `root`."""
    files: Files = {}
    known = _add_layer(draw, files, "base", {}, [])
    below = ["base"]
    if _one_in(draw, 3):
        known += _add_layer(draw, files, "other", {}, [])
        below.append("other")
    if _one_in(draw, 3):
        known = _add_layer(draw, files, "middle", {"resources": [f"../{one}" for one in below]}, known)
        below = ["middle"]
    start: Tree = {"resources": [f"../{one}" for one in below]}
    if _one_in(draw, 3):
        named = {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"}
        known = _add_layer(draw, files, "component", named, known)
        start["components"] = ["../component"]
    _add_layer(draw, files, "root", start, known)
    return files


def _one_in(draw: st.DrawFn, count: int) -> bool:
    return draw(st.integers(1, count)) == count


def _add_layer(draw: st.DrawFn, files: Files, name: str, start: Tree, below: Sequence[Tree]) -> list[Tree]:
    """Writes the files of a layer; the objects of those below it and its own."""
    fields = {key: list(value) if isinstance(value, list) else value for key, value in start.items()}
    known = [*below]
    own = draw(st.lists(objects(), min_size=0 if below else 1, max_size=1 if below else 5, unique_by=_loose_identity))
    own = [one for one in own if _loose_identity(one) not in set(map(_loose_identity, known)) or _one_in(draw, 9)]
    if own:
        fields["resources"] = [*fields.get("resources", ()), "all.yaml"]
        files[f"{name}/all.yaml"] = _together(draw, own)
        known += own
    least = name in ("component", "root")
    numbers = st.integers(0, 1 << 16).map(lambda number: number % len(FEATURES))  # evenly, unlike `sampled_from`
    for number in draw(st.lists(numbers, min_size=least, max_size=4 if name == "root" else 2, unique=True)):
        part = FEATURES[number](draw, known)
        known += [one for one in part.made if _loose_identity(one) not in set(map(_loose_identity, known))]
        for key, value in part.fields.items():
            fields[key] = [*fields.get(key, ()), *value] if isinstance(value, list) else value
        files.update({f"{name}/{path}": text for path, text in part.files.items()})
    files[f"{name}/kustomization.yaml"] = yaml_text(fields)
    return known


def _loose_identity(one: Tree) -> tuple[str, str]:
    return one["kind"], one["metadata"]["name"]


def _together(draw: st.DrawFn, own: Sequence[Tree]) -> str:
    if _one_in(draw, 9):
        return yaml_text({"apiVersion": "v1", "kind": "List", "items": list(own)})
    return "---\n".join(map(yaml_text, own))


# --- transformers by one field ---------------------------------------------------------------------------------------


def _namespace(draw: st.DrawFn, _: Sequence[Tree]) -> Part:
    return Part({"namespace": draw(SPACES)})


def _prefix(draw: st.DrawFn, _: Sequence[Tree]) -> Part:
    return Part(draw(optional({"namePrefix": st.sampled_from(("dev-", "a-"))}, nameSuffix=st.just("-v2"))))


def _suffix(draw: st.DrawFn, _: Sequence[Tree]) -> Part:
    return Part({"nameSuffix": draw(st.sampled_from(("-v1", "-x")))})


def _labels(draw: st.DrawFn, _: Sequence[Tree]) -> Part:
    spec = optional(
        {"path": st.sampled_from(("spec/template/metadata/labels", "spec/selector/matchLabels", "metadata/labels"))},
        kind=st.sampled_from(("Deployment", "Widget")),
        create=st.booleans(),
    )
    entry = optional(
        {"pairs": SOME_LABELS},
        includeSelectors=st.booleans(),
        includeTemplates=st.booleans(),
        fields=st.lists(spec, min_size=1, max_size=1),
    )
    return Part({"labels": draw(st.lists(entry, min_size=1, max_size=2))})


def _common_labels(draw: st.DrawFn, _: Sequence[Tree]) -> Part:
    return Part({"commonLabels": draw(SOME_LABELS)})


def _common_annotations(draw: st.DrawFn, _: Sequence[Tree]) -> Part:
    return Part({"commonAnnotations": draw(st.dictionaries(KEYS, TEXTS, min_size=1, max_size=2))})


def _images(draw: st.DrawFn, _: Sequence[Tree]) -> Part:
    entry = optional(
        {"name": st.sampled_from(_IMAGES)},
        newName=st.sampled_from(("other/web", "nginx")),
        newTag=st.sampled_from(("v3", "1.10")),
        digest=st.just("sha256:" + "c" * 64),
        tagSuffix=st.just("-alpine"),
    )
    return Part({"images": draw(some(entry))})


def _replicas(draw: st.DrawFn, known: Sequence[Tree]) -> Part:
    names = [one["metadata"]["name"] for one in known if one["kind"] in ("Deployment", "StatefulSet")]
    if not names and not _one_in(draw, 9):
        return Part({})
    names = names or ["web"]
    return Part({"replicas": [{"name": draw(st.sampled_from(names)), "count": draw(st.sampled_from((0, 5)))}]})


def _build_metadata(draw: st.DrawFn, _: Sequence[Tree]) -> Part:
    return Part(
        {"buildMetadata": [draw(st.sampled_from(("managedByLabel", "originAnnotations", "transformerAnnotations")))]}
    )


# --- patches ---------------------------------------------------------------------------------------------------------


def _strategic(draw: st.DrawFn, known: Sequence[Tree]) -> Part:
    """Patches without a target, or with one, which then ignore their own names."""
    one = _pick(draw, known)
    entry: Tree = {}
    if _one_in(draw, 3):
        entry["target"] = _target(draw, one)
        entry |= draw(optional({}, options=optional({}, allowNameChange=st.booleans(), allowKindChange=st.booleans())))
    return _written(draw, "patch.yaml", entry, yaml_text(_strategic_patch(draw, one)))


def _old_strategic(draw: st.DrawFn, known: Sequence[Tree]) -> Part:
    text = "---\n".join(yaml_text(_strategic_patch(draw, _pick(draw, known))) for _ in range(draw(st.integers(1, 2))))
    return Part({"patchesStrategicMerge": ["old.yaml"]}, {"old.yaml": text})


def _json(draw: st.DrawFn, known: Sequence[Tree]) -> Part:
    one = _pick(draw, known)
    operations = [_operation(draw, one) for _ in range(draw(st.integers(1, 3)))]
    text = json.dumps(operations) if draw(st.booleans()) else yaml_text(operations)
    return _written(draw, "operations.yaml", {"target": _target(draw, one)}, text)


def _old_json(draw: st.DrawFn, known: Sequence[Tree]) -> Part:
    one = _pick(draw, known)
    version, kind, space, name = identity(one)
    group, _, number = version.rpartition("/")
    target = {"version": number, "kind": kind, "name": name, **({"group": group} if group else {})}
    target |= {"namespace": space} if space else {}
    return Part({"patchesJson6902": [{"target": target, "patch": yaml_text([_operation(draw, one)])}]})


def _written(draw: st.DrawFn, name: str, entry: Tree, text: str) -> Part:
    if draw(st.booleans()):
        return Part({"patches": [{"path": name, **entry}]}, {name: text})
    return Part({"patches": [{"patch": text, **entry}]})


def _target(draw: st.DrawFn, one: Tree) -> Tree:
    version, kind, space, name = identity(one)
    group, _, number = version.rpartition("/")
    parts: dict[str, Any] = {"name": st.sampled_from((name, ".*", f"{name}|x", name[:1] + ".*", name[:1]))}
    parts |= {"version": st.just(number)} | ({"group": st.just(group)} if group else {})
    parts |= {"namespace": st.just(space)} if space else {}
    parts["labelSelector"] = st.sampled_from(("app=web", "app in (web, db)", "tier", "!tier", "app!=web"))
    parts["annotationSelector"] = st.sampled_from(("note=web", "note"))
    return draw(optional({"kind": st.sampled_from((kind, kind, ".*"))}, **parts))


def _strategic_patch(draw: st.DrawFn, one: Tree) -> Tree:
    version, kind, space, name = identity(one)
    body: Tree = {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": name, **({"namespace": space} if space else {})},
    }
    if _one_in(draw, 15):
        return {**body, "$patch": "delete"}
    values = st.dictionaries(KEYS, st.one_of(TEXTS, st.none()), max_size=2)
    body["metadata"] |= draw(optional({}, labels=values, annotations=values))
    if kind in _WORKLOADS:
        spec = draw(_POD_PATCHES)
        for step in reversed(_TEMPLATES.get(kind, ("template",))):
            spec = {step: {"spec": spec} if step == "template" else spec}
        return {
            **body,
            "spec": {
                **spec,
                **draw(optional({}, replicas=st.sampled_from((2, None))) if kind == "Deployment" else st.just({})),
            },
        }
    return {**body, **draw(_BODIES.get(kind, st.just({})))}


_LISTED = optional({"name": st.sampled_from(("A", "B"))}, value=TEXTS, **{"$patch": st.just("delete")})
_OWN = optional(
    {"name": st.sampled_from(("web", "side"))},
    image=st.sampled_from(("nginx:2", None)),
    env=some(_LISTED),
    args=st.sampled_from((["run"], None)),
    ports=ports("containerPort", (80, 81), ("http", "new")),
    **{"$patch": _DIRECTIVES},
)
_POD_PATCHES = optional(
    {},
    containers=st.one_of(some(_OWN), CONTAINERS),
    volumes=some(
        optional(
            {"name": st.sampled_from(("v", "s"))},
            emptyDir=st.just({}),
            configMap=st.just(None),
            **{"$patch": _DIRECTIVES},
        )
    ),
    nodeSelector=st.one_of(LABELS, st.just({"$patch": "replace", "app": "x"}), st.none()),
    serviceAccountName=st.sampled_from(("web", None)),
    **{
        "$setElementOrder/containers": st.just([{"name": "side"}, {"name": "web"}]),
        "$retainKeys": st.just(["containers"]),
    },
)
_BODIES: dict[str, st.SearchStrategy[Tree]] = {
    "Service": optional(
        {},
        spec=optional(
            {},
            ports=ports("port", (80, 81), ("http", "new"), **{"$patch": _DIRECTIVES}),
            selector=st.one_of(LABELS, st.none()),
            type=st.just("NodePort"),
        ),
    ),
    "ConfigMap": optional(
        {},
        data=st.one_of(
            st.dictionaries(st.sampled_from(("k", "m")), st.one_of(TEXTS, st.none()), max_size=2),
            st.just({"$patch": "replace", "z": "1"}),
            st.none(),
        ),
    ),
    "Secret": optional({}, stringData=DATA, type=st.none()),
    "NetworkPolicy": optional(
        {},
        spec=optional(
            {}, podSelector=SELECTORS, ingress=st.sampled_from(([], [{}], None)), policyTypes=st.just(["Ingress"])
        ),
    ),
    "Ingress": optional({}, spec=optional({}, rules=st.just([{"host": "b.example.com"}]), tls=st.none())),
    "Widget": optional(
        {},
        spec=optional(
            {},
            size=SCALARS,
            parts=st.lists(st.fixed_dictionaries({"name": NAMES, "value": SCALARS}), max_size=2),
            configName=st.none(),
        ),
    ),
    "RoleBinding": optional({}, subjects=st.just([{"kind": "User", "name": "new"}])),
    "ServiceAccount": optional({}, imagePullSecrets=some(st.fixed_dictionaries({"name": NAMES}))),
}


def _operation(draw: st.DrawFn, one: Tree) -> Tree:
    """One operation of a JSON patch that leaves values of the kind that the server wants there."""
    taboo = (("metadata", "name"), ("metadata", "annotations"))  # where the tool keeps its notes
    values = {path: value for path, value in _paths(one) if len(path) > 1 and path not in taboo}
    scalars = [
        path for path, value in values.items() if not isinstance(value, dict | list) and "annotations" not in path
    ]
    name = draw(st.sampled_from(("replace", "replace", "add", "add", "remove", "test", "copy", "move")))
    if not values or (name in ("copy", "move") and not scalars):
        return {"op": "add", "path": "/metadata/labels", "value": draw(LABELS)}
    path = draw(st.sampled_from([*values]))
    if name in ("copy", "move"):
        path = draw(st.sampled_from(scalars))
        last: tuple[Step, ...] = ("-", 0) if isinstance(path[-1], int) else (path[-1], "new")
        return {"op": name, "from": _pointer(path), "path": _pointer((*path[:-1], draw(st.sampled_from(last))))}
    if name == "remove":
        return {"op": name, "path": _pointer(path)}
    value = values[path] if name == "test" and not _one_in(draw, 4) else _another(draw, values[path])
    if name == "add":
        others: tuple[Step, ...] = ("-", 0) if isinstance(path[-1], int) else ("new",)
        path = (*path[:-1], draw(st.sampled_from((path[-1], *others))))
    return {"op": name, "path": _pointer(path), "value": value}


def _another(draw: st.DrawFn, value: Any) -> Any:
    """A value of the same kind."""
    if isinstance(value, dict):
        return {**value, **draw(LABELS)}
    if isinstance(value, list):
        return value[:1]
    return draw(TEXTS) if isinstance(value, str) else value


# --- replacements and variables --------------------------------------------------------------------------------------


def _replacements(draw: st.DrawFn, known: Sequence[Tree]) -> Part:
    one = _pick(draw, known)
    paths = [_dotted(path) for path, value in _paths(one) if not isinstance(value, dict | list)]
    source = {**_selected(draw, one), **draw(optional({}, fieldPath=st.sampled_from(paths)))}
    if _one_in(draw, 4):
        source |= draw(optional({}, options=st.sampled_from(({"delimiter": "-"}, {"delimiter": "/", "index": 1}))))
    others = [other for other in known if other["kind"] != one["kind"]] or [*known]
    targets = [_replaced(draw, _pick(draw, others)) for _ in range(draw(st.integers(1, 2)))]
    entry = {"source": source, "targets": targets}
    if draw(st.booleans()):
        return Part({"replacements": [{"path": "replacement.yaml"}]}, {"replacement.yaml": yaml_text(entry)})
    return Part({"replacements": [entry]})


def _replaced(draw: st.DrawFn, one: Tree) -> Tree:
    scalars = (path for path, value in _paths(one) if len(path) > 1 and not isinstance(value, dict | list))
    paths = [_dotted(path) for path in scalars] + ["metadata.annotations.new"]
    paths += ["spec.template.spec.containers.[name=web].image", "spec.template.spec.containers.*.image"]
    found = {"select": _selected(draw, one), "fieldPaths": [draw(st.sampled_from(paths))]}
    if not _one_in(draw, 3):
        return {**found, "options": {"create": True}}
    options = st.sampled_from(
        ({"delimiter": "-", "index": 1}, {"delimiter": ":", "index": -1}, {"delimiter": "/", "index": 5})
    )
    return {**found, **draw(optional({}, options=options, reject=st.just([{"name": "db"}])))}


def _selected(draw: st.DrawFn, one: Tree) -> Tree:
    version, kind, _, name = identity(one)
    return draw(optional({"kind": st.just(kind)}, name=st.just(name), version=st.just(version.rpartition("/")[2])))


def _variables(draw: st.DrawFn, known: Sequence[Tree]) -> Part:
    version, kind, _, name = identity(_pick(draw, known))
    variable = {"name": "A", "objref": {"apiVersion": version, "kind": kind, "name": name}}
    return Part({"vars": [{**variable, **draw(optional({}, fieldref=st.just({"fieldpath": "metadata.name"})))}]})


# --- generators ------------------------------------------------------------------------------------------------------

_OPTIONS = optional(
    {}, disableNameSuffixHash=st.booleans(), labels=LABELS, annotations=ANNOTATIONS, immutable=st.booleans()
)
_SOURCES = optional(
    {},
    literals=st.lists(
        st.sampled_from(("k=1", "m=a b", "n='x'", 'o="y"', "p=a=b", "q=")), min_size=1, max_size=2, unique=True
    ),
    files=st.lists(st.sampled_from(("file.txt", "renamed=file.txt")), min_size=1, max_size=1),
    envs=st.just(["some.env"]),
)
_FILES = {"file.txt": "a: 1\nb: é\n", "some.env": "# a comment\nE1=1\nE2=a b \n\nE3='q'\n"}


def _generated(field: str, kind: str) -> Feature:
    def feature(draw: st.DrawFn, known: Sequence[Tree]) -> Part:
        of_kind = [one for one in known if one["kind"] == kind]
        behaviors = ("merge", "replace", "create") if of_kind and not _one_in(draw, 4) else ()
        entry: Tree = {"name": draw(NAMES), **draw(_SOURCES), **draw(optional({}, options=_OPTIONS))}
        if behaviors:
            _, _, space, name = identity(draw(st.sampled_from(of_kind)))
            entry |= {
                "name": name,
                "behavior": draw(st.sampled_from(behaviors)),
                **({"namespace": space} if space else {}),
            }
        elif _one_in(draw, 4):
            entry["namespace"] = draw(SPACES)
        if kind == "Secret":
            entry |= draw(optional({}, type=st.sampled_from(("Opaque", "kubernetes.io/tls"))))
        return Part({field: [entry]}, _FILES, [{"apiVersion": "v1", "kind": kind, "metadata": {"name": entry["name"]}}])

    return feature


def _generator_options(draw: st.DrawFn, _: Sequence[Tree]) -> Part:
    return Part({"generatorOptions": draw(_OPTIONS)})


# --- what else a kustomization may name ------------------------------------------------------------------------------

_CONFIGURATIONS = (
    {
        "nameReference": [
            {"kind": "ConfigMap", "version": "v1", "fieldSpecs": [{"path": "spec/configName", "kind": "Widget"}]}
        ]
    },
    {
        "nameReference": [
            {"kind": "Service", "fieldSpecs": [{"path": "spec/rules/backendRefs/name", "kind": "HTTPRoute"}]}
        ]
    },
    {"commonLabels": [{"path": "spec/selector/matchLabels", "create": True, "kind": "Widget"}]},
    {"namePrefix": [{"path": "metadata/name", "kind": "Service"}]},
    {"images": [{"path": "spec/size", "kind": "Widget"}]},
    {"varReference": [{"path": "spec/size", "kind": "Widget"}]},
    {"replicas": [{"path": "spec/size", "create": True, "kind": "Widget"}]},
    {"namespace": [{"path": "spec/where", "create": True, "kind": "Widget"}]},
    {"commonAnnotations": [{"path": "spec/notes", "create": True, "kind": "Widget"}]},
)
_TRANSFORMERS: tuple[Tree, ...] = (
    {"kind": "PrefixTransformer", "prefix": "t-", "fieldSpecs": [{"path": "metadata/name"}]},
    {"kind": "SuffixTransformer", "suffix": "-t", "fieldSpecs": [{"path": "metadata/name", "kind": "Service"}]},
    {"kind": "NamespaceTransformer", "metadata": {"name": "t", "namespace": "prod"}, "unsetOnly": True},
    {
        "kind": "NamespaceTransformer",
        "metadata": {"name": "t", "namespace": "prod"},
        "setRoleBindingSubjects": "allServiceAccounts",
    },
    {"kind": "LabelTransformer", "labels": {"t": "1"}, "fieldSpecs": [{"path": "metadata/labels", "create": True}]},
    {
        "kind": "AnnotationsTransformer",
        "annotations": {"t": "1"},
        "fieldSpecs": [{"path": "metadata/annotations", "create": True}],
    },
    {
        "kind": "ReplicaCountTransformer",
        "replica": {"name": "web", "count": 4},
        "fieldSpecs": [{"path": "spec/replicas", "create": True, "kind": "Deployment"}],
    },
    {
        "kind": "PatchTransformer",
        "patch": '[{"op": "add", "path": "/metadata/annotations", "value": {"t": "1"}}]',
        "target": {"kind": "Service"},
    },
)


def _configurations(draw: st.DrawFn, _: Sequence[Tree]) -> Part:
    return Part({"configurations": ["fields.yaml"]}, {"fields.yaml": yaml_text(draw(st.sampled_from(_CONFIGURATIONS)))})


def _transformers(draw: st.DrawFn, _: Sequence[Tree]) -> Part:
    one = {"apiVersion": "builtin", "metadata": {"name": "t"}, **draw(st.sampled_from(_TRANSFORMERS))}
    return Part({"transformers": ["transformer.yaml"]}, {"transformer.yaml": yaml_text(one)})


FEATURES: tuple[Feature, ...] = (
    *(_strategic, _json, _labels, _replacements),
    *(_namespace, _prefix, _suffix, _labels, _common_labels, _common_annotations, _images, _replicas, _build_metadata),
    *(_strategic, _json, _old_strategic, _old_json, _replacements, _variables),
    *(_generated("configMapGenerator", "ConfigMap"), _generated("secretGenerator", "Secret"), _generator_options),
    *(_configurations, _transformers),
)


# --- places in an object ---------------------------------------------------------------------------------------------


def _pick(draw: st.DrawFn, known: Sequence[Tree]) -> Tree:
    return draw(st.sampled_from(known)) if known else draw(objects())


def _paths(tree: Any, above: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], Any]]:
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, below in entries:
        yield (*above, step), below
        yield from _paths(below, (*above, step))


def _pointer(path: Sequence[Step]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _dotted(path: Sequence[Step]) -> str:
    return ".".join(str(step).replace(".", "\\.") for step in path)
