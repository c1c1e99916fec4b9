"""What is on disk of a journal: for the user alone, whole whatever ends the process."""

import contextlib
import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.events import CANCELLED, Dropped, Final, Partial
from sotto.app.core.journal.left import KEPT_DAYS, left_journals
from sotto.app.core.journal.pages import PIECE, Pages
from sotto.app.core.journal.places import journals
from sotto.app.core.journal.record import Passage, Record, from_json
from sotto.app.core.settings import Task
from sotto.app.core.spoken_languages import Spoken

FINAL = Final(2.0, 2.0, 0.5, 1.5, " One.", "en", utterance=3)

records = st.builds(
    Record,
    face=st.sampled_from(["listen", "window"]),
    when=st.datetimes().map(lambda when: when.replace(year=2026).astimezone()),
    spoken=st.builds(
        Spoken, st.lists(st.text(), max_size=3).map(tuple), task=st.sampled_from(Task)
    ),
    until=st.integers(0, 2**40),
    passages=st.lists(
        st.builds(
            Passage,
            st.integers(0, 10**6),
            st.floats(0, 1e6),
            st.floats(0, 1e6),
            # Half of a surrogate pair comes out of some recognisers.
            st.text(st.characters(exclude_categories=())),
            st.text(),
        ),
        max_size=4,
    ).map(tuple),
    committed=st.text(),
    tries=st.integers(0, 9),
)


def sound(n_samples: int, seed: int = 0) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    samples = np.random.default_rng(seed).integers(-(2**15), 2**15, n_samples)
    return samples.astype(np.int16)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@given(records)
def test_a_record_comes_back_as_it_was(record: Record) -> None:
    assert from_json(record.to_json()) == record


@given(records, st.data())
def test_a_damaged_record_is_refused_and_nothing_else(record: Record, data: st.DataObject) -> None:
    written = record.to_json()
    at = data.draw(st.integers(0, len(written) - 1))
    damaged = written[:at] + data.draw(st.binary(max_size=6)) + written[at + 1 :]
    # Else it is another record: no more can be asked of a file without a checksum.
    with contextlib.suppress(ValueError):
        from_json(damaged)


@pytest.mark.parametrize(
    "data", [b"", b"null", b"[]", b"7", b'{"version":1}', b'{"version":2}', b"[" * 100_000]
)
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (of any kind)
        from_json(data)


def test_a_final_waits_until_it_is_kept() -> None:
    record = Record("listen").after(Partial(1.0, 1.0, " One", " two")).after(FINAL)
    assert record.passages == (Passage(3, 0.5, 1.5, " One.", "en"),)
    assert (record.until, record.committed) == (24_000, "")
    assert record.kept(3).passages == ()
    assert record.kept(4) == record


def test_what_the_user_cancels_is_forgotten() -> None:
    record = Record("listen").after(Partial(1.0, 1.0, " One", ""))
    assert record.after(Dropped(1.0, 0.0, 1.0, CANCELLED)).until == 16_000


@given(st.lists(st.integers(1, PIECE * 2), max_size=5), st.integers(0, PIECE * 10))
def test_sound_comes_back_from_any_sample_on(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], start: int
) -> None:
    pages = Pages.new(tmp_path_factory.mktemp("journal"))
    given_sound = sound(sum(lengths))
    at = 0
    for length in lengths:
        pages.append(at, given_sound[at : at + length])
        at += length
    assert np.array_equal(pages.sound(start), given_sound[start:])
    pages.forget(start)
    assert np.array_equal(pages.sound(start), given_sound[start:])
    n_kept = sum(path.stat().st_size for path in pages.folder.glob("*.pcm")) // 2
    assert n_kept <= max(0, at - start) + PIECE
    pages.remove()


@given(st.integers(1, PIECE * 3), st.integers(0, PIECE * 3), st.integers(0, PIECE * 4))
def test_sound_that_is_given_again_is_there_once(
    tmp_path_factory: pytest.TempPathFactory, first: int, again_from: int, length: int
) -> None:
    pages = Pages.new(tmp_path_factory.mktemp("journal"))
    given_sound = sound(PIECE * 8)
    pages.append(0, given_sound[:first])
    start = min(again_from, first)
    pages.append(start, given_sound[start : start + length])
    assert np.array_equal(pages.sound(0), given_sound[: max(first, start + length)])
    pages.remove()


def test_the_record_is_on_disk_before_the_sound_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = Pages.new(tmp_path / "journal")
    pages.append(0, sound(PIECE + 100))
    pages.sync()
    done: list[str] = []
    _fsync, _unlink = os.fsync, Path.unlink

    def fsync(descriptor: int) -> None:
        _fsync(descriptor)
        done.append(f"synced {Path(f'/proc/self/fd/{descriptor}').readlink().name}")

    def unlink(path: Path, *, missing_ok: bool = False) -> None:
        _unlink(path, missing_ok=missing_ok)
        done.append(f"deleted {path.suffix}")

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "unlink", unlink)
    pages.write(Record("listen", until=PIECE))
    pages.forget(PIECE)
    assert done == ["synced record.json", "deleted .pcm"]


def test_all_is_for_the_user_alone_whoever_made_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "sotto" / "journal"
    folder.mkdir(mode=0o755, parents=True)
    pages = Pages.new(folder)
    pages.append(0, sound(100))
    pages.write(Record("listen"))
    pages.sync()
    assert {mode(path) for path in (folder.parent, folder, pages.folder)} == {0o700}
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == 3
    assert {mode(path) for path in files} == {0o600}
    pages.remove()
    assert list(folder.iterdir()) == []


def left(folder: Path, record: Record | None, n_samples: int = 100) -> Pages:
    """Leave a journal as a process does that is killed."""
    pages = Pages.new(folder)
    pages.append(0, sound(n_samples))
    if record is not None:
        pages.write(record)
    pages.give_up()
    return pages


def test_a_live_journal_is_nobodys_to_recover(tmp_path: Path) -> None:
    pages = Pages.new(tmp_path)
    pages.write(Record("listen"))
    assert list(left_journals(tmp_path, "listen")) == []
    pages.give_up()
    (found,) = left_journals(tmp_path, "listen")
    assert list(left_journals(tmp_path, "listen")) == []  # it is being recovered
    found.remove()
    assert journals(tmp_path) == []


def test_each_face_recovers_its_own(tmp_path: Path) -> None:
    left(tmp_path, Record("window"))
    assert list(left_journals(tmp_path, "listen")) == []
    assert len(list(left_journals(tmp_path, "window"))) == 1


def test_half_a_sample_at_the_end_is_left_out(tmp_path: Path) -> None:
    pages = left(tmp_path, Record("listen", until=10))
    (piece,) = pages.folder.glob("*.pcm")
    piece.write_bytes(piece.read_bytes() + b"\x01")
    (found,) = left_journals(tmp_path, "listen")
    assert len(found.sound()) == 90


@pytest.mark.parametrize("damage", ["", "{", '{"version": 1, "face": 3}'])
def test_sound_of_a_damaged_record_is_recovered_whole(tmp_path: Path, damage: str) -> None:
    pages = left(tmp_path, Record("listen", until=50))
    (pages.folder / "record.json").write_text(damage)
    (found,) = left_journals(tmp_path, "listen")
    assert len(found.sound()) == 100


def test_sound_without_a_record_is_recovered(tmp_path: Path) -> None:
    left(tmp_path, None)
    (found,) = left_journals(tmp_path, "listen")
    assert len(found.sound()) == 100


def test_what_nobody_came_back_for_is_removed(tmp_path: Path) -> None:
    long_ago = datetime.now().astimezone() - timedelta(days=KEPT_DAYS + 1)
    left(tmp_path, Record("window", when=long_ago))
    assert list(left_journals(tmp_path, "listen")) == []
    assert list(tmp_path.iterdir()) == []


def test_who_is_killed_while_recovering_goes_on_where_it_was(tmp_path: Path) -> None:
    passages = (Passage(0, 0.0, 0.001, "One."), Passage(1, 0.001, 0.002, "Two."))
    left(tmp_path, Record("listen", until=32, passages=passages))
    (first,) = left_journals(tmp_path, "listen")
    first.kept(passages[0])
    first.give_up()
    (second,) = left_journals(tmp_path, "listen")
    assert second.record.passages == passages[1:]
    second.settle(0.005)
    second.give_up()
    (third,) = left_journals(tmp_path, "listen")
    assert len(third.sound()) == 20


def test_other_things_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    (tmp_path / "elsewhere").symlink_to("/")
    assert list(left_journals(tmp_path, "listen")) == []
    assert len(list(tmp_path.iterdir())) == 2
    assert list(left_journals(tmp_path / "a file", "listen")) == []
