import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from sotto.app.core.events import Fault, Incident
from sotto.app.core.settings import InsertWhen, Settings, SettingsStore
from sotto.app.core.spoken_languages import Spoken
from sotto.app.desktop.insertion import Outcome
from sotto.app.dictating.engine import Sink
from sotto.app.dictating.messages import Request
from sotto.app.dictating.phases import Ending, Phase, Purpose
from sotto.app.service.background_insertions import BackgroundInsertions
from sotto.app.service.dictation import Dictation
from sotto.errors import DeviceError
from tests.helpers.scripted_engine import (
    FINISHING,
    LISTENING,
    PREPARING,
    STOPPED,
    Script,
    ScriptedEngine,
    ScriptedSession,
    final,
    partial,
)
from tests.helpers.scripted_inserter import CHAT, EDITOR, ScriptedInserter

PATIENCE_MS = 60_000


@dataclass
class Bench:
    """Everything from the key to the window that is written into."""

    qtbot: QtBot
    dictation: Dictation
    engine: ScriptedEngine
    inserter: ScriptedInserter
    endings: list[Ending] = field(default_factory=list)

    def dictate(self, language: str = "") -> None:
        """Start and stop, and wait until it has ended."""
        n_before = len(self.endings)
        self.dictation.dictate(language)
        self.wait_for(lambda: self.dictation.phase is Phase.LISTENING)
        self.dictation.end_dictation()
        self.wait_for(lambda: len(self.endings) > n_before)

    def is_idle(self) -> bool:
        return self.dictation.phase is Phase.IDLE

    def wait_for(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=PATIENCE_MS)

    def wait_for_text(self, text: str) -> None:
        self.wait_for(lambda: self.inserter.texts.get(EDITOR, "") == text)


OpenBench = Callable[..., Bench]


def wait_for(event: threading.Event) -> Callable[[], None]:
    def wait() -> None:
        assert event.wait(PATIENCE_MS / 1000)

    return wait


@pytest.fixture
def open_bench(qtbot: QtBot) -> Iterator[OpenBench]:
    benches = []

    def open_one(
        before: Script = (),
        after: Script = (),
        engine: ScriptedEngine | None = None,
        **settings: object,
    ) -> Bench:
        scripted = engine or ScriptedEngine(
            before=(PREPARING, LISTENING, *before), after=(FINISHING, *after, STOPPED)
        )
        inserter = ScriptedInserter()
        insertions = BackgroundInsertions(lambda: inserter, None)
        chosen = SettingsStore(Settings(**settings))  # type: ignore[arg-type]  # by name
        dictation = Dictation(
            scripted, chosen, insertions=insertions, choose=lambda: ("usb", "base.en")
        )
        insertions.setParent(dictation)
        bench = Bench(qtbot, dictation, scripted, inserter)
        dictation.ended.connect(bench.endings.append)
        benches.append(bench)
        return bench

    yield open_one
    for bench in benches:
        bench.dictation.cancel()
        bench.wait_for(bench.is_idle)


def test_each_final_is_inserted(open_bench: OpenBench) -> None:
    bench = open_bench(before=[final("One.")], after=[final("Two.")])
    bench.dictate()
    bench.wait_for_text("One. Two.")
    assert bench.endings == [Ending.WRITTEN]
    assert bench.engine.opened == [("listen", "usb", "base.en")]


def test_dictating_on_into_the_same_window_goes_on_with_a_space(open_bench: OpenBench) -> None:
    bench = open_bench(after=[final("One.")])
    bench.dictate()
    bench.dictate()
    bench.wait_for_text("One. One.")
    bench.inserter.focus = CHAT
    bench.dictate()
    bench.wait_for(lambda: bench.inserter.texts.get(CHAT) == "One.")


def test_a_key_of_its_own_language_hears_that_one(open_bench: OpenBench) -> None:
    bench = open_bench(language="en", after=[final("Eins comma zwei.")])
    bench.dictate("de")
    bench.dictate("auto")
    bench.dictate()
    assert bench.engine.spoken == [Spoken(("de",)), Spoken(()), None]
    # "comma" is a phrase in English; where the language is detected, too.
    bench.wait_for_text("Eins comma zwei. Eins, zwei. Eins, zwei.")


def test_nothing_heard_is_told(open_bench: OpenBench) -> None:
    bench = open_bench()
    bench.dictate()
    assert bench.endings == [Ending.NOTHING_HEARD]


def test_a_microphone_that_fails_is_told(open_bench: OpenBench) -> None:
    bench = open_bench(engine=ScriptedEngine(refusal=DeviceError("no microphone")))
    bench.dictation.dictate()
    bench.wait_for(lambda: bench.endings == [Ending.FAILED])
    assert not bench.dictation.is_dictating


def test_a_defect_while_opening_is_told_and_the_next_dictation_works(
    open_bench: OpenBench,
) -> None:
    class Engine(ScriptedEngine):
        is_broken = True

        def listen(
            self,
            microphone: str,
            model: str,
            sink: Sink,
            spoken: Spoken | None = None,
            *,
            is_kept: bool = True,
        ) -> ScriptedSession:
            if self.is_broken:
                self.is_broken = False
                raise ZeroDivisionError
            return super().listen(microphone, model, sink, spoken, is_kept=is_kept)

    bench = open_bench(engine=Engine(after=(FINISHING, final("One."), STOPPED)))
    faults: list[str] = []
    bench.dictation.fault.connect(faults.append)
    with capture_exceptions() as raised:
        bench.dictation.dictate()
        bench.wait_for(lambda: bench.endings == [Ending.FAILED])
    assert [kind for kind, _, _ in raised] == [ZeroDivisionError]
    assert "inside Sotto" in faults[0]
    assert bench.is_idle()
    bench.dictate()
    bench.wait_for_text("One.")


def test_a_fault_while_dictating_is_told(open_bench: OpenBench) -> None:
    bench = open_bench(after=[Fault("the microphone is gone")])
    bench.dictate()
    assert bench.endings == [Ending.FAILED]


def test_an_incident_while_dictating_is_told_and_the_dictation_goes_on(
    open_bench: OpenBench,
) -> None:
    bench = open_bench(before=[Incident(1.0, "broke off")], after=[final("One.")])
    incidents: list[str] = []
    bench.dictation.incident.connect(incidents.append)
    bench.dictate()
    bench.wait_for_text("One.")
    assert incidents == ["broke off"]
    assert bench.endings == [Ending.WRITTEN]


def test_cancelling_writes_nothing_of_what_is_being_said(open_bench: OpenBench) -> None:
    bench = open_bench(before=[final("One."), partial("Two", " three")], after=[final("Two.")])
    bench.dictation.dictate()
    bench.wait_for_text("One.")
    bench.dictation.cancel_dictation()
    bench.wait_for(lambda: bench.endings == [Ending.CANCELLED])
    bench.wait_for_text("One.")


def test_committed_words_are_written_early_if_the_user_wants_that(open_bench: OpenBench) -> None:
    let_go = threading.Event()
    bench = open_bench(
        before=[partial("Hello there", " you"), partial("Hello there you are", "")],
        after=[wait_for(let_go), final("Hello there you are.")],
        insert_when=InsertWhen.COMMITTED,
    )
    bench.dictation.dictate()
    bench.wait_for(lambda: bench.inserter.texts.get(EDITOR, "").startswith("Hello there"))
    bench.dictation.end_dictation()
    let_go.set()
    bench.wait_for_text("Hello there you are.")


def test_cancelling_takes_back_what_was_written_early(open_bench: OpenBench) -> None:
    bench = open_bench(
        before=[final("One."), partial("Hello there", ""), partial("Hello there you", "")],
        insert_when=InsertWhen.COMMITTED,
    )
    bench.dictation.dictate()
    bench.wait_for(lambda: "Hello" in bench.inserter.texts.get(EDITOR, ""))
    bench.dictation.cancel_dictation()
    bench.wait_for_text("One.")


def test_scratch_that_and_undo_delete_what_was_said_last(open_bench: OpenBench) -> None:
    bench = open_bench(before=[final("One."), final("Two."), final("Scratch that.")])
    bench.dictate()
    bench.wait_for_text("One.")
    bench.dictation.undo()
    bench.wait_for_text("")


def test_stop_listening_ends_the_dictation(open_bench: OpenBench) -> None:
    bench = open_bench(before=[final("One. Stop listening.")])
    bench.dictation.dictate()
    bench.wait_for(lambda: bench.endings == [Ending.WRITTEN])
    bench.wait_for_text("One.")


def test_while_the_key_is_held_nothing_is_written(open_bench: OpenBench) -> None:
    bench = open_bench(before=[final("One.")], after=[final("Two.")])
    bench.dictation.hold_back(is_key_down=True)
    bench.dictate()
    assert bench.inserter.texts == {}
    bench.dictation.hold_back(is_key_down=False)
    bench.wait_for_text("One. Two.")


def test_a_password_field_gets_nothing_and_is_not_gone_on_from(open_bench: OpenBench) -> None:
    bench = open_bench(after=[final("One.")])
    bench.inserter.outcomes = [Outcome.SECRET]
    bench.dictate()
    bench.dictate()
    bench.wait_for_text("One.")


def test_the_next_dictation_may_begin_while_the_last_is_being_finished(
    open_bench: OpenBench,
) -> None:
    texts = iter(("One.", "Two."))
    let_go = threading.Event()

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
            words = final(next(texts))
            self.before = (PREPARING, LISTENING)
            self.after = (FINISHING, wait_for(let_go), words, STOPPED)
            return super().listen(microphone, model, sink, spoken, is_kept=is_kept)

    bench = open_bench(engine=Engine())
    bench.dictation.dictate()
    bench.wait_for(lambda: bench.dictation.phase is Phase.LISTENING)
    bench.dictation.end_dictation()
    bench.inserter.focus = CHAT
    bench.dictation.dictate()
    bench.inserter.focus = CHAT
    bench.wait_for(lambda: len(bench.engine.sessions) == 2)
    bench.dictation.end_dictation()
    let_go.set()
    bench.wait_for(lambda: bench.endings == [Ending.WRITTEN])
    bench.wait_for(lambda: bench.inserter.texts == {CHAT: "Two."})  # the first was held: it moved


def test_what_the_window_dictates_is_not_inserted(open_bench: OpenBench) -> None:
    bench = open_bench(before=[final("One.")])
    bench.dictation.listen(Request(Purpose.WINDOW, model="base.en"))
    bench.wait_for(lambda: bench.dictation.transcript.text == "One.\n")
    bench.dictation.stop()
    bench.wait_for(lambda: bench.dictation.phase is Phase.IDLE)
    assert bench.inserter.texts == {}
    assert bench.endings == []
