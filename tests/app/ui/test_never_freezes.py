import threading
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from sotto.app.core.events import Level
from sotto.app.dictating.phases import Phase
from sotto.app.ui.main_window.main_window import MainWindow
from tests.app.ui.conftest import OpenWindow, wait_for_phase
from tests.helpers.scripted_engine import (
    LISTENING,
    PREPARING,
    ScriptedEngine,
    final,
    partial,
)
from tests.helpers.windows import new_window

BEATS = 100
LONG_MS = 120_000  # machines are shared; a frozen window never gets there


class Heart:
    """Counts how often Qt's event loop comes round while `beating` is set elsewhere."""

    def __init__(self, window: MainWindow) -> None:
        self.beats = 0
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._beat)
        self._timer.start(1)

    def _beat(self) -> None:
        self.beats += 1


def test_the_window_lives_while_the_engine_posts_without_pause(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    enough = threading.Event()
    posted = 0

    def flood() -> None:
        nonlocal posted
        sink = engine.sessions[0]._sink
        while not enough.is_set():
            sink(partial(" word" * (posted % 50), " more"))
            sink(Level(-20.0, -10.0))
            if posted % 100 == 0:
                sink(final(" Said."))
            posted += 1
            # A real engine releases the interpreter in every decode; so does this one, rarely.
            if posted % 20 == 0:
                time.sleep(0)

    engine = ScriptedEngine([PREPARING, LISTENING, flood])
    window = open_window(engine)
    window.toggle()
    wait_for_phase(qtbot, window, Phase.LISTENING)
    heart = Heart(window)
    try:
        qtbot.waitUntil(lambda: heart.beats >= BEATS and posted >= 2000, timeout=LONG_MS)
    finally:
        enough.set()
    window.toggle()
    wait_for_phase(qtbot, window, Phase.IDLE)
    assert len(window.dictation.transcript.paragraphs) >= posted // 100


def test_the_window_lives_while_a_compiler_keeps_the_interpreter_busy(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    enough = threading.Event()

    def compile_like() -> None:
        while not enough.is_set():
            sum(range(20_000))

    window = open_window(ScriptedEngine([PREPARING, compile_like, LISTENING]))
    window.toggle()
    wait_for_phase(qtbot, window, Phase.PREPARING)
    heart = Heart(window)
    try:
        qtbot.waitUntil(lambda: heart.beats >= BEATS, timeout=LONG_MS)
        assert window.dictation.phase is Phase.PREPARING
    finally:
        enough.set()
    wait_for_phase(qtbot, window, Phase.LISTENING)


def test_the_window_is_there_before_the_devices_answer(qtbot: QtBot, texts: Path) -> None:
    answered = threading.Event()

    class HungDevices(ScriptedEngine):
        def microphones(self) -> tuple[()]:
            answered.wait()
            return ()

    from sotto.app.core.settings import Settings, SettingsStore  # noqa: PLC0415

    window = new_window(HungDevices(), SettingsStore(Settings()), texts)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    heart = Heart(window)
    qtbot.waitUntil(lambda: heart.beats >= BEATS, timeout=LONG_MS)
    qtbot.waitUntil(lambda: window.header.model.count() == 2)
    assert window.banners.message("microphone") is None
    answered.set()
    qtbot.waitUntil(lambda: window.banners.message("microphone") is not None)
