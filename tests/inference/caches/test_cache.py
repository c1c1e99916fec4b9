"""The cache folder: whole files or none, and not for ever."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from sotto.inference.caches import cache
from sotto.inference.caches.cache import UNUSED_S


def write(path: Path, content: bytes) -> None:
    with cache.replacing(path) as file:
        file.write(content)


def interrupted_write(file: IO[bytes]) -> None:
    file.write(b"new")
    raise KeyboardInterrupt


def age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write(path, b"old")
    with cache.replacing(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_an_exception_leaves_all_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write(path, b"old")
    with pytest.raises(KeyboardInterrupt), cache.replacing(path) as file:
        interrupted_write(file)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


WRITES = """
import sys
from pathlib import Path
from sotto.inference.caches import cache
with cache.replacing(Path(sys.argv[1])) as file:
    file.write(bytes(1_000_000))
    file.flush()
    print("writes", flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_write_left_goes_with_the_next_one_but_not_before_it_was_killed(
    tmp_path: Path,
) -> None:
    path, other = tmp_path / "file", tmp_path / "other"
    command = [sys.executable, "-c", WRITES, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        (partial,) = tmp_path.iterdir()
        cache.check_room(tmp_path, 1)
        write(other, b"new")
        assert set(tmp_path.iterdir()) == {partial, other}
        process.kill()
    write(other, b"newer")
    assert list(tmp_path.iterdir()) == [other]


def test_what_nobody_used_for_a_month_goes_when_something_is_written(tmp_path: Path) -> None:
    for name, seconds in {"used": UNUSED_S + 60, "unused": UNUSED_S + 60, "young": 60}.items():
        (tmp_path / name).touch()
        age(tmp_path / name, seconds)
    (tmp_path / "folder").mkdir()
    age(tmp_path / "folder", UNUSED_S + 60)
    cache.mark_used(tmp_path / "used")
    write(tmp_path / "new", b"")
    assert {path.name for path in tmp_path.iterdir()} == {"used", "young", "new", "folder"}


def test_marking_a_file_that_is_gone_is_no_error(tmp_path: Path) -> None:
    cache.mark_used(tmp_path / "gone")
    assert not list(tmp_path.iterdir())


def test_room_is_looked_for_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        cache.check_room(tmp_path / "file", 1)
    with pytest.raises(OSError, match="No space left"):
        cache.check_room(tmp_path / "small", 1 << 60)
    cache.check_room(tmp_path / "new" / "folder", 1)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "new" / "folder").stat().st_mode & 0o777 == 0o700
