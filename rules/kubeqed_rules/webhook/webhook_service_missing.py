"""The API server calls a Service, or a port of one, that does not exist.

A webhook of admission that nobody answers refuses every request that it is asked about,
unless its `failurePolicy` is Ignore; an APIService stays unavailable, and namespaces are
not deleted; objects whose versions are converted by it cannot be read.
The port is 443 where none is written, and one of the Service, never that of its pods.
Correct the name, the namespace or the port.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.called_services import CalledPortExists, CalledServiceExists, list_service_calls
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="Service that the API server calls does not exist",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY_WITH_CANDIDATE,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#service-reference",
        "https://kubernetes.io/docs/tasks/extend-kubernetes/setup-extension-api-server/",
    ),
)

HOOK = """
apiVersion: v1
kind: Service
metadata: {name: admission, namespace: guard}
spec: {selector: {app: guard}, ports: [{port: 443, targetPort: 8443}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: guard}
webhooks:
- name: guard.example.com
  clientConfig:
    service:
      namespace: guard
"""
SERVED = (
    HOOK.partition("---")[0]
    + """---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.example.com}
spec:
  group: example.com
  version: v1
  service:
    namespace: guard
"""
)
CONVERTED = (
    HOOK.partition("---")[0]
    + """---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shops.example.com}
spec:
  conversion:
    strategy: Webhook
    webhook:
      clientConfig:
        service:
          namespace: guard
"""
)

VALID = [
    HOOK + "      name: admission",
    HOOK + "      name: admission\n      port: 443",
    HOOK + "      name: '${SERVICE}'",
    HOOK.replace("    service:\n      namespace: guard\n", "    url: https://guard.example.com\n"),
    HOOK + "      name: policies  # expect: webhook-service-missing (possible)",
    SERVED + "    name: admission",
    SERVED.replace("  service:\n    namespace: guard\n", ""),
    CONVERTED + "          name: admission",
]
INVALID = [
    HOOK + "      name: admision  # expect: 13 webhook-service-missing (likely)",
    HOOK
    + '      name: admission\n      port: 8443  # expect: webhook-service-missing (proved) "8443 is the targetPort"',
    HOOK.replace("    service:", "    service:  # expect: webhook-service-missing (proved)").replace(
        "port: 443", "port: 80"
    )
    + "      name: admission",
    HOOK.replace("namespace: guard\n", "namespace: system\n")
    + "      name: admission  # expect: webhook-service-missing",
    SERVED + "    name: admision  # expect: webhook-service-missing (likely)",
    CONVERTED + "          name: admision  # expect: webhook-service-missing (likely)",
]


def check(world: World) -> Iterator[Finding]:
    for call in world.find(list_service_calls):
        exists, has_port = world.ask(CalledServiceExists(call)), world.ask(CalledPortExists(call))
        if not exists.holds:
            place = call.source.at(f"{call.path}.name")
            yield Finding(
                at=place,
                answer=exists,
                message=f"the API server calls Service {call.name} for {call.source}, which does not exist in namespace {call.namespace}{exists.candidate}",
                related=exists.related,
                edit=(place, exists.meant) if exists.meant else None,
            )
        elif not has_port.holds:
            yield Finding(
                at=call.source.at(f"{call.path}.port"),
                answer=has_port,
                message=f"the API server calls port {call.port} of {has_port.service} for {call.source}, which has only {has_port.offered}",
                related=((has_port.service.at("spec.ports"), "the ports it has"),),
            )
