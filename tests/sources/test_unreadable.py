"""What cannot be read is one notice with its reason, and the rest is read."""

import errno
import io
import os
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kubeqed.diagnostic import Notice, NoticeKind, Span
from kubeqed.sources import SourceFile, collect, read
from kubeqed.sources.content import LARGEST
from kubeqed.sources.disk import DiskTree

Put = Callable[..., None]


def unreadable(path: str, reason: str) -> Notice:
    return Notice(NoticeKind.UNREADABLE, Span(path, 1, 1, 1, 1), f"cannot read {path}: {reason}")


def not_read(path: str, reason: str) -> Notice:
    return Notice(NoticeKind.NOT_READ, Span(path, 1, 1, 1, 1), f"{path} is not read: {reason}")


def test_a_missing_path(put: Put) -> None:
    put("a.yaml")
    collected = collect(["gone.yaml", "a.yaml"], None)
    assert collected.notices == (unreadable("gone.yaml", "no such file or directory"),)
    assert collected.files == (SourceFile("a.yaml", b"a.yaml"),)


def test_an_empty_path(here: Path) -> None:
    assert [notice.text for notice in collect([""], None).notices] == [
        "cannot read an empty path: no such file or directory"
    ]


def test_links_that_lead_nowhere(put: Put, here: Path) -> None:
    put("k/z.yaml")
    os.symlink("gone", here / "k/dangling.yaml")
    os.symlink("circle.yaml", here / "k/circle.yaml")
    os.symlink("someone@host.1", here / "k/.#z.yaml")
    os.symlink("gone", here / "k/dangling")
    collected = collect(["k"], None)
    (notice,) = collected.notices
    assert notice.text == "k/circle.yaml, k/dangling.yaml are not read: a link that leads nowhere"
    assert [item.path for item in collected.unread] == ["k/circle.yaml", "k/dangling.yaml"]
    assert [file.path for file in collected.files] == ["k/z.yaml"]


def test_special_files_are_not_waited_for(put: Put, here: Path) -> None:
    put("k/z.yaml")
    os.mkfifo(here / "k/pipe.yaml")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("k/socket.yaml")
        collected = collect(["k"], None)
    assert collected.notices == (
        not_read("k/pipe.yaml", "a named pipe"),
        not_read("k/socket.yaml", "a socket"),
    )
    assert [file.path for file in collected.files] == ["k/z.yaml"]


def test_what_the_user_names_is_read_whatever_it_is(put: Put, here: Path) -> None:
    put("outside/a.yaml", "repo/.git/HEAD")
    os.symlink("../outside/a.yaml", here / "repo/link.yaml")
    os.mkfifo(here / "repo/pipe.yaml")
    with ThreadPoolExecutor() as threads:
        writing = threads.submit((here / "repo/pipe.yaml").write_text, "piped")
        collected = collect(["repo/link.yaml", "repo/pipe.yaml", "/dev/null"], None)
        writing.result()
    assert collected.notices == ()
    assert [file.content for file in collected.files] == [b"", b"outside/a.yaml", b"piped"]


def test_the_shells_streams_are_read() -> None:
    receiver, sender = os.pipe()
    with os.fdopen(receiver), os.fdopen(sender, "wb") as stream:
        stream.write(b"kind: Service")
        stream.close()
        assert collect([f"/dev/fd/{receiver}"], None).files == (SourceFile(f"/dev/fd/{receiver}", b"kind: Service"),)


def test_a_file_that_is_too_large(put: Put, here: Path) -> None:
    put("a.yaml", "fits.yaml")
    os.truncate(here / "a.yaml", LARGEST + 1)
    os.truncate(here / "fits.yaml", LARGEST)
    collected = collect(["."], None)
    assert collected.notices == (not_read("a.yaml", "larger than 64 MiB"),)
    assert collect(["a.yaml"], None).notices == (unreadable("a.yaml", "larger than 64 MiB"),)
    assert [(file.path, len(file.content)) for file in collected.files] == [("fits.yaml", LARGEST)]


def test_a_stream_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kubeqed.sources.content.LARGEST", 1024 * 1024)
    endless = io.BytesIO(bytes(2 * 1024 * 1024))
    assert collect(["-"], endless).notices == (unreadable("<stdin>", "larger than 1 MiB"),)
    assert endless.tell() == 1024 * 1024 + 1


def test_standard_input_that_is_closed() -> None:
    assert collect(["-"], None).notices == (unreadable("<stdin>", "standard input is closed"),)


def test_a_directory_that_may_not_be_opened(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put("k/a.yaml", "k/secret/b.yaml")
    entries = DiskTree.entries

    def refusing(tree: DiskTree, directory: str) -> object:  # tests may run as root, whom no mode stops
        if directory.endswith("/secret"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return entries(tree, directory)

    monkeypatch.setattr(DiskTree, "entries", refusing)
    collected = collect(["k", "."], None)
    assert collected.notices == (unreadable("k/secret", "permission denied"),)
    assert [file.path for file in collected.files] == ["k/a.yaml"]


def test_the_root_of_all_directories_keeps_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(tree: DiskTree, directory: str) -> object:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(DiskTree, "entries", refusing)
    assert collect(["/"], None).notices == (unreadable("/", "permission denied"),)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(put: Put, here: Path) -> None:
    put("a.yaml")
    (here / "a.yaml").chmod(0)
    assert collect(["a.yaml"], None).notices == (unreadable("a.yaml", "permission denied"),)


def test_read_says_why_not(put: Put) -> None:
    put("k/a.yaml")
    assert read("k/a.yaml") == SourceFile("k/a.yaml", b"k/a.yaml")
    with pytest.raises(OSError, match="it is a directory"):
        read("k")
    with pytest.raises(FileNotFoundError):
        read("gone")


def test_names_that_are_not_utf8(here: Path) -> None:
    Path(os.fsdecode(b"k-\xff.yaml")).write_bytes(b"x")
    assert [os.fsencode(file.path) for file in collect(["."], None).files] == [b"k-\xff.yaml"]
