import os
import stat
from pathlib import Path

import pytest

from sotto.app.core.private_file import create_private, write_private
from sotto.errors import OutputError

FULL_DISK = Path("/dev/full")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_written_for_the_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "said.txt"
    old_umask = os.umask(0)
    try:
        write_private(path, "Grüße\n")
    finally:
        os.umask(old_umask)
    assert path.read_text(encoding="utf-8") == "Grüße\n"
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_writing_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "said.txt"
    write_private(path, "one")
    write_private(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_creating_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "said.txt"
    create_private(path, "one")
    with pytest.raises(FileExistsError):
        create_private(path, "two")
    assert path.read_text(encoding="utf-8") == "one"
    assert (mode(path), list(tmp_path.iterdir())) == (0o600, [path])


@pytest.mark.parametrize("write", [write_private, create_private])
def test_a_folder_that_is_a_file_is_said_in_one_line(tmp_path: Path, write: object) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"said\.txt could not be written \(not a directory\)"):
        write(tmp_path / "file" / "said.txt", "x")  # type: ignore[operator]  # either function


def test_a_full_disk_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "said.txt"
    write_private(path, "old")
    full = os.open(FULL_DISK, os.O_WRONLY)
    monkeypatch.setattr(
        "tempfile.mkstemp", lambda **_: (full, str(tmp_path / ".said.txt.temporary"))
    )
    with pytest.raises(OutputError, match="no space left on device"):
        write_private(path, "new")
    assert path.read_text(encoding="utf-8") == "old"


def test_a_full_disk_leaves_no_empty_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = os.open(FULL_DISK, os.O_WRONLY)
    monkeypatch.setattr("tempfile.mkstemp", lambda **_: (full, str(tmp_path / ".temporary")))
    with pytest.raises(OutputError, match="no space left on device"):
        create_private(tmp_path / "said.txt", "new")
    assert list(tmp_path.iterdir()) == []
