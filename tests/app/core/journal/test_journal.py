"""A journal while its session listens: on disk at once, gone once all is kept."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from sotto.app.core.events import Final, Partial
from sotto.app.core.journal.journal import Journal
from sotto.app.core.journal.left import LeftJournal, left_journals
from sotto.app.core.journal.pages import PIECE, Pages
from sotto.app.core.journal.places import journals
from sotto.app.core.journal.record import Record
from tests.helpers.small_disk import small

PATIENCE_S = 60


def final(utterance: int, start: float, end: float) -> Final:
    return Final(end, end, start, end, f" Text {utterance}.", utterance=utterance)


def pcm(seconds: float) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    return np.full(round(16_000 * seconds), 0.25, np.float32)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def n_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.pcm"))


def found(folder: Path) -> LeftJournal:
    (one,) = left_journals(folder, "listen")
    return one


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    journal = Journal(tmp_path, Record("listen"))
    journal.start()
    return journal


def test_sound_is_on_disk_while_the_session_runs(journal: Journal, tmp_path: Path) -> None:
    journal.append(pcm(0.1))
    wait_for(lambda: n_bytes(tmp_path) == 3200)
    journal.end(is_whole=True)
    assert journal.join(PATIENCE_S)
    assert list(tmp_path.iterdir()) == []


def test_what_is_whole_stays_until_its_text_is_kept(journal: Journal, tmp_path: Path) -> None:
    journal.append(pcm(1.0))
    journal.hear(final(0, 0.0, 0.9))
    journal.end(is_whole=True)
    assert not journal.join(0.2)
    assert len(journals(tmp_path)) == 1
    journal.kept(0)
    assert journal.join(PATIENCE_S)
    assert list(tmp_path.iterdir()) == []


def test_what_broke_off_is_left_to_be_recovered(journal: Journal, tmp_path: Path) -> None:
    journal.append(pcm(2.0))
    journal.hear(final(0, 0.0, 1.0))
    journal.hear(Partial(1.5, 1.5, " And", " more"))
    journal.kept(0)
    journal.end(is_whole=False)
    assert journal.join(PATIENCE_S)
    one = found(tmp_path)
    assert (one.record.until, one.record.committed) == (16_000, " And")
    assert np.allclose(one.sound(), pcm(1.0))


def test_silence_takes_no_room(journal: Journal, tmp_path: Path) -> None:
    for second in range(1, 31):
        journal.append(pcm(1.0))
        journal.settle(16_000 * second)
    wait_for(lambda: bool(journals(tmp_path)))
    written = Pages(journals(tmp_path)[0])
    wait_for(lambda: (written.record() or Record("")).until > 28 * 16_000)
    wait_for(lambda: n_bytes(tmp_path) <= 2 * PIECE)
    journal.end(is_whole=True)
    assert journal.join(PATIENCE_S)


def test_loud_sound_is_clipped_and_does_not_wrap(journal: Journal, tmp_path: Path) -> None:
    journal.append(np.array([2.0, -2.0, 1.0, -1.0], np.float32))
    journal.end(is_whole=False)
    assert journal.join(PATIENCE_S)
    assert np.allclose(found(tmp_path).sound(), [1.0, -1.0, 1.0, -1.0], atol=1e-4)


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 64 KB."""
    place = tmp_path / "disk"
    place.mkdir()
    with small(place):
        yield place


def test_a_full_disk_is_told_once_and_written_when_there_is_room(full_disk: Path) -> None:
    told: list[str] = []
    is_told = threading.Event()

    def tell(line: str) -> None:
        told.append(line)
        is_told.set()

    (full_disk / "ballast").write_bytes(bytes(40_000))
    folder = full_disk / "journal"
    journal = Journal(folder, Record("listen"), tell)
    journal.start()
    spoken = np.random.default_rng(0).uniform(-1, 1, 24_000).astype(np.float32)
    for at in range(0, 24_000, 160):  # 48 KB in all
        journal.append(spoken[at : at + 160])
    assert is_told.wait(PATIENCE_S)
    (full_disk / "ballast").unlink()
    wait_for(lambda: n_bytes(folder) == 48_000)
    journal.end(is_whole=False)
    assert journal.join(PATIENCE_S)
    assert told == [
        f"{folder} cannot be written (no space left on device): dictation goes on, but a crash "
        "would lose what is being said; make room there."
    ]
    assert np.allclose(found(folder).sound(), spoken, atol=1e-4)


def test_where_no_folder_can_be_that_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    (tmp_path / "journal").touch()
    journal = Journal(tmp_path / "journal", Record("listen"), told.append)
    journal.start()
    wait_for(lambda: bool(told))
    journal.end(is_whole=True)
    assert journal.join(PATIENCE_S)
    assert told[0].endswith("make it a folder of your own.")


def test_who_never_started_has_nothing_to_wait_for(tmp_path: Path) -> None:
    assert Journal(tmp_path, Record("listen")).join()
