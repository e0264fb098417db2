"""One round of checks: each folder of the workspace, and each open file that no folder's check reads."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kubeqed.config import FILE_NAME, Complaint, ConfigurationError
from kubeqed.diagnostic import Diagnostic, NoticeKind
from kubeqed.serve.check import Check, Checked, Pulse, StaleError
from kubeqed.serve.documents import Documents
from kubeqed.sources import with_buffers


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
    check: Check, folders: Sequence[str], documents: Documents, before: CheckRound, pulse: Pulse
) -> CheckRound:
    """Checks everything; where a configuration is wrong, what was found before it went wrong stays."""
    player = _Player(check, documents, before, pulse)
    with with_buffers(documents.buffers):
        for folder in folders:
            player.play(folder, (folder, *_unsaved(folder, documents)))
        for path in documents.open:
            if os.path.basename(path) != FILE_NAME and not player.has_read(path):
                player.play(path, (path,))
    return CheckRound(player.checked, tuple(dict.fromkeys(player.complaints)), tuple(dict.fromkeys(player.log)))


class _Player:
    def __init__(self, check: Check, documents: Documents, before: CheckRound, pulse: Pulse) -> None:
        self._check = check
        self._documents = documents
        self._before = before
        self._pulse = pulse
        self.checked: dict[str, Checked] = {}
        self.complaints: list[Complaint] = []
        self.log: list[str] = []

    def play(self, name: str, paths: tuple[str, ...]) -> None:
        try:
            checked = self._check(paths, self._pulse)
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
            self.log += _logged(checked)
            return
        if name in self._before.checked:
            self.checked[name] = self._before.checked[name]

    def has_read(self, path: str) -> bool:
        return any(path in checked.texts for checked in self.checked.values())


def _unsaved(folder: str, documents: Documents) -> Iterator[str]:
    """New files of a folder, which the disk does not hold yet."""
    return (
        path for path in documents.open if path.startswith(folder.rstrip(os.sep) + os.sep) and not os.path.exists(path)
    )


def _logged(checked: Checked) -> Iterator[str]:
    for notice in checked.notices:
        if notice.kind in (NoticeKind.INTERNAL_ERROR, NoticeKind.UNREADABLE):
            yield f"{notice.text}\n{notice.details}".rstrip()
