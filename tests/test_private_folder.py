"""Folders and files that are the user's alone, and files that are none."""

import os
import stat
from pathlib import Path

import pytest

from sotto.private_folder import (
    UntrustedError,
    make_missing_folders,
    make_private_folder,
    open_private,
    open_trusted,
)
from sotto.regular_file import open_regular, read_regular


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o777])
def test_all_that_is_made_is_the_users_alone(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        make_private_folder(tmp_path / "a" / "b" / "c")
        os.close(open_private(tmp_path / "a" / "file", os.O_TRUNC))
    finally:
        os.umask(before)
    made = [tmp_path / "a", tmp_path / "a" / "b", tmp_path / "a" / "b" / "c"]
    assert {mode(folder) for folder in made} == {0o700}
    assert mode(tmp_path / "a" / "file") == 0o600


def test_what_was_open_to_others_is_closed_and_its_parents_are_the_users_own(
    tmp_path: Path,
) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for folder in (tmp_path / "a", tmp_path / "a" / "b"):
        folder.chmod(0o775)
    make_private_folder(tmp_path / "a" / "b")
    assert (mode(tmp_path / "a"), mode(tmp_path / "a" / "b")) == (0o775, 0o700)


def test_what_the_user_may_not_do_stays_so(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a").chmod(0o555)
    make_private_folder(tmp_path / "a")
    assert mode(tmp_path / "a") == 0o500


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(FileExistsError):
        make_missing_folders(tmp_path / "a")
    with pytest.raises(NotADirectoryError):
        make_missing_folders(tmp_path / "a" / "b")


def test_only_what_nobody_else_can_have_written_is_trusted(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    path.chmod(0o644)
    with open_trusted(path) as file:
        assert file.read() == b"x"
    (tmp_path / "link").symlink_to(path)
    with pytest.raises(OSError, match="symbolic links"):
        open_trusted(tmp_path / "link")
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(UntrustedError):
        open_trusted(tmp_path / "pipe")
    path.chmod(0o646)
    with pytest.raises(UntrustedError):
        open_trusted(path)
    path.chmod(0o600)
    tmp_path.chmod(0o720)
    with pytest.raises(UntrustedError):
        open_trusted(path)


def test_a_pipe_a_device_and_a_folder_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(OSError, match=r"pipe or a device|directory"):
            open_regular(path)
    (tmp_path / "file").write_bytes(b"x")
    assert read_regular(tmp_path / "file") == b"x"
