import fcntl
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sotto.app.core.private_file import create_private, write_output, write_private
from sotto.errors import OutputError
from sotto.leftovers import remove_leftovers
from tests.helpers.small_disk import small


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


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    link = tmp_path / "talk.txt"
    link.symlink_to(Path("notes") / "kept.txt")
    for text in ("new", "newer"):
        write_output(link, text)
        assert (tmp_path / "notes" / "kept.txt").read_text() == text
    assert link.is_symlink()


def test_a_name_may_be_as_long_as_the_disk_lets_it(tmp_path: Path) -> None:
    for write in (write_output, write_private):
        path = tmp_path / ("é" * 125 + ".text")
        write(path, "text")
        assert [each.name for each in tmp_path.iterdir()] == [path.name]


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


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 64 KB."""
    place = tmp_path / "disk"
    place.mkdir()
    with small(place):
        yield place


def test_a_full_disk_keeps_the_old_file(small_disk: Path) -> None:
    path = small_disk / "said.txt"
    write_private(path, "old")
    with pytest.raises(OutputError, match=rf"no space left on device\); make room in {small_disk}"):
        write_private(path, bytes(100_000))
    assert path.read_text(encoding="utf-8") == "old"
    assert list(small_disk.iterdir()) == [path]


def test_a_full_disk_leaves_no_empty_new_file(small_disk: Path) -> None:
    with pytest.raises(OutputError, match="no space left on device"):
        create_private(small_disk / "said.txt", "x" * 100_000)
    assert list(small_disk.iterdir()) == []


WRITES_FOR_EVER = """
import sys
from pathlib import Path
from sotto.app.core import private_file
if sys.argv[2] == "named":
    private_file._open_unnamed = lambda *_: None
print("begins", flush=True)
while True:
    private_file.write_private(Path(sys.argv[1]), bytes(3_000_000))
"""


@pytest.mark.parametrize("way", ["unnamed", "named"])
def test_killed_writes_leave_nothing_once_sotto_starts_again(tmp_path: Path, way: str) -> None:
    path = tmp_path / "said.txt"
    write_private(path, "old")
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WRITES_FOR_EVER, str(path), way], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            while path.read_bytes() == b"old":
                assert process.poll() is None
            process.kill()
        remove_leftovers([tmp_path])
        assert list(tmp_path.iterdir()) == [path]
        assert path.read_bytes() == bytes(3_000_000)  # whole


def test_only_leftovers_of_ours_are_removed_and_none_that_is_being_written(tmp_path: Path) -> None:
    hidden, theirs, written = (
        tmp_path / name for name in (".bashrc", ".notes.txt.abcd1234", ".said.txt.abcd1234")
    )
    hidden.touch(mode=0o600)
    theirs.touch(mode=0o644)
    theirs.chmod(0o644)
    (tmp_path / ".elsewhere.abcd1234").symlink_to(theirs)
    with written.open("w") as file:
        written.chmod(0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        assert remove_leftovers([tmp_path, tmp_path / "nowhere", theirs]) == 0
    assert remove_leftovers([tmp_path]) == 1
    assert not written.exists()
    assert len(list(tmp_path.iterdir())) == 3
