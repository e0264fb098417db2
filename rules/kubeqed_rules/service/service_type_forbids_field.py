"""The type of a Service does not allow a field.

A node port on a Service that has none, a headless Service that wants node
ports, a traffic policy where no traffic comes from outside, an address on an
ExternalName: the API server refuses each of them.
Change the type, or drop the field.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="type of a Service forbids a field",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types",),
    server=True,
)

WEB = """
apiVersion: v1
kind: Service
metadata: {name: web}
"""

VALID = [
    WEB + "spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}",
    WEB + "spec: {type: '${TYPE}', ports: [{port: 80, nodePort: 30080}]}",
    WEB + "spec: {type: ExternalName, externalName: example.com, ports: [{port: 80, nodePort: 30080}]}",
    WEB + "spec: {externalTrafficPolicy: Local, externalIPs: [203.0.113.7], ports: [{port: 80}]}",
]
INVALID = [
    WEB + "spec: {ports: [{port: 80, nodePort: 30080}]}  # expect: service-type-forbids-field",
    WEB
    + "spec:\n  ports:\n  - {name: a, port: 80, nodePort: 30080}  # expect: service-type-forbids-field\n"
    + "  - {name: b, port: 81, nodePort: 30081}",
    WEB + "spec: {type: NodePort, clusterIP: None, ports: [{port: 80}]}  # expect: service-type-forbids-field",
    WEB + "spec: {externalTrafficPolicy: Local, ports: [{port: 80}]}  # expect: service-type-forbids-field",
    WEB + "spec: {loadBalancerClass: example.com/fast, ports: [{port: 80}]}  # expect: service-type-forbids-field",
]
