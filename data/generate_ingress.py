"""Writes controllers.json out of ingress_controllers.yaml: which Ingresses each controller takes, and how it is told.

    python -m data.generate_ingress

The source is written for people. What is prose there and decides something stands in the tables here; a text that they do not
know stops the generator. The output is read by kubeqed.model.ingress.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from data.generate_cni import plain

from kubeqed.parse import parse
from kubeqed.sources import SourceFile

SOURCE = Path(__file__).with_name("ingress_controllers.yaml")
TARGET = Path(__file__).parents[1] / "analyzer/kubeqed/model/ingress/controllers.json"

# By how the answer to "does it take an Ingress without a class" begins: always, never, by a flag, or unless a flag is set.
_UNCLASSED = {
    "no, unless --watch-ingress-without-class": ("flag", "--watch-ingress-without-class"),
    "no, unless configured": ("never", ""),
    "no": ("never", ""),
    "yes when no ingressClass is configured": ("unless", "--providers.kubernetesingress.ingressclass"),
    "yes, when --ingress-class-name is not set": ("unless", "--ingress-class-name"),
    "yes, unless --require-ingress-class": ("unless", "--require-ingress-class"),
    "yes": ("always", ""),
    "--empty-ingress-class": ("flag", "--empty-ingress-class"),
    "only": ("never", ""),
    "meshConfig": ("never", ""),
}
_CLASS_FLAGS = {
    "ingress-nginx": ["--ingress-class"],
    "nginx-inc": ["--ingress-class", "-ingress-class"],
    "traefik": ["--providers.kubernetesingress.ingressclass"],
    "haproxy-ingress": ["--ingress-class"],
    "haproxytech": ["--ingress.class"],
    "contour": ["--ingress-class-name"],
    "kong": ["--ingress-class"],
    "aws-alb": ["--ingress-class"],
    "nghttpx": ["--ingress-class"],
    "skipper": ["-kubernetes-ingress-class"],
}
_IMAGES = {
    "ingress-nginx": ["ingress-nginx/controller", "nginx-ingress-controller"],
    "nginx-inc": ["nginx/nginx-ingress", "nginx-plus-ingress"],
    "traefik": ["library/traefik", "/traefik"],
    "haproxy-ingress": ["jcmoraisjr/haproxy-ingress"],
    "haproxytech": ["haproxytech/kubernetes-ingress"],
    "contour": ["projectcontour/contour"],
    "kong": ["kong/kubernetes-ingress-controller"],
    "aws-alb": ["aws-load-balancer-controller"],
    "nghttpx": ["zlabjp/nghttpx-ingress-controller"],
    "skipper": ["zalando/skipper"],
}
# The prefixes of the annotations that each reads.
_PREFIXES = {
    "ingress-nginx": ["nginx.ingress.kubernetes.io/"],
    "nginx-inc": ["nginx.org/", "nginx.com/", "appprotect.f5.com/", "appprotectdos.f5.com/"],
    "traefik": ["traefik.ingress.kubernetes.io/", "ingress.kubernetes.io/"],
    "haproxy-ingress": ["haproxy-ingress.github.io/", "ingress.kubernetes.io/"],
    "haproxytech": ["haproxy.org/", "ingress.kubernetes.io/", "haproxy.com/"],
    "contour": ["projectcontour.io/", "ingress.kubernetes.io/", "contour.heptio.com/"],
    "kong": ["konghq.com/", "ingress.kubernetes.io/", "configuration.konghq.com/"],
    "gce": ["networking.gke.io/", "ingress.gcp.kubernetes.io/", "ingress.kubernetes.io/"],
    "aws-alb": ["alb.ingress.kubernetes.io/"],
    "agic": ["appgw.ingress.kubernetes.io/"],
    "nghttpx": ["ingress.zlab.co.jp/"],
    "openshift-router": ["route.openshift.io/", "haproxy.router.openshift.io/"],
    "apisix": ["k8s.apisix.apache.org/"],
    "cilium-ingress": ["ingress.cilium.io/"],
    "skipper": ["zalando.org/"],
}

# What stands behind the prefix of the annotations that each reads, old ones too, where all of them are listed:
# https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
_KEYS = {
    "ingress-nginx": """
        add-base-url affinity affinity-canary-behavior affinity-mode allowlist-source-range app-root auth-always-set-cookie
        auth-cache-duration auth-cache-key auth-keepalive auth-keepalive-requests auth-keepalive-share-vars auth-keepalive-timeout
        auth-method auth-proxy-set-headers auth-realm auth-request-redirect auth-response-headers auth-secret auth-secret-type
        auth-signin auth-signin-redirect-param auth-snippet auth-tls-error-page auth-tls-match-cn
        auth-tls-pass-certificate-to-upstream auth-tls-secret auth-tls-verify-client auth-tls-verify-depth auth-type auth-url
        backend-protocol base-url-scheme canary canary-by-cookie canary-by-header canary-by-header-pattern canary-by-header-value
        canary-weight canary-weight-total client-body-buffer-size client-header-timeout client-body-timeout client-max-body-size
        configuration-snippet connection-proxy-header cors-allow-credentials cors-allow-headers cors-allow-methods
        cors-allow-origin cors-expose-headers cors-max-age custom-headers custom-http-errors default-backend
        denylist-source-range disable-proxy-intercept-errors enable-access-log enable-cors enable-global-auth enable-influxdb
        enable-modsecurity enable-opentelemetry enable-opentracing enable-owasp-core-rules enable-owasp-modsecurity-crs
        enable-rewrite-log fastcgi-index fastcgi-params-configmap force-ssl-redirect from-to-www-redirect global-rate-limit
        global-rate-limit-ignored-cidrs global-rate-limit-key global-rate-limit-window grpc-backend http2-push-preload
        influxdb-host influxdb-measurement influxdb-port influxdb-server-name limit-allowlist limit-burst-multiplier
        limit-connections limit-rate limit-rate-after limit-rpm limit-rps limit-whitelist load-balance lua-resty-waf
        lua-resty-waf-allow-unknown-content-types lua-resty-waf-debug lua-resty-waf-extra-rules lua-resty-waf-ignore-rulesets
        lua-resty-waf-process-multipart-body lua-resty-waf-score-threshold mirror-host mirror-request-body mirror-target
        mirror-uri modsecurity-snippet modsecurity-transaction-id opentelemetry-operation-name
        opentelemetry-trust-incoming-span opentelemetry-trust-incoming-spans opentracing-trust-incoming-span
        permanent-redirect permanent-redirect-code preserve-host preserve-trailing-slash proxy-body-size proxy-buffer-size
        proxy-buffering proxy-buffers-number proxy-busy-buffers-size proxy-connect-timeout proxy-cookie-domain
        proxy-cookie-path proxy-http-version proxy-max-temp-file-size proxy-next-upstream proxy-next-upstream-timeout
        proxy-next-upstream-tries proxy-pass-params proxy-read-timeout proxy-redirect-from proxy-redirect-to
        proxy-request-buffering proxy-send-timeout proxy-set-headers proxy-ssl-ciphers proxy-ssl-name proxy-ssl-protocols
        proxy-ssl-secret proxy-ssl-server-name proxy-ssl-verify proxy-ssl-verify-depth relative-redirects rewrite-log
        rewrite-target satisfy secure-backends secure-client-ca-secret secure-verify-ca-secret server-alias server-snippet
        service-upstream session-cookie-change-on-failure session-cookie-conditional-samesite-none session-cookie-domain
        session-cookie-expires session-cookie-hash session-cookie-max-age session-cookie-name session-cookie-path
        session-cookie-samesite session-cookie-secure ssl-ciphers ssl-passthrough ssl-prefer-server-ciphers ssl-protocols
        ssl-redirect stream-snippet temporal-redirect temporal-redirect-code upstream-fail-timeout upstream-hash-by
        upstream-hash-by-subset upstream-hash-by-subset-size upstream-max-fails upstream-vhost use-forwarded-headers
        use-http2 use-port-in-redirects use-proxy-protocol use-regex websocket-services whitelist-source-range
        x-forwarded-prefix
    """.split(),
}


def generate(source: Any) -> dict[str, Any]:
    """The package data for a parsed source."""
    return {"as_of": source["as_of"], "controllers": [_controller(entry) for entry in source["controllers"]]}


def _controller(entry: Any) -> dict[str, Any]:
    name = entry["id"]
    unclassed, flag = _find_unclassed(entry["processes_ingress_without_class"])
    legacy = (
        (entry.get("legacy_class_annotation") or {}) if isinstance(entry.get("legacy_class_annotation"), dict) else {}
    )
    written = re.match(r"[a-z-]+/[a-z-]+", str(legacy.get("kubernetes.io/ingress.class", "")))
    return {
        "id": name,
        "name": entry["name"],
        "strings": [_without_note(text) for text in entry["controller_strings"] or () if isinstance(text, str)],
        "classes": [*map(_without_note, entry["default_class_names"] or ()), *([written[0]] if written else [])],
        "unclassed": unclassed,
        "unclassed_flag": flag,
        "class_flags": _CLASS_FLAGS.get(name, []),
        "outside": "outside the cluster" in entry["topology"],
        "images": _IMAGES.get(name, []),
        "prefixes": _PREFIXES.get(name, []),
        "keys": _KEYS.get(name, []),
        "inferred": entry["confidence"] == "inferred",
        "sources": entry["sources"],
    }


def _find_unclassed(text: Any) -> tuple[str, str]:
    words = "no" if text is False else "yes" if text is True else text
    return next(value for start, value in _UNCLASSED.items() if words.startswith(start))


def _without_note(text: str) -> str:
    return text.partition(" (")[0]


def rendered(content: bytes) -> str:
    """The text of the package data for the bytes of a source."""
    data = generate(plain(parse(SourceFile("source", content)).documents[0].document.root))
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in data["controllers"])
    return f'{{"as_of": {json.dumps(data["as_of"])},\n"controllers": [\n{lines}\n]}}\n'


if __name__ == "__main__":
    TARGET.write_text(rendered(SOURCE.read_bytes()), encoding="utf-8")
