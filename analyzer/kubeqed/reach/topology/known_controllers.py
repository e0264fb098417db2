"""Well-known ingress controllers: how they are recognised, and where the packets that they send come from.

From the package data on ingress controllers. In-cluster proxies are named by the pods that dial the backends (Envoy's for
Contour, APISIX' gateway for APISIX); those of clouds run outside the cluster and send from addresses.

Where a controller's packets come from decides which policy rules let them in: a pod of the cluster is matched by selectors, a
cloud's load balancer only by address blocks, a node's address by neither for sure. What is not known here counts as a pod
that may run anywhere.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

Label = tuple[str, str]


class PacketSource(Enum):
    """What policies see as the source of a controller's packets."""

    PODS = "pods"
    ADDRESSES = "addresses"
    EITHER = "either"  # an identity of the CNI's own: no selector and no block is sure to mean it


class ControllerPlace(NamedTuple):
    """Where a controller usually runs: a namespace, the labels of its pods and, if known, of the namespace."""

    namespace: str
    labels: tuple[Label, ...] = ()
    namespace_labels: tuple[Label, ...] = ()


class Controller(NamedTuple):
    """A controller.

    Its pods in the input are known by one of `labels` or parts of `images`. What it serves is known by what an IngressClass
    or a GatewayClass calls it (`strings`, `gateways`), by its usual `classes`, and by prefixes of `annotations`.
    """

    id: str
    labels: tuple[Label, ...] = ()
    images: tuple[str, ...] = ()
    strings: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()
    places: tuple[ControllerPlace, ...] = ()
    origin: PacketSource = PacketSource.PODS


_NAME, _COMPONENT = "app.kubernetes.io/name", "app.kubernetes.io/component"

KNOWN = (
    Controller(
        "ingress-nginx",
        ((_NAME, "ingress-nginx"),),
        ("ingress-nginx/controller", "nginx-ingress-controller"),
        ("k8s.io/ingress-nginx",),
        ("nginx",),
        (),
        ("nginx.ingress.kubernetes.io/",),
        (
            ControllerPlace(
                "ingress-nginx",
                ((_COMPONENT, "controller"), ("app.kubernetes.io/instance", "ingress-nginx"), (_NAME, "ingress-nginx")),
            ),
        ),
    ),
    Controller(
        "nginx-inc",
        (("app", "nginx-ingress"), (_NAME, "nginx-ingress")),
        ("nginx/nginx-ingress", "nginx-plus-ingress"),
        ("nginx.org/ingress-controller",),
        ("nginx",),
        (),
        ("nginx.org/", "nginx.com/"),
        (ControllerPlace("nginx-ingress", (("app", "nginx-ingress"),)),),
    ),
    Controller(
        "traefik",
        ((_NAME, "traefik"),),
        ("library/traefik", "/traefik"),
        ("traefik.io/ingress-controller",),
        ("traefik",),
        ("traefik.io/gateway-controller",),
        ("traefik.ingress.kubernetes.io/",),
        (ControllerPlace("traefik", ((_NAME, "traefik"),)), ControllerPlace("kube-system", ((_NAME, "traefik"),))),
    ),
    Controller(
        "haproxy-ingress",
        ((_NAME, "haproxy-ingress"),),
        ("haproxy-ingress",),
        ("haproxy-ingress.github.io/controller",),
        ("haproxy",),
        ("haproxy-ingress.github.io/controller",),
        ("haproxy-ingress.github.io/",),
        (ControllerPlace("ingress-controller", ((_NAME, "haproxy-ingress"),)),),
    ),
    Controller(
        "haproxytech",
        (("run", "haproxy-ingress"),),
        ("haproxytech/kubernetes-ingress",),
        ("haproxy.org/ingress-controller",),
        ("haproxy",),
        (),
        ("haproxy.org/",),
        (ControllerPlace("haproxy-controller", (("run", "haproxy-ingress"),)),),
    ),
    Controller(
        "contour",
        (("app", "envoy"),),
        (),
        ("projectcontour.io/ingress-controller",),
        ("contour",),
        ("projectcontour.io/gateway-controller",),
        ("projectcontour.io/",),
        (ControllerPlace("projectcontour", (("app", "envoy"),)),),
    ),
    Controller(
        "kong",
        (("app", "proxy-kong"), (_NAME, "kong")),
        ("library/kong", "kong/kong-gateway"),
        ("ingress-controllers.konghq.com/kong",),
        ("kong",),
        ("konghq.com/kic-gateway-controller", "konghq.com/gateway-operator"),
        ("konghq.com/",),
        (ControllerPlace("kong", (("app", "proxy-kong"),)), ControllerPlace("kong", ((_NAME, "kong"),))),
    ),
    Controller(
        "istio",
        (("istio", "ingressgateway"),),
        (),
        ("istio.io/ingress-controller",),
        ("istio",),
        ("istio.io/gateway-controller",),
        (),
        (
            ControllerPlace("istio-system", (("app", "istio-ingressgateway"), ("istio", "ingressgateway"))),
            ControllerPlace("istio-ingress", (("app", "istio-ingressgateway"), ("istio", "ingressgateway"))),
        ),
    ),
    Controller(
        "apisix",
        ((_NAME, "apisix"),),
        ("apache/apisix",),
        ("apisix.apache.org/apisix-ingress-controller",),
        ("apisix",),
        ("apisix.apache.org/apisix-ingress-controller",),
        ("k8s.apisix.apache.org/",),
        (ControllerPlace("ingress-apisix", ((_NAME, "apisix"),)),),
    ),
    Controller(
        "nghttpx",
        (("k8s-app", "nghttpx-ingress-lb"),),
        ("zlabjp/nghttpx-ingress-controller",),
        ("zlab.co.jp/nghttpx",),
        ("nghttpx",),
        ("zlab.co.jp/nghttpx",),
        ("ingress.zlab.co.jp/",),
        (ControllerPlace("kube-system", (("k8s-app", "nghttpx-ingress-lb"), ("name", "nghttpx-ingress-lb"))),),
    ),
    Controller(
        "openshift-router",
        (("ingresscontroller.operator.openshift.io/deployment-ingresscontroller", "default"),),
        (),
        ("openshift.io/ingress-to-route",),
        ("openshift-default",),
        (),
        ("route.openshift.io/", "haproxy.router.openshift.io/"),
        (
            ControllerPlace(
                "openshift-ingress",
                (("ingresscontroller.operator.openshift.io/deployment-ingresscontroller", "default"),),
                (("network.openshift.io/policy-group", "ingress"), ("policy-group.network.openshift.io/ingress", "")),
            ),
        ),
    ),
    Controller(
        "envoy-gateway",
        gateways=("gateway.envoyproxy.io/gatewayclass-controller",),
        places=(
            ControllerPlace(
                "envoy-gateway-system", ((_COMPONENT, "proxy"), ("app.kubernetes.io/managed-by", "envoy-gateway"))
            ),
        ),
    ),
    Controller(
        "skipper",
        strings=("zalando.org/skipper",),
        classes=("skipper",),
        annotations=("zalando.org/",),
        places=(ControllerPlace("kube-system", (("application", "skipper-ingress"),)),),
    ),
    Controller(
        "cilium-ingress",
        strings=("cilium.io/ingress-controller",),
        classes=("cilium",),
        gateways=("io.cilium/gateway-controller",),
        annotations=("ingress.cilium.io/",),
        origin=PacketSource.EITHER,
    ),
    Controller(
        "gce",
        strings=("k8s.io/ingress-gce",),
        classes=("gce", "gce-internal", "gce-regional-external", "gce-multi-cluster"),
        gateways=("networking.gke.io/gateway",),
        annotations=("kubernetes.io/ingress.global-static-ip-name", "networking.gke.io/"),
        origin=PacketSource.ADDRESSES,
    ),
    Controller(
        "aws-alb",
        strings=("ingress.k8s.aws/alb", "eks.amazonaws.com/alb"),
        classes=("alb",),
        gateways=("gateway.k8s.aws/alb", "gateway.k8s.aws/nlb"),
        annotations=("alb.ingress.kubernetes.io/",),
        origin=PacketSource.ADDRESSES,
    ),
    Controller(
        "agic",
        strings=("azure/application-gateway",),
        classes=("azure-application-gateway", "azure/application-gateway"),
        annotations=("appgw.ingress.kubernetes.io/",),
        origin=PacketSource.ADDRESSES,
    ),
)

BY_ID = {one.id: one for one in KNOWN}
