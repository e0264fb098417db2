"""The JSON Schema of kubeqed.yaml."""

from __future__ import annotations

from typing import Any

from kubeqed.config.keys import Configuration

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The schema as pydantic prints it, under the name of the file, with a title for every key."""
    printed = Configuration.model_json_schema()
    for model in (printed, *printed["$defs"].values()):
        for name, key in model["properties"].items():
            key.setdefault("title", name.replace("_", " ").title())
    return {"$schema": DIALECT, **printed, "title": "kubeqed.yaml"}
