"""What a killed window owes is in the text and in the history of the next."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, QProcess
from pytestqt.qtbot import QtBot

from sotto.app.core.history import Entry, History, history_path
from sotto.app.core.journal.left import MOST_TRIES
from sotto.app.core.journal.pages import Pages
from sotto.app.core.journal.places import journals_folder
from sotto.app.core.journal.record import Passage, Record
from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.core.transcript import Paragraph, Transcript
from sotto.app.dictating.recovering.recovery_process import FACE
from sotto.app.service.dictation import Dictation
from sotto.app.service.storage.history_writer import HistoryWriter
from sotto.app.service.storage.recoverer import Recoverer
from sotto.app.service.storage.text_storage import TextStorage
from sotto.audio.files.reading import read_audio
from tests.helpers.scripted_engine import ScriptedEngine

PATIENCE_MS = 120_000
PASSAGES = (Passage(0, 0.0, 1.0, " First new line", "en"), Passage(1, 1.0, 2.0, " Second", "en"))

Recover = Callable[..., tuple[Dictation, list[str]]]


def left(*passages: Passage, model_breaks: bool = False) -> None:
    pages = Pages.new(journals_folder())
    if model_breaks:
        pages.append(0, np.zeros(16_000, np.int16))
    pages.write(Record(FACE, passages=passages))
    pages.give_up()


def entries() -> tuple[Entry, ...]:
    with closing(History(history_path())) as history:
        return history.search()


@pytest.fixture
def recover(qtbot: QtBot, owner: QObject, tmp_path: Path) -> Recover:
    def start(**settings: object) -> tuple[Dictation, list[str]]:
        store = SettingsStore(Settings(**settings))  # type: ignore[arg-type]  # by name
        dictation = Dictation(ScriptedEngine(), store, owner)
        texts = TextStorage(tmp_path / "texts", owner)
        dictation.transcript_changed.connect(texts.keep)
        writer = HistoryWriter(dictation, store, texts)
        recoverer = Recoverer(dictation, store, writer)
        told: list[str] = []
        recoverer.failed.connect(told.append)
        dictation.put(Transcript((Paragraph(0.0, 1.0, "Said since."),)))
        recoverer.start()
        qtbot.waitUntil(
            lambda: not any(journals_folder().iterdir()) or (bool(told) and "yet" in told[0]),
            timeout=PATIENCE_MS,
        )
        recoverer.close()
        process = recoverer.findChild(QProcess)
        assert process is not None
        qtbot.waitUntil(
            lambda: process.state() is QProcess.ProcessState.NotRunning, timeout=PATIENCE_MS
        )
        return dictation, told

    return start


def texts_of(folder: Path) -> list[str]:
    return [path.read_text() for path in folder.glob("*.txt")]


def test_it_stands_before_what_was_said_since_and_in_the_history(recover: Recover) -> None:
    left(*PASSAGES)
    dictation, _ = recover()
    assert [each.text for each in dictation.transcript.paragraphs] == [
        "First",
        "Second",
        "Said since.",
    ]
    assert [(each.text, each.end_s) for each in reversed(entries())] == [
        ("First", 1.0),
        ("Second", 2.0),
    ]


def test_without_a_history_it_is_in_the_text_alone(recover: Recover, tmp_path: Path) -> None:
    left(*PASSAGES)
    dictation, _ = recover(history=False)
    assert len(dictation.transcript.paragraphs) == 3
    assert not history_path().exists()
    assert texts_of(tmp_path / "texts") == ["First\nSecond\nSaid since.\n"]


def test_what_cannot_be_recognised_now_stays(recover: Recover) -> None:
    left(model_breaks=True)
    # The child reads the same environment.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOTTO_MODEL", "no-such-model")
        _, told = recover()
    (line,) = told
    assert "is not recovered yet" in line
    assert "\n" not in line
    assert any(journals_folder().iterdir())


def test_sound_on_which_recognition_breaks_is_in_the_history(recover: Recover) -> None:
    pages = Pages.new(journals_folder())
    pages.append(0, np.full(32_000, 1000, np.int16))
    pages.write(Record(FACE, until=16_000, committed=" Certain words", tries=MOST_TRIES))
    pages.give_up()
    _, told = recover()
    (entry,) = entries()
    assert (entry.text, entry.start_s, entry.end_s) == ("Certain words", 1.0, 2.0)
    assert entry.sound is not None
    assert np.allclose(read_audio(entry.sound), 1000 / 32_768, atol=1e-3)
    (line,) = told
    assert "for a day" in line
