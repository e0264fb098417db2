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
