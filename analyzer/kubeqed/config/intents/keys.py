# No `from __future__ import annotations`: pydantic would evaluate each annotation from its text, at every start.
"""The keys of intents, as pydantic models: they check an entry, and print its part of the JSON Schema."""

from collections.abc import Mapping
from typing import Annotated, Any, Optional

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from kubeqed.config import values
from kubeqed.config.nearest import quote_text
from kubeqed.config.section import Keys, OrName, Text, enum_schema
from kubeqed.model.intents import READY_MADE

NAMED_ENDS = ("all", "external", "internet", "dns")
SCOPES = ("present", "any-pod")
OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")
ANY = "any"

PortText = Annotated[
    str,
    BeforeValidator(values.port_text),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["TCP/5432", "UDP/53", "TCP/8000-8999", 443]}),
]
Network = Annotated[
    str, AfterValidator(values.parse_networks), WithJsonSchema({"type": "string", "examples": ["10.0.0.0/8"]})
]
Scope = Annotated[str, AfterValidator(values.one_of("scope", SCOPES)), enum_schema(*SCOPES)]
Operator = Annotated[str, AfterValidator(values.one_of("operator", OPERATORS)), enum_schema(*OPERATORS)]
Expected = Annotated[
    str, AfterValidator(values.one_of("expectation", ("allowed", "denied"))), enum_schema("allowed", "denied")
]
Level = Annotated[
    str,
    AfterValidator(values.one_of("severity", ("error", "warning", "note"))),
    enum_schema("error", "warning", "note"),
]
ReadyMade = Annotated[str, AfterValidator(values.one_of("ready-made intent", READY_MADE)), enum_schema(*READY_MADE)]
NamedEnd = Annotated[str, AfterValidator(values.one_of("end of an intent", NAMED_ENDS)), enum_schema(*NAMED_ENDS)]


SomeItems = AfterValidator(values.not_empty_list)  # an empty list might be read as all, or as none


class ExpressionKeys(Keys):
    """One requirement on the value of a label."""

    key: Text = Field(description="Key of the label")
    operator: Operator = Field(description="How its value is compared")
    values: list[str] | None = Field(default=None, description="The values that In and NotIn ask for")


def check_expression(one: ExpressionKeys) -> ExpressionKeys:
    """An expression with values where its operator asks for some, and without where it does not."""
    if one.operator in ("In", "NotIn") and not one.values:
        raise ValueError(f'the operator {one.operator} asks for "values"')
    if one.operator not in ("In", "NotIn") and one.values:
        raise ValueError(f"the operator {one.operator} takes no values")
    return one


class LabelKeys(Keys):
    """Labels: all that is asked must hold, and `not` must not; with nothing asked, any."""

    match_labels: dict[Text, str] | None = Field(default=None, alias="matchLabels", description="Values of labels")
    match_expressions: list[Annotated[ExpressionKeys, AfterValidator(check_expression)]] | None = Field(
        default=None, alias="matchExpressions", description="Requirements on labels"
    )
    excluded: Optional["LabelKeys"] = Field(default=None, alias="not", description="Labels that are left out")


class SpaceKeys(LabelKeys):
    """Namespaces by their labels, or by name."""

    names: Annotated[list[Text], SomeItems] | None = Field(
        default=None, description="Names of namespaces; a list stands for this key"
    )


def _spell_labels(value: Any) -> Any:
    return {} if value == ANY else value


def _spell_spaces(value: Any) -> Any:
    return {"names": value} if isinstance(value, list) else _spell_labels(value)


class EndKeys(Keys):
    """One end of an intent: pods by labels and namespaces, or addresses outside of the cluster."""

    kind: NamedEnd | None = Field(default=None, description="all pods, external or internet addresses, or the dns")
    pods: Annotated[LabelKeys, BeforeValidator(_spell_labels), OrName(enum_schema(ANY))] | None = Field(
        default=None, description="Labels of the pods; any unless stated"
    )
    namespace: Text | None = Field(default=None, description="The namespace of the pods")
    namespaces: Annotated[SpaceKeys, BeforeValidator(_spell_spaces), OrName(enum_schema(ANY))] | None = Field(
        default=None, description="Names of namespaces, or their labels; any unless stated"
    )
    scope: Scope | None = Field(
        default=None, description="present: pods that the manifests show; any-pod: every pod that anybody may deploy"
    )
    addresses: Annotated[list[Network], SomeItems] | None = Field(
        default=None, description="Networks outside of the cluster"
    )


def check_end(end: EndKeys) -> EndKeys:
    """An end that speaks of pods or of addresses, not of both."""
    of_pods = [name for name in ("pods", "namespace", "namespaces", "scope") if getattr(end, name) is not None]
    if end.addresses and of_pods:
        raise ValueError(f'"addresses" are outside of the cluster, and "{of_pods[0]}" is of pods: make two ends of it')
    if end.kind not in (None, "all") and (end.addresses or of_pods):
        raise ValueError(
            f'{quote_text(end.kind or "")} stands alone: "{[*of_pods, "addresses"][0]}" says something else'
        )
    if end.namespace and end.namespaces:
        raise ValueError('"namespace" and "namespaces" are both stated: list all names under "namespaces"')
    return end


def _spell_end(value: Any) -> Any:
    return {"kind": value} if isinstance(value, str) else value


def _list_ends(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


End = Annotated[EndKeys, BeforeValidator(_spell_end), AfterValidator(check_end), OrName(enum_schema(*NAMED_ENDS))]
Ends = Annotated[list[End], BeforeValidator(_list_ends), SomeItems]


class ExceptKeys(Keys):
    """What is taken out of a claim: all that both ends and the ports mean, pods that no manifest shows too."""

    source: Ends | None = Field(default=None, alias="from", description="Sources; any unless stated")
    destination: Ends | None = Field(default=None, alias="to", description="Destinations; any unless stated")
    ports: Annotated[list[PortText], SomeItems] | None = Field(default=None, description="Ports; all unless stated")
    reason: Text | None = Field(default=None, description="Why this is so")


def check_exception(one: ExceptKeys) -> ExceptKeys:
    """An exception that says what it takes out."""
    if one.source is None and one.destination is None and one.ports is None:
        raise ValueError('it takes out everything: state "from", "to" or "ports"')
    return one


class IntentKeys(Keys):
    """A claim about all connections from one end to another, or one that is ready-made."""

    name: Text | None = Field(default=None, description="What the claim is called in reports")
    use: ReadyMade | None = Field(default=None, description="A ready-made claim, in place of from, to and expect")
    source: Ends | None = Field(
        default=None, alias="from", description="Who sends: pods or addresses, one end or several"
    )
    destination: Ends | None = Field(default=None, alias="to", description="Who is sent to, one end or several")
    expect: Expected | None = Field(
        default=None, description="allowed: every such connection passes; denied: none does"
    )
    ports: Annotated[list[PortText], SomeItems] | None = Field(
        default=None, description="Ports, as TCP/5432; all unless stated"
    )
    exceptions: list[Annotated[ExceptKeys, AfterValidator(check_exception)]] | None = Field(
        default=None, alias="except", description="What the claim leaves out"
    )
    severity: Level | None = Field(default=None, description="Of a refuted claim; error unless stated")
    namespaces: Annotated[list[Text], SomeItems] | None = Field(
        default=None, description="Of a ready-made claim: of all unless stated"
    )
    scope: Scope | None = Field(default=None, description="Of a ready-made claim: pods present, or any pod")


_CLAIM = {"name": "name", "source": "from", "destination": "to", "expect": "expect"}


def check_intent(one: IntentKeys) -> IntentKeys:
    """An entry that is a claim, or one that is ready-made."""
    if one.use:
        for name, key in (("source", "from"), ("destination", "to"), ("expect", "expect"), ("ports", "ports")):
            if getattr(one, name) is not None:
                raise ValueError(f'{quote_text(one.use)} is ready-made: it takes no "{key}"')
        return one
    missing = [key for name, key in _CLAIM.items() if getattr(one, name) is None]
    if missing:
        raise ValueError(f'the key "{missing[0]}" is missing')
    for key in ("namespaces", "scope"):
        if getattr(one, key) is not None:
            raise ValueError(f'"{key}" belongs below "from" and "to"')
    return one


def _spell_intent(value: Any) -> Any:
    return {"use": value} if isinstance(value, str) else value


IntentEntry = Annotated[
    IntentKeys, BeforeValidator(_spell_intent), AfterValidator(check_intent), OrName(enum_schema(*READY_MADE))
]
Intents = list[IntentEntry]


class IntentsFileKeys(Keys):
    """A file of intents."""

    intents: Intents = Field(description="The claims, each by itself")


# By the key that leads there, wherever it stands.
INTENT_SECTIONS: Mapping[str, type[Keys]] = {
    "intents": IntentKeys,
    "from": EndKeys,
    "to": EndKeys,
    "pods": LabelKeys,
    "namespaces": SpaceKeys,
    "not": LabelKeys,
    "matchExpressions": ExpressionKeys,
    "except": ExceptKeys,
}
