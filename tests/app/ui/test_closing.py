import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sotto.app.core.traces.log_file import log_files, log_folder
from sotto.app.dictating.phases import Phase
from sotto.app.ui.main_window.main_window import MainWindow
from tests.app.ui.conftest import OpenWindow, wait_for_phase
from tests.helpers.scripted_engine import (
    FINISHING,
    LISTENING,
    PREPARING,
    STOPPED,
    ScriptedEngine,
    final,
    partial,
)

REPOSITORY = Path(__file__).parents[3]
SPEAKING = """
from sotto.app.core.settings import LoadedSettings, Settings
from sotto.app.core.traces import kept_traces
from sotto.app.ui import main
from tests.helpers.scripted_engine import *

before = [PREPARING, LISTENING, final(" One."), final(" Two."), partial("Three", " fo")]
after = [FINISHING, final(" Three four."), STOPPED]
engine = ScriptedEngine(before=before, after=after)
with kept_traces("test"):
    main.run_window(LoadedSettings(Settings(hotkey="")), engine, listen=True)
"""


def kept(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.txt"))


def close_now(window: MainWindow) -> None:
    (button,) = (
        each for each in window.banners.findChildren(QPushButton) if each.text() == "&Close now"
    )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_closing_in_mid_speech_waits_for_the_last_words(
    qtbot: QtBot, open_window: OpenWindow, texts: Path
) -> None:
    engine = ScriptedEngine(
        before=[PREPARING, LISTENING, final(" One."), partial("Two", " th")],
        after=[FINISHING, lambda: time.sleep(0.3), final(" Two three."), STOPPED],
    )
    window = open_window(engine)
    window.toggle()
    qtbot.waitUntil(lambda: window.dictation.transcript.live != "")
    window.close()
    assert window.isVisible()
    assert window.dock.state.text() == "Finishing…"
    assert window.banners.message("closing") is not None
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)
    assert kept(texts) == "One.\nTwo three.\n"


def test_close_now_does_not_wait_for_a_hung_engine(
    qtbot: QtBot, open_window: OpenWindow, texts: Path
) -> None:
    engine = ScriptedEngine([PREPARING, LISTENING, final(" One."), partial("Two")], after=[])
    window = open_window(engine)
    window.toggle()
    qtbot.waitUntil(lambda: window.dictation.transcript.live != "")
    window.close()
    close_now(window)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)
    assert kept(texts) == "One.\nTwo\n"


def test_words_that_come_after_close_now_do_not_close_it_again(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    given_up, waited = threading.Event(), list[bool]()
    engine = ScriptedEngine(
        before=[PREPARING, LISTENING, partial("Two")],
        after=[FINISHING, lambda: waited.append(given_up.wait(30)), final(" Two three."), STOPPED],
    )
    window = open_window(engine)
    closed: list[None] = []
    window.closed.connect(lambda: closed.append(None))
    window.toggle()
    qtbot.waitUntil(lambda: window.dictation.transcript.live != "")
    window.close()
    close_now(window)
    qtbot.waitUntil(lambda: bool(closed), timeout=30_000)
    given_up.set()
    wait_for_phase(qtbot, window, Phase.IDLE)
    flushed: list[None] = []
    window.text_storage.flush(lambda: flushed.append(None))
    qtbot.waitUntil(lambda: bool(flushed), timeout=30_000)
    assert len(closed) == 1


def test_an_idle_window_closes_at_once(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_a_text_is_kept_at_every_final(qtbot: QtBot, open_window: OpenWindow, texts: Path) -> None:
    window = open_window(ScriptedEngine([PREPARING, LISTENING, final(" One.")]))
    window.toggle()
    qtbot.waitUntil(lambda: kept(texts) == "One.\n")
    assert window.dictation.phase is Phase.LISTENING
    wait_for_phase(qtbot, window, Phase.LISTENING)


@pytest.fixture
def program(display: str, own_folders: None, tmp_path: Path) -> "Iterator[subprocess.Popen[bytes]]":
    process = subprocess.Popen([sys.executable, "-c", SPEAKING], cwd=REPOSITORY, env=os.environ)
    folder = tmp_path / "data" / "sotto" / "transcripts"
    deadline = time.monotonic() + 120
    while kept(folder) != "One.\nTwo.\n":
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield process
    process.kill()


@pytest.mark.parametrize(
    ("number", "left", "code"),
    [
        (signal.SIGKILL, "One.\nTwo.\n", -signal.SIGKILL),
        (signal.SIGTERM, "One.\nTwo.\nThree four.\n", 0),
        (signal.SIGHUP, "One.\nTwo.\nThree four.\n", 0),
        (signal.SIGINT, "One.\nTwo.\nThree four.\n", 0),
    ],
)
def test_the_end_of_the_process_loses_at_most_what_was_tentative(
    program: "subprocess.Popen[bytes]",
    tmp_path: Path,
    number: signal.Signals,
    left: str,
    code: int,
) -> None:
    program.send_signal(number)
    assert program.wait(timeout=120) == code
    assert kept(tmp_path / "data" / "sotto" / "transcripts") == left
    log = "".join(path.read_text() for path in log_files(log_folder())).splitlines()
    ends = [line for line in log if f" {program.pid} " in line and "exit status 0" in line]
    assert len(ends) == (code == 0)


def test_the_window_needs_neither_max_nor_sound_to_appear() -> None:
    heavy = ("max", "sounddevice", "huggingface_hub", "numpy", "soxr", "av")
    code = f"import sys, sotto.app.ui.main; print([m for m in {heavy!r} if m in sys.modules])"
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"
