"""The published models of the JSON reports: they print the schemas, and check the writers in tests.

Only the command that prints a schema and the tests import them; a run writes JSON without pydantic.
"""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from kubeqed.report.schema.charts import ChartsReport
from kubeqed.report.schema.check import CheckReport
from kubeqed.report.schema.cni import CniReport
from kubeqed.report.schema.diff import DiffReport
from kubeqed.report.schema.equivalent import EquivalentReport
from kubeqed.report.schema.fleet import FleetLine
from kubeqed.report.schema.parts import ReportModel
from kubeqed.report.schema.plan import PlanReport
from kubeqed.report.schema.prove import ProveReport
from kubeqed.report.schema.reach import ReachReport
from kubeqed.report.schema.units import UnitsReport
from kubeqed.report.schema.why import WhyReport


class _PublishedNames(GenerateJsonSchema):
    """The names of definitions without the word that tells our classes apart from those of the rooms below."""

    def normalize_name(self, name: str) -> str:
        return super().normalize_name(name).removesuffix("Model")


REPORTS: dict[str, type[ReportModel]] = {
    "check": CheckReport,
    "reach": ReachReport,
    "why": WhyReport,
    "diff": DiffReport,
    "units": UnitsReport,
    "prove": ProveReport,
    "cni": CniReport,
    "equivalent": EquivalentReport,
    "plan": PlanReport,
    "fleet": FleetLine,
    "charts": ChartsReport,
}


def schema_of(command: str) -> dict[str, Any]:
    """The JSON Schema of the JSON that a command of `REPORTS` writes."""
    schema = REPORTS[command].model_json_schema(by_alias=True, mode="serialization", schema_generator=_PublishedNames)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
