import os
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sotto.app.core.history import Dictated, Entry, History, history_path
from sotto.errors import OutputError
from tests.app.core.history.conftest import Open

TONE = (0.3 * np.sin(np.arange(8000) / 5)).astype(np.float32)


def said(text: str, **changes: object) -> Dictated:
    fields = {"start_s": 0.5, "end_s": 2.0, "dictation": "one"} | changes
    return Dictated(text, **fields)  # type: ignore[arg-type]  # by name


def texts(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.text for entry in entries]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def files(path: Path) -> set[str]:
    return {str(file.relative_to(path.parent)) for file in path.parent.rglob("*") if file.is_file()}


def test_what_was_added_is_found_when_it_is_opened_again(open_history: Open) -> None:
    first = open_history()
    when = datetime(2026, 11, 21, 8, 15, tzinfo=UTC)
    added = first.add(said("Grüße, 你好 👋\nzwei", application="mousepad", when=when), TONE)
    first.close()
    (found,) = open_history().search()
    assert found == added
    assert (found.text, found.application, found.dictation) == (
        "Grüße, 你好 👋\nzwei",
        "mousepad",
        "one",
    )
    assert (found.start_s, found.end_s, found.duration_s) == (0.5, 2.0, 1.5)
    assert found.when == when
    assert found.when.utcoffset() is not None


def test_a_text_is_said_now_unless_told_otherwise(history: History) -> None:
    entry = history.add(said("now"))
    assert abs(entry.when - datetime.now().astimezone()) < timedelta(minutes=5)
    assert entry.sound is None


def test_what_is_missing_before_a_text_is_kept_and_forgotten_with_it(open_history: Open) -> None:
    first = open_history()
    whole, parted = first.add(said("one")), first.add(said("two", missing_s=2.3))
    first.close()
    history = open_history()
    assert history.search() == (parted, whole)
    assert (parted.missing_s, whole.missing_s) == (2.3, None)
    assert history.search("missing") == ()
    history.delete([parted.id])
    assert history._connection.execute("SELECT * FROM gaps").fetchall() == []


def test_a_history_of_before_gaps_were_kept_is_read(open_history: Open) -> None:
    old = open_history()
    old.add(said("one"))
    old._connection.execute("DROP TABLE gaps")
    old.close()
    assert texts(open_history().search()) == ["one"]


def test_sound_is_kept_as_flac(history: History) -> None:
    entry = history.add(said("a tone"), TONE)
    assert entry.sound is not None
    heard, rate = soundfile.read(entry.sound, dtype="float32")
    assert (rate, soundfile.info(entry.sound).format) == (16_000, "FLAC")
    assert np.allclose(heard, TONE, atol=1e-4)


def test_everything_is_for_the_user_alone_whatever_the_umask(
    path: Path, open_history: Open
) -> None:
    old_umask = os.umask(0)
    try:
        history = open_history()
        entry = history.add(said("private"), TONE)
        history._connection.execute("BEGIN IMMEDIATE")
        history._connection.execute("DELETE FROM entries")
        journal = path.with_name(f"{path.name}-journal")
        assert mode(journal) == 0o600
        history._connection.execute("ROLLBACK")
    finally:
        os.umask(old_umask)
    assert entry.sound is not None
    assert {mode(path), mode(entry.sound)} == {0o600}
    assert {mode(path.parent), mode(entry.sound.parent)} == {0o700}


def test_a_file_that_others_could_read_is_closed_to_them(path: Path, open_history: Open) -> None:
    open_history().close()
    path.chmod(0o644)
    open_history()
    assert mode(path) == 0o600


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["Łódź café", "你好世界", 'He said "50% off"', "A new line_of Straße"]),
        ("CAFE", ["Łódź café"]),
        ("lin strasse", ["A new line_of Straße"]),
        ("new café", []),
        ("世界", ["你好世界"]),
        ("%", ['He said "50% off"']),
        ("_", ["A new line_of Straße"]),
        ('"', ['He said "50% off"']),
        ("' OR 1=1 --", []),
        ("*", []),
        ("\0", []),
        ("\ud83d", []),
    ],
)
def test_search(history: History, words: str, found: list[str]) -> None:
    for text in ("A new line_of Straße", 'He said "50% off"', "你好世界", "Łódź café"):
        history.add(said(text))
    assert texts(history.search(words)) == found


def test_a_search_answers_in_pages(history: History) -> None:
    for number in range(10):
        history.add(said(f"text {number}"))
    first = history.search("text", limit=4)
    second = history.search("text", limit=4, before=first[-1].id)
    third = history.search("text", limit=4, before=second[-1].id)
    assert texts(first + second + third) == [f"text {number}" for number in reversed(range(10))]
    assert history.search(before=third[-1].id) == ()


def test_what_is_deleted_is_really_gone(path: Path, history: History) -> None:
    kept = history.add(said("this one stays"), TONE)
    gone = [history.add(said(f"very secret plan {number}" * 50), TONE) for number in range(40)]
    assert b"secret" in path.read_bytes()
    history.delete(entry.id for entry in gone)
    assert history.search() == (kept,)
    assert kept.sound is not None
    assert files(path) == {path.name, str(kept.sound.relative_to(path.parent))}
    assert b"secret" not in path.read_bytes()
    assert b"stays" in path.read_bytes()


def test_deleting_what_is_gone_already_is_nothing(history: History) -> None:
    first = history.add(said("one"))
    history.delete([first.id])
    second = history.add(said("two"))
    history.delete([first.id, 12345])
    assert history.search() == (second,)


def test_deleting_all(path: Path, history: History) -> None:
    for text in ("secret one", "secret two"):
        history.add(said(text), TONE)
    history.delete_all()
    assert history.search() == ()
    assert files(path) == {path.name}
    assert b"secret" not in path.read_bytes()


def test_old_texts_are_forgotten(path: Path, history: History) -> None:
    now = datetime.now().astimezone()
    for days in (100, 91, 89, 0):
        history.add(said(f"{days} days", when=now - timedelta(days=days)), TONE)
    assert history.forget_older_than(0) == 0
    assert history.forget_older_than(90) == 2
    assert texts(history.search()) == ["0 days", "89 days"]
    assert len(files(path)) == 3
    assert history.forget_older_than(90) == 0


def test_sound_that_passes_is_gone_after_a_day(path: Path, history: History) -> None:
    sound = np.zeros(1600, np.float32)
    now = datetime.now().astimezone()
    long_ago, lately = now - timedelta(hours=25), now - timedelta(hours=23)
    kept = history.add(said("kept", when=long_ago), sound)
    history.add(said("old", when=long_ago), sound, passes=True)
    new = history.add(said("new", when=lately), sound, passes=True)
    history.add(said("silent", when=long_ago))
    assert history.forget_passed_sounds() == 1
    assert history.forget_passed_sounds() == 0
    assert [(entry.text, entry.sound) for entry in reversed(history.search())] == [
        ("kept", kept.sound),
        ("old", None),
        ("new", new.sound),
        ("silent", None),
    ]
    assert set(path.with_name("history-sound").iterdir()) == {kept.sound, new.sound}


def test_another_text_takes_the_place_of_one_and_is_found(history: History) -> None:
    first, second = history.add(said("Wrong.")), history.add(said("Other."))
    history.change_text(first.id, "Café.")
    assert texts(history.search("cafe")) == ["Café."]
    assert texts(history.search("wrong")) == []
    assert history.search("other") == (second,)


def test_two_programs_may_have_it_open(open_history: Open) -> None:
    first, second = open_history(), open_history()
    first.add(said("from the first"), TONE)
    second.add(said("from the second"), TONE)
    assert texts(first.search()) == texts(second.search()) == ["from the second", "from the first"]


def test_opening_leaves_the_sounds_of_another_program(open_history: Open) -> None:
    entry = open_history().add(said("kept"), TONE)
    open_history()
    assert entry.sound is not None
    assert entry.sound.exists()


def test_sounds_that_an_interrupted_change_left_are_removed(path: Path, open_history: Open) -> None:
    history = open_history()
    entry = history.add(said("kept"), TONE)
    assert entry.sound is not None
    leftover = entry.sound.with_name("leftover.flac")
    leftover.write_bytes(entry.sound.read_bytes())
    history.close()
    open_history()
    assert (leftover.exists(), entry.sound.exists()) == (False, True)


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" * 900])
def test_a_damaged_file_is_set_aside(path: Path, open_history: Open, content: bytes) -> None:
    history = open_history()
    sound = history.add(said("before"), TONE).sound
    history.close()
    assert sound is not None
    path.write_bytes(content)
    history = open_history()
    broken = path.with_name("history.sqlite3.broken")
    assert history.warning is not None
    assert str(broken) in history.warning
    assert "\n" not in history.warning
    assert broken.read_bytes() == content
    assert (path.with_name("history-sound.broken") / sound.name).exists()
    assert history.search() == ()
    history.add(said("after"), TONE)
    assert texts(history.search()) == ["after"]


def test_each_damaged_file_is_kept(path: Path, open_history: Open) -> None:
    for content in (b"first " * 1000, b"second " * 1000):
        open_history().close()
        path.write_bytes(content)
        open_history().close()
    assert path.with_name("history.sqlite3.broken").read_bytes() == b"first " * 1000
    assert path.with_name("history.sqlite3.broken-2").read_bytes() == b"second " * 1000


def test_damage_while_it_is_open_is_said_in_one_line(path: Path, history: History) -> None:
    for number in range(200):
        history.add(said(f"text {number} " * 20))
    other = sqlite3.connect(path)
    other.execute("UPDATE entries SET text = 'so that pages are read anew'")
    other.commit()
    other.close()
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * (size - 4096))
    with pytest.raises(OutputError, match=r"is damaged .*; start Sotto anew"):
        history.search()


def test_a_file_of_a_newer_sotto_is_left_alone(path: Path, open_history: Open) -> None:
    history = open_history()
    history._connection.execute("PRAGMA user_version = 2")
    history.close()
    before = path.read_bytes()
    with pytest.raises(OutputError, match=r"written by a newer Sotto; update Sotto"):
        open_history()
    assert path.read_bytes() == before
    assert files(path) == {path.name}


def test_a_folder_that_is_a_file_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"history\.sqlite3 cannot be used \(.*\)"):
        History(tmp_path / "file" / "history.sqlite3")


def test_a_full_disk_is_said_in_one_line(history: History) -> None:
    kept = history.add(said("before"))
    (pages,) = history._connection.execute("PRAGMA page_count").fetchone()
    history._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(OutputError, match=r"cannot be used \(database or disk is full\)"):
        history.add(said("too long" * 10_000))
    assert history.search() == (kept,)


def test_the_file_lies_in_the_users_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert history_path() == tmp_path / "sotto" / "history.sqlite3"


def test_a_text_that_goes_on_in_the_sentence_before_takes_its_full_stop(history: History) -> None:
    history.add(said("Elsewhere."))
    history.add(said("We rest.", dictation="other"))
    history.add(said("and go on.", dictation="other", joined_by=","))
    assert texts(history.search()) == ["and go on.", "We rest,", "Elsewhere."]
    assert texts(history.search("rest,")) == ["We rest,"]
    history.add(said("alone", dictation="third", joined_by=","))
    assert texts(history.search(limit=2)) == ["alone", "and go on."]
