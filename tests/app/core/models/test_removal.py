import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from sotto.app.core.models.removal import Removed, remove
from tools.fixtures.forked_command import run_forked


def model(folder: Path) -> Path:
    (folder / "blobs").mkdir(parents=True)
    (folder / "blobs" / "x").write_bytes(b"x" * 1000)
    (folder / "snapshots" / "1").mkdir(parents=True)
    (folder / "snapshots" / "1" / "model.bin").symlink_to("../../blobs/x")
    return folder


def test_it_tells_what_is_free_again(tmp_path: Path) -> None:
    folder = model(tmp_path / "model")
    assert remove(folder) == Removed(1000)
    assert not folder.exists()
    assert remove(folder) == Removed()


def test_links_are_removed_and_not_followed(tmp_path: Path) -> None:
    folder = model(tmp_path / "model")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "precious").touch()
    (folder / "link").symlink_to(tmp_path / "own")
    assert remove(folder) == Removed(1000)
    assert (tmp_path / "own" / "precious").exists()
    (tmp_path / "link").symlink_to(tmp_path / "own")
    assert remove(tmp_path / "link") == Removed()
    assert (tmp_path / "own" / "precious").exists()


def test_it_tells_what_is_left_and_why(tmp_path: Path) -> None:
    folder = model(tmp_path / "model")
    (folder / "closed").mkdir()
    (folder / "closed" / "y").touch()
    (folder / "closed").chmod(0o500)
    ended = run_forked(removing, [str(folder)], os.environ, tmp_path, timeout_s=60)
    n_bytes, left = json.loads(ended.out)
    assert n_bytes == 1000
    assert left == [f"{folder}/closed/y cannot be removed (permission denied)"]
    assert [path.name for path in folder.rglob("*")] == ["closed", "y"]


def removing(arguments: Sequence[str]) -> int:
    removed = remove(Path(arguments[0]))
    sys.stdout.write(json.dumps([removed.n_bytes, removed.left]))
    return 0


def test_nothing_is_done_to_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        (tmp_path / "nothing").lstat()
    assert remove(tmp_path / "nothing" / "deeper") == Removed()
