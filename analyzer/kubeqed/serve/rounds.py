"""One round of checks: each folder of the workspace, and each open file that no folder's check reads."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kubeqed.config import FILE_NAME, Complaint, ConfigurationError
from kubeqed.diagnostic import Diagnostic, NoticeKind
from kubeqed.serve.check import CancelCheck, Check, Checked, StaleError
from kubeqed.serve.documents import Documents
from kubeqed.sources import is_below, with_buffers


class CheckRound(NamedTuple):
    """What came out: the last good check of each folder or file, what is wrong with configurations, what to log."""

    checked: dict[str, Checked]
    complaints: tuple[Complaint, ...]
    log: tuple[str, ...]

    def owner(self, path: str) -> Checked | None:
        """The check that speaks of a file."""
        return next((checked for checked in self.checked.values() if path in checked.texts), None)

    def findings(self) -> Iterator[Diagnostic]:
        """The findings, of each file only those of the check that speaks of it."""
        for checked in self.checked.values():
            yield from (finding for finding in checked.findings if self.owner(finding.span.file) is checked)


NOTHING = CheckRound({}, (), ())


def check_all(
    check: Check, folders: Sequence[str], documents: Documents, before: CheckRound, cancel_check: CancelCheck
) -> CheckRound:
    """Checks everything; where a configuration is wrong, what was found before it went wrong stays."""
    checks = _FolderChecks(check, documents, before, cancel_check)
    with with_buffers(documents.buffers):
        for folder in folders:
            checks.check_folder(folder, (folder, *_list_unsaved(folder, documents)))
        for path in documents.open:
            if os.path.basename(path) != FILE_NAME and not checks.has_read(path):
                checks.check_folder(path, (path,))
    return CheckRound(checks.checked, tuple(dict.fromkeys(checks.complaints)), tuple(dict.fromkeys(checks.log)))


class _FolderChecks:
    def __init__(self, check: Check, documents: Documents, before: CheckRound, cancel_check: CancelCheck) -> None:
        self._check = check
        self._documents = documents
        self._before = before
        self._cancel_check = cancel_check
        self.checked: dict[str, Checked] = {}
        self.complaints: list[Complaint] = []
        self.log: list[str] = []

    def check_folder(self, name: str, paths: tuple[str, ...]) -> None:
        try:
            checked = self._check(paths, self._cancel_check)
        except StaleError:
            raise
        except ConfigurationError as error:
            self.complaints += error.complaints
        except OSError as error:
            self.log.append(f"{error.filename or name}: {error.strerror or error}")
        except Exception:  # ours: the server must live on
            self.log.append(traceback.format_exc())
        else:
            self.checked[name] = checked
            self.log += _list_logged(checked)
            return
        if name in self._before.checked:
            self.checked[name] = self._before.checked[name]

    def has_read(self, path: str) -> bool:
        return any(path in checked.texts for checked in self.checked.values())


def _list_unsaved(folder: str, documents: Documents) -> Iterator[str]:
    """New files of a folder, which the disk does not hold yet."""
    return (path for path in documents.open if is_below(path, folder) and not os.path.exists(path))


def _list_logged(checked: Checked) -> Iterator[str]:
    for notice in checked.notices:
        if notice.kind in (NoticeKind.INTERNAL_ERROR, NoticeKind.UNREADABLE):
            yield f"{notice.text}\n{notice.details}".rstrip()
