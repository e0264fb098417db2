"""Job, as pkg/apis/batch/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.labels import validate_selector
from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import dns_label, dns_subdomain, domain_prefixed_path
from kubeqed.apiserver.kinds.job_policies import validate_job_policies
from kubeqed.apiserver.kinds.pod_template import is_selector, refuse_negative, require_match, validate_template
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.warnings import warn_of_pod_name
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, forbidden, invalid, rename_path, required, unsupported, warn
from kubeqed.model.values.known import UNKNOWN, all_known, equals, is_known, is_one_of, is_set, known_or

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
_MOST = 100_000
_MOST_OF_MANY = 10_000
_UIDS = ("controller-uid", "batch.kubernetes.io/controller-uid")
_NAMES = ("job-name", "batch.kubernetes.io/job-name")


def validate_job(root: Node, server: Server) -> Iterator[Violation]:
    """A Job."""
    spec = root["spec"]
    yield from validate_metadata(root, dns_subdomain)
    yield from warn_of_pod_name(root)
    yield from validate_job_spec(spec, server)
    yield from validate_selector(spec["selector"])
    if is_set(spec["manualSelector"].flag):
        if spec["selector"].absent:
            yield required(spec["selector"])
        if _is_sound(spec["selector"]):
            yield from require_match(spec)
    elif equals(spec["manualSelector"].flag, False):
        yield from _validate_generated_labels(root)
    yield from _validate_hostname(root)


def _is_sound(node: Node) -> bool:
    """Whether the server says nothing of the selector itself, which would keep it from what follows."""
    return node.sure() and is_selector(node)


def _validate_generated_labels(root: Node) -> Iterator[Violation]:
    """The server adds labels to the template and selects them; what is written may not contradict them."""
    spec, name = root["spec"], root["metadata"]["name"]
    labels = spec["template"]["metadata"]["labels"]
    if is_set(name.text) and len(name.text.encode()) > 63 and not all(labels[key].present for key in _NAMES):
        yield rename_path(
            invalid(name, "is the label of its pods: must be no more than 63 characters"),
            f"{spec.path}.template.labels",
        )
    for key in (*_NAMES, *_UIDS):
        label = labels[key]
        if label.present and is_known(label.text) and is_set(name.text) and (key in _UIDS or label.text != name.text):
            yield rename_path(invalid(label, "the server sets it to what the Job is"), f"{labels.path}[{key}]")
    selecting = spec["selector"]["matchLabels"]
    for key, wanted in selecting.entries():
        texts = all_known((wanted.text, name.text))
        if key in _UIDS or (key in _NAMES and _are_alike(wanted, name)):
            continue
        if key not in _NAMES or is_known(texts):
            if _is_sound(spec["selector"]):
                yield invalid(spec["selector"], "the server generates it unless manualSelector is true")
            return


def _are_alike(one: Node, two: Node) -> bool:
    """Whether both texts are the same, or both unknown, so that they may be."""
    return (
        one.text == two.text if is_known(one.text) and is_known(two.text) else is_known(one.text) is is_known(two.text)
    )


def _validate_hostname(root: Node) -> Iterator[Violation]:
    spec, name = root["spec"], root["metadata"]["name"]
    last = known_or(spec["completions"].number, 0) - 1
    if equals(spec["completionMode"].text, "Indexed") and last >= 0 and is_set(name.text):
        for why in dns_label(f"{name.text}-{last}"):
            yield invalid(name, f"its last pod would be {name.text}-{last}: {why}")


def validate_job_spec(spec: Node, server: Server) -> Iterator[Violation]:
    """The `spec` of a Job, also in a CronJob."""
    yield from refuse_negative(spec, *_COUNTS)
    yield from _validate_completion_mode(spec)
    managed = spec["managedBy"]
    for why in domain_prefixed_path(managed.text) if managed.present and is_known(managed.text) else ():
        yield invalid(managed, why)
    if is_set(managed.text) and len(managed.text) > 63:
        yield invalid(managed, "must be no more than 63 characters")
    yield from validate_job_policies(spec, server)
    yield from validate_template(spec["template"], server)
    yield from _validate_restart_policy(spec)


def _validate_restart_policy(spec: Node) -> Iterator[Violation]:
    policy = spec["template"]["spec"]["restartPolicy"]
    if is_one_of(policy.text, ("", "Always")):
        yield required(policy, "the pods of a Job need OnFailure or Never")
    elif is_known(policy.text) and policy.text not in ("OnFailure", "Never"):
        yield unsupported(policy, ("OnFailure", "Never"))
    elif equals(policy.text, "OnFailure") and spec["podFailurePolicy"].present:
        yield invalid(policy, "only Never is supported when podFailurePolicy is set")


def _validate_completion_mode(spec: Node) -> Iterator[Violation]:
    mode, completions, failed = spec["completionMode"], spec["completions"], spec["maxFailedIndexes"]
    per_index = spec["backoffLimitPerIndex"]
    if failed.present and per_index.absent:
        yield required(per_index, "when maxFailedIndexes is set")
    if mode.present and is_known(mode.text) and mode.text not in _MODES:
        yield unsupported(mode, _MODES)
    elif equals(mode.text, "Indexed"):
        if completions.absent and spec["parallelism"].present:  # with neither set, both are 1
            yield required(completions, "when completionMode is Indexed")
        yield from _validate_limits(spec)
    elif is_known(mode.text):
        for key in ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"):
            if spec[key].present:
                yield forbidden(spec[key], "requires completionMode Indexed")


def _validate_limits(spec: Node) -> Iterator[Violation]:
    """How large the numbers of an Indexed Job may be."""
    parallelism, failed, completions = spec["parallelism"], spec["maxFailedIndexes"], spec["completions"]
    if known_or(parallelism.number, 0) > _MOST:
        yield invalid(parallelism, f"must be at most {_MOST} when completionMode is Indexed")
    if known_or(failed.number, 0) > _MOST:
        yield invalid(failed, f"must be at most {_MOST}")
    total = completions.number if completions.present else 1 if parallelism.absent else UNKNOWN
    if failed.present and is_known(total) and known_or(failed.number, 0) > total:
        yield invalid(failed, "must be at most completions")
    if known_or(completions.number, 0) > _MOST and known_or(parallelism.number, 0) > _MOST_OF_MANY:
        yield warn(spec, "so many completions and so much parallelism may not be tracked", Reason.FIELD_IGNORED)
    if known_or(completions.number, 0) <= _MOST or not spec["backoffLimitPerIndex"].present:
        return
    if failed.absent:
        yield required(failed, f"when completions is above {_MOST}")
    for node in (parallelism, failed):
        if known_or(node.number, 0) > _MOST_OF_MANY:
            yield invalid(node, f"must be at most {_MOST_OF_MANY} when completions is above {_MOST}")


KINDS = {("batch", "v1", "Job"): validate_job}
