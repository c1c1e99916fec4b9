import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from sotto.app.core.events import Gap, Waiting
from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.core.words import Insert
from sotto.app.desktop.insertion import Outcome
from sotto.app.dictating.insertions import Report
from sotto.app.dictating.phases import Phase
from sotto.app.service.background_insertions import BackgroundInsertions
from sotto.app.service.dictation import Dictation
from sotto.app.ui.pill.feedback import Feedback
from sotto.app.ui.pill.pill import Pill
from tests.helpers.scripted_engine import (
    FINISHING,
    LISTENING,
    PREPARING,
    STOPPED,
    Script,
    ScriptedEngine,
    final,
)
from tests.helpers.scripted_inserter import CHAT, EDITOR, ScriptedInserter

PATIENCE_MS = 60_000


class Stage:
    """A dictation into a scripted desktop, and the real pill."""

    def __init__(self, after: Script, meanwhile: Script) -> None:
        before = (PREPARING, LISTENING, *meanwhile)
        engine = ScriptedEngine(before=before, after=(FINISHING, *after, STOPPED))
        self.inserter = ScriptedInserter()
        self.insertions = BackgroundInsertions(lambda: self.inserter, None)
        settings = SettingsStore(Settings(cues=False))
        self.dictation = Dictation(
            engine, settings, insertions=self.insertions, choose=lambda: ("", "base.en")
        )
        self.insertions.setParent(self.dictation)
        self.feedback = Feedback(self.dictation, self.insertions, settings)
        self.told: list[str] = []
        pill = self.feedback._pill
        assert isinstance(pill, Pill)
        self.pill = pill

    @property
    def shown(self) -> str:
        """What the pill says, to a screen reader as well."""
        return self.pill._live.words.accessibleName()


OpenStage = Callable[..., Stage]


@pytest.fixture
def open_stage(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenStage]:
    stages = []

    def open_one(after: Script = (), meanwhile: Script = ()) -> Stage:
        stage = Stage(after, meanwhile)
        notice = stage.pill.notice

        def tell(text: str, *kind: object) -> None:
            stage.told.append(text)
            notice(text, *kind)  # type: ignore[arg-type]  # passed on as it came

        monkeypatch.setattr(stage.pill, "notice", tell)
        stages.append(stage)
        return stage

    yield open_one
    for stage in stages:
        stage.feedback.close()
        stage.pill.deleteLater()


def dictate(qtbot: QtBot, stage: Stage) -> None:
    stage.dictation.dictate()
    qtbot.waitUntil(lambda: stage.dictation.phase is Phase.LISTENING, timeout=PATIENCE_MS)
    assert stage.pill.isVisible()
    stage.dictation.end_dictation()
    qtbot.waitUntil(lambda: stage.dictation.phase is Phase.IDLE, timeout=PATIENCE_MS)


def test_the_sign_goes_when_all_is_written(qtbot: QtBot, open_stage: OpenStage) -> None:
    stage = open_stage([final("One.")])
    dictate(qtbot, stage)
    qtbot.waitUntil(lambda: stage.inserter.texts == {EDITOR: "One."}, timeout=PATIENCE_MS)
    assert not stage.pill.isVisible()
    assert stage.told == []


def test_that_the_microphone_is_away_is_said_until_it_is_back(
    qtbot: QtBot, open_stage: OpenStage
) -> None:
    is_back = threading.Event()

    def come_back() -> None:
        is_back.wait()

    gap = Gap(9, 1, 6, "away")
    stage = open_stage([gap, final("One.")], [Waiting(1, 1, "Headset"), come_back, LISTENING])
    stage.dictation.dictate()
    qtbot.waitUntil(lambda: stage.dictation.phase is Phase.WAITING, timeout=PATIENCE_MS)
    assert stage.pill.isVisible()
    assert stage.shown == "Waiting for the microphone…"
    is_back.set()
    qtbot.waitUntil(lambda: stage.dictation.phase is Phase.LISTENING, timeout=PATIENCE_MS)
    assert stage.shown == "Listening…"
    stage.dictation.end_dictation()
    qtbot.waitUntil(lambda: stage.inserter.texts == {EDITOR: "One."}, timeout=PATIENCE_MS)


def test_nothing_heard_is_said(qtbot: QtBot, open_stage: OpenStage) -> None:
    stage = open_stage()
    dictate(qtbot, stage)
    assert stage.told == ["Nothing was heard."]


def test_a_held_text_waits_for_its_answer_over_other_dictations(
    qtbot: QtBot, open_stage: OpenStage
) -> None:
    stage = open_stage([final("One.")])
    stage.dictation.dictate()
    qtbot.waitUntil(lambda: stage.dictation.phase is Phase.LISTENING, timeout=PATIENCE_MS)
    stage.inserter.focus = CHAT
    stage.dictation.end_dictation()
    qtbot.waitUntil(lambda: stage.pill.is_holding, timeout=PATIENCE_MS)
    dictate(qtbot, stage)  # into the chat
    qtbot.waitUntil(lambda: stage.inserter.texts == {CHAT: "One."}, timeout=PATIENCE_MS)
    assert stage.pill.is_holding
    stage.inserter.focus = EDITOR
    stage.pill.insert_here.emit()
    qtbot.waitUntil(lambda: stage.inserter.texts.get(EDITOR) == "One.", timeout=PATIENCE_MS)


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (Report(Outcome.SECRET), "Nothing was written"),
        (Report(Outcome.COPIED), "Copied"),
        (Report(Outcome.MOVED), "Nothing was deleted"),
        (Report(Outcome.MOVED, problem="no keyboard"), "no keyboard"),
    ],
)
def test_what_came_of_writing_is_said(open_stage: OpenStage, report: Report, words: str) -> None:
    stage = open_stage()
    stage.insertions.reported.emit(report)
    assert len(stage.told) == 1
    assert stage.told[0].startswith(words)


def test_text_that_was_written_is_not_announced(open_stage: OpenStage, qtbot: QtBot) -> None:
    stage = open_stage()
    stage.insertions.look(1)
    stage.insertions.write(1, [Insert("One.")])
    qtbot.waitUntil(lambda: stage.inserter.texts == {EDITOR: "One."}, timeout=PATIENCE_MS)
    assert stage.told == []
