"""One session after another, as hotkey and window ask for them."""

import threading
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from sotto.app.core.spoken_languages import Spoken
from sotto.app.dictating.engine import Sink
from sotto.app.dictating.messages import Request, Sound
from sotto.app.dictating.phases import Phase, Purpose
from tests.app.ui.conftest import OpenWindow, wait_for_phase
from tests.helpers.scripted_engine import (
    FINISHING,
    LISTENING,
    PREPARING,
    STOPPED,
    ScriptedEngine,
    ScriptedSession,
    final,
    partial,
)

PATIENCE_S = 60


def wait_for(event: threading.Event) -> Callable[[], None]:
    def wait() -> None:
        assert event.wait(PATIENCE_S)

    return wait


def test_the_next_session_is_opened_while_the_one_before_is_still_finishing(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    let_go = threading.Event()
    after = (FINISHING, wait_for(let_go), final("One"), STOPPED)
    engine = ScriptedEngine(after=after)
    window = open_window(engine)
    dictation = window.dictation
    began: list[tuple[Purpose, str]] = []
    dictation.began.connect(lambda _: began.append((dictation.purpose, dictation.transcript.text)))
    window.toggle()
    wait_for_phase(qtbot, window, Phase.LISTENING)
    dictation.listen(Request(Purpose.APPLICATION, Sound.MICROPHONE, "usb", "base.en"))
    qtbot.waitUntil(lambda: len(engine.sessions) == 2)  # its microphone is open already
    assert dictation.phase is Phase.FINISHING
    assert not engine.sessions[1].thread.is_alive()
    let_go.set()
    wait_for_phase(qtbot, window, Phase.LISTENING)
    assert began == [(Purpose.WINDOW, ""), (Purpose.APPLICATION, "One\n")]
    assert engine.opened == [("listen", "", "basic"), ("listen", "usb", "base.en")]


@pytest.mark.parametrize(("end", "text"), [("stop", "One\nTwo\n"), ("cancel", "One\n")])
def test_what_is_asked_of_the_next_session_leaves_the_one_before_alone(
    qtbot: QtBot, open_window: OpenWindow, end: str, text: str
) -> None:
    let_go = threading.Event()
    texts = iter(("One", "Two"))
    after = (FINISHING, wait_for(let_go), lambda: None)

    class Engine(ScriptedEngine):
        def listen(
            self,
            microphone: str,
            model: str,
            sink: Sink,
            spoken: Spoken | None = None,
            *,
            is_kept: bool = True,
        ) -> ScriptedSession:
            self.after = (*after, final(next(texts)), STOPPED)
            return super().listen(microphone, model, sink, spoken, is_kept=is_kept)

    window = open_window(Engine())
    window.toggle()
    wait_for_phase(qtbot, window, Phase.LISTENING)
    window.dictation.listen(Request(Purpose.APPLICATION, Sound.MICROPHONE, "", "base.en"))
    getattr(window.dictation, end)()
    let_go.set()
    wait_for_phase(qtbot, window, Phase.IDLE)
    assert window.dictation.transcript.text == text


def test_cancelling_forgets_what_is_being_said(qtbot: QtBot, open_window: OpenWindow) -> None:
    engine = ScriptedEngine(
        before=(PREPARING, LISTENING, final("One"), partial("two", " three")),
        after=(FINISHING, final("two three"), STOPPED),
    )
    window = open_window(engine)
    window.toggle()
    qtbot.waitUntil(lambda: window.dictation.transcript.live == "two three")
    window.dictation.cancel()
    wait_for_phase(qtbot, window, Phase.IDLE)
    assert window.dictation.transcript.text == "One\n"
