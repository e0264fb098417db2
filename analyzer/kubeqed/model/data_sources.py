"""The addresses that the package data was written after, for whoever wants to look them up."""

from __future__ import annotations

import json
import os

_FILES = {"cni": "cni/cni.json", "ingress": "ingress/controllers.json", "ipam": "addresses/ipam.json"}


def list_data_sources(name: str) -> tuple[str, ...]:
    """The sources of the data called `name`, each once, in order; a KeyError for data that there is not."""
    with open(os.path.join(os.path.dirname(__file__), _FILES[name]), encoding="utf-8") as file:
        data = json.load(file)
    listed = (
        data["sources"] if "sources" in data else [one for entry in data["controllers"] for one in entry["sources"]]
    )
    return tuple(sorted({address for address in listed if address.startswith("https://")}))
