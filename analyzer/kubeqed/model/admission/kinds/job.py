"""Job, as pkg/apis/batch/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.admission.labels import selector
from kubeqed.model.admission.metadata import metadata
from kubeqed.model.admission.names import dns_label, dns_subdomain, domain_prefixed_path, named
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.server import Server
from kubeqed.model.admission.violation import Violation, forbidden, invalid, required, unsupported
from kubeqed.model.admission.workload import matching, not_negative, template

_MODES = ("NonIndexed", "Indexed")
_COUNTS = [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
]
_MOST_PARALLEL = 100_000
_GENERATED = ("controller-uid", "batch.kubernetes.io/controller-uid")


def job(root: Node, server: Server) -> Iterator[Violation]:
    """A Job."""
    spec = root["spec"]
    yield from metadata(root, dns_subdomain)
    yield from job_spec(spec, server)
    yield from selector(spec["selector"])
    if spec["manualSelector"].flag:
        if spec["selector"].absent:
            yield required(spec["selector"])
        yield from matching(spec)
    elif spec["manualSelector"].flag is False and _is_own(spec["selector"]["matchLabels"]):
        yield invalid(spec["selector"], "the server generates it unless manualSelector is true")
    yield from _hostname(root)


def _is_own(labels: Node) -> bool:
    """Whether a selector names labels, and none of those that the server generates."""
    return labels.filled and not set(dict(labels.entries())) & set(_GENERATED)


def _hostname(root: Node) -> Iterator[Violation]:
    spec, name = root["spec"], root["metadata"]["name"]
    last = (spec["completions"].number or 0) - 1
    if spec["completionMode"].text == "Indexed" and last >= 0 and name.text:
        for why in dns_label(f"{name.text}-{last}"):
            yield invalid(name, f"its last pod would be {name.text}-{last}: {why}")


def job_spec(spec: Node, server: Server) -> Iterator[Violation]:
    """The `spec` of a Job, also in a CronJob."""
    yield from not_negative(spec, *_COUNTS)
    yield from _indexed(spec)
    managed = spec["managedBy"]
    yield from named(managed, domain_prefixed_path)
    if managed.text and len(managed.text) > 63:
        yield invalid(managed, "must be no more than 63 characters")
    replacement = spec["podReplacementPolicy"]
    words = ("Failed",) if spec["podFailurePolicy"].present else ("Failed", "TerminatingOrFailed")
    if replacement.text and replacement.text not in words and spec["podFailurePolicy"].value is None:
        yield unsupported(replacement, words)
    yield from template(spec["template"], server)
    yield from _restart(spec)


def _restart(spec: Node) -> Iterator[Violation]:
    policy = spec["template"]["spec"]["restartPolicy"]
    if policy.text in ("", "Always"):
        yield required(policy, "the pods of a Job need OnFailure or Never")
    elif policy.text is not None and policy.text not in ("OnFailure", "Never"):
        yield unsupported(policy, ("OnFailure", "Never"))
    elif policy.text == "OnFailure" and spec["podFailurePolicy"].present:
        yield invalid(policy, "only Never is supported when podFailurePolicy is set")


def _indexed(spec: Node) -> Iterator[Violation]:
    mode, completions, failed = spec["completionMode"], spec["completions"], spec["maxFailedIndexes"]
    per_index = spec["backoffLimitPerIndex"]
    if failed.present and per_index.absent:
        yield required(per_index, "when maxFailedIndexes is set")
    if mode.present and mode.text is not None and mode.text not in _MODES:
        yield unsupported(mode, _MODES)
    elif mode.text == "Indexed":
        if completions.absent and spec["parallelism"].present:  # with neither set, both are 1
            yield required(completions, "when completionMode is Indexed")
        if (spec["parallelism"].number or 0) > _MOST_PARALLEL:
            yield invalid(spec["parallelism"], f"must be at most {_MOST_PARALLEL} when completionMode is Indexed")
        if failed.present and completions.present and (failed.number or 0) > (completions.number or _MOST_PARALLEL):
            yield invalid(failed, "must be at most completions")
    elif mode.text is not None:
        for key in ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"):
            if spec[key].present:
                yield forbidden(spec[key], "requires completionMode Indexed")


KINDS = {("batch", "v1", "Job"): job}
