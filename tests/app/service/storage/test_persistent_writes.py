"""A full or read-only disk is told once, and what it refused is written when there is room."""

import contextlib
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QObject
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from sotto.app.core.archive import transcripts_folder
from sotto.app.core.events import Final, FinalSound
from sotto.app.core.history import History, history_path
from sotto.app.core.settings import Settings, SettingsStore, load, settings_path
from sotto.app.core.transcript import from_text
from sotto.app.dictating.messages import Finished, Unrecognised
from sotto.app.dictating.phases import Purpose
from sotto.app.service.dictation import Dictation
from sotto.app.service.qt_settings import SettingsSaver
from sotto.app.service.storage.history_writer import HistoryWriter
from sotto.app.service.storage.persistent_writes import PersistentWrites
from sotto.app.service.storage.text_storage import TextStorage
from sotto.errors import OutputError
from tests.helpers.scripted_engine import ScriptedEngine
from tests.helpers.small_disk import small

PATIENCE_MS = 60_000


class Disk:
    """Takes writes, or not."""

    def __init__(self) -> None:
        self.is_full = False
        self.written: list[str] = []

    def write(self, text: str) -> None:
        if self.is_full:
            raise OutputError("full")
        self.written.append(text)


def flushed(qtbot: QtBot, writes: PersistentWrites | SettingsSaver | TextStorage) -> None:
    done: list[None] = []
    writes.flush(lambda: done.append(None))
    qtbot.waitUntil(lambda: bool(done), timeout=PATIENCE_MS)


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def writes(owner: QObject, told: list[str]) -> PersistentWrites:
    writes = PersistentWrites("test", owner)
    writes.failed.connect(told.append)
    return writes


def test_all_is_written_in_order_once_there_is_room(
    qtbot: QtBot, writes: PersistentWrites, told: list[str]
) -> None:
    disk = Disk()
    disk.is_full = True
    for text in ("one", "two"):
        writes.write(lambda text=text: disk.write(text))  # type: ignore[misc]  # bound now
    flushed(qtbot, writes)
    disk.is_full = False
    writes.write(lambda: disk.write("three"))
    flushed(qtbot, writes)
    assert disk.written == ["one", "two", "three"]
    assert told == ["full"]
    disk.is_full = True
    writes.write(lambda: disk.write("four"))
    flushed(qtbot, writes)
    assert told == ["full", "full"]  # again, for something was written meanwhile


def test_a_newer_text_takes_the_place_of_one_that_waits(
    qtbot: QtBot, writes: PersistentWrites
) -> None:
    disk = Disk()
    disk.is_full = True
    for text in ("one", "one two"):
        writes.write(lambda text=text: disk.write(text), replaces="text")  # type: ignore[misc]
    flushed(qtbot, writes)
    disk.is_full = False
    flushed(qtbot, writes)
    assert disk.written == ["one two"]


def test_a_defect_holds_nothing_up(qtbot: QtBot, writes: PersistentWrites) -> None:
    disk = Disk()
    with capture_exceptions() as raised:
        writes.write(lambda: 1 // 0)
        writes.write(lambda: disk.write("one"))
        flushed(qtbot, writes)
    assert [kind for kind, _, _ in raised] == [ZeroDivisionError]
    assert disk.written == ["one"]


# Real disks ------------------------------------------------------------------------------------


Refuse = Callable[[], Callable[[], None]]


@pytest.fixture(params=["full", "read-only"])
def refuse(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Refuse]:
    """Have the user's data and settings on a disk that refuses, once it is called."""
    place = tmp_path / "disk"
    place.mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(place / "data"))
    monkeypatch.setenv("SOTTO_CONFIG_DIR", str(place / "config"))
    with small(place):
        yield _full(place) if request.param == "full" else _read_only(place)


def _full(place: Path) -> Refuse:
    def fill() -> Callable[[], None]:
        ballast = place / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        return ballast.unlink

    return fill


def _read_only(place: Path) -> Refuse:
    def remount(mode: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{mode}", str(place)], check=True)

    def refuse() -> Callable[[], None]:
        remount("ro")
        return lambda: remount("rw")

    return refuse


def finished(text: str, utterance: int) -> Finished:
    return Finished(1, Purpose.WINDOW, Final(1.0, 1.0, 0.0, 1.0, text, utterance=utterance))


def test_refused_texts_come_into_the_history(
    qtbot: QtBot, owner: QObject, tmp_path: Path, refuse: Refuse, told: list[str]
) -> None:
    store = SettingsStore(Settings())
    dictation = Dictation(ScriptedEngine(), store, owner)
    writer = HistoryWriter(dictation, store, TextStorage(tmp_path / "texts", dictation))
    writer.failed.connect(told.append)
    with closing(History(history_path())):
        pass
    make_room = refuse()
    for utterance, text in enumerate(("One.", "Two.")):
        dictation.finished.emit(finished(text, utterance))
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE_MS)
    make_room()
    dictation.finished.emit(finished("Three.", 2))
    closed: list[None] = []
    writer.close(lambda: closed.append(None))
    qtbot.waitUntil(lambda: bool(closed), timeout=PATIENCE_MS)
    with closing(History(history_path())) as history:
        assert [entry.text for entry in reversed(history.search())] == ["One.", "Two.", "Three."]
    (line,) = told
    assert str(history_path().parent) in line
    assert "make room" in line


def test_sound_that_could_not_be_recognised_comes_into_the_history(
    qtbot: QtBot, owner: QObject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    store = SettingsStore(Settings())
    dictation = Dictation(ScriptedEngine(), store, owner)
    writer = HistoryWriter(dictation, store, TextStorage(tmp_path / "texts", dictation))
    pcm = np.linspace(-0.5, 0.5, 16_000, dtype=np.float32)
    dictation.unrecognised.emit(Unrecognised(1, FinalSound(2.0, 3.0, pcm), "editor"))
    closed: list[None] = []
    writer.close(lambda: closed.append(None))
    qtbot.waitUntil(lambda: bool(closed), timeout=PATIENCE_MS)
    with closing(History(history_path())) as history:
        (entry,) = history.search()
    assert (entry.text, entry.start_s, entry.end_s) == ("[not recognised]", 2.0, 3.0)
    assert entry.application == "editor"
    assert entry.sound is not None
    kept, _ = soundfile.read(entry.sound, dtype="float32")
    assert np.abs(kept - pcm).max() < 1e-3


def test_refused_texts_are_kept(
    qtbot: QtBot, owner: QObject, refuse: Refuse, told: list[str]
) -> None:
    texts = TextStorage(transcripts_folder(), owner)
    texts.failed.connect(told.append)
    texts.keep(from_text("One."))
    flushed(qtbot, texts)
    make_room = refuse()
    kept: list[str] = []
    texts.keep(from_text("One.\n" + "Two. " * 2000))
    texts.when_kept(lambda: kept.append("two"))
    texts.keep(from_text("One.\n" + "Three. " * 2000))
    flushed(qtbot, texts)
    assert kept == []
    make_room()
    flushed(qtbot, texts)
    (path,) = transcripts_folder().glob("*.txt")
    assert path.read_text().startswith("One.\nThree. Three.")
    assert kept == ["two"]
    (line,) = told
    assert str(transcripts_folder()) in line


def test_refused_settings_are_saved(
    qtbot: QtBot, owner: QObject, refuse: Refuse, told: list[str]
) -> None:
    saver = SettingsSaver(owner)
    saver.failed.connect(told.append)
    saver.save({"font_size": 20})
    flushed(qtbot, saver)
    make_room = refuse()
    saver.save({"vocabulary": tuple(f"Name {number}" for number in range(500))})
    saver.save({"font_size": 21})
    flushed(qtbot, saver)
    assert load().settings.font_size == 20
    make_room()
    flushed(qtbot, saver)
    assert load().settings.font_size == 21
    assert len(load().settings.vocabulary) == 500
    (line,) = told
    assert str(settings_path().parent) in line
