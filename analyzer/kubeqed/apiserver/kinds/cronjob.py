"""CronJob, as pkg/apis/batch/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import dns_subdomain
from kubeqed.apiserver.formats.schedule import schedule_faults
from kubeqed.apiserver.formats.timezone import time_zones
from kubeqed.apiserver.kinds.job import validate_job_spec
from kubeqed.apiserver.kinds.pod_template import refuse_negative
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.warnings import warn_of_pod_name
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, invalid, required, unsupported
from kubeqed.diagnostic import Certainty
from kubeqed.model.values.known import equals, is_known, is_set

_CONCURRENCY = ("Allow", "Forbid", "Replace")
_ZONE_PART = re.compile(r"[A-Za-z0-9._+-]+")


def validate_cronjob(root: Node, server: Server) -> Iterator[Violation]:
    """A CronJob; its name leaves room for what Jobs append."""
    spec, name = root["spec"], root["metadata"]["name"]
    yield from validate_metadata(root, dns_subdomain)
    yield from warn_of_pod_name(root)
    if is_set(name.text) and len(name.text) > 52:
        yield invalid(name, "must be no more than 52 characters")
    yield from _validate_schedule(spec)
    yield from refuse_negative(spec, "startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")
    policy = spec["concurrencyPolicy"]
    if is_set(policy.text) and policy.text not in _CONCURRENCY:
        yield unsupported(policy, _CONCURRENCY)
    yield from _validate_template(spec["jobTemplate"], server)


def _validate_schedule(spec: Node) -> Iterator[Violation]:
    schedule, zone = spec["schedule"], spec["timeZone"]
    if equals(schedule.text, ""):
        yield required(schedule)
    elif is_known(schedule.text):
        for why in schedule_faults(schedule.text):
            yield invalid(schedule, why)
        if "TZ" in schedule.text:
            yield invalid(schedule, "cannot hold TZ or CRON_TZ: timeZone says it")
    if zone.present and is_known(zone.text):
        yield from _validate_zone(zone, zone.text)


def _validate_zone(node: Node, text: str) -> Iterator[Violation]:
    parts = text.split("/")
    wrong = any(part in (".", "..") or part.startswith("-") or not _ZONE_PART.fullmatch(part) for part in parts)
    if text in time_zones() and not wrong:
        return
    fault = invalid(node, "must be a time zone of https://www.iana.org/time-zones")
    if wrong or len(parts) == 1 or text.lower() in _lower_zones() or parts[0] not in _list_areas():
        yield fault
    else:  # a newer database may know it
        yield fault._replace(certainty=Certainty.LIKELY)


@cache
def _lower_zones() -> frozenset[str]:
    return frozenset(zone.lower() for zone in time_zones())


@cache
def _list_areas() -> frozenset[str]:
    return frozenset(zone.partition("/")[0] for zone in time_zones())


def _validate_template(node: Node, server: Server) -> Iterator[Violation]:
    spec = node["spec"]
    yield from validate_job_spec(spec, server)
    if spec["selector"].present:
        yield invalid(spec["selector"], "the server generates it")
    if is_set(spec["manualSelector"].flag):
        yield unsupported(spec["manualSelector"], ("false",))


KINDS = {("batch", "v1", "CronJob"): validate_cronjob}
