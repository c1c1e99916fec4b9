import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.service.dictation import Dictation
from sotto.app.service.readiness import Readiness
from tests.helpers.scripted_engine import ScriptedEngine

PATIENCE_MS = 60_000


class CompilingEngine(ScriptedEngine):
    """Takes as long to load a model as the test likes."""

    def __init__(self) -> None:
        super().__init__()
        self.is_compiling = threading.Event()
        self.may_end = threading.Event()

    def warm_up(self, model: str) -> None:
        self.is_compiling.set()
        assert self.may_end.wait(60)
        super().warm_up(model)


@pytest.fixture
def engine() -> Iterator[CompilingEngine]:
    engine = CompilingEngine()
    yield engine
    engine.may_end.set()


def test_the_microphone_is_closed_at_once_while_a_model_compiles(
    qtbot: QtBot, engine: CompilingEngine
) -> None:
    settings = SettingsStore(Settings(hotkey="Ctrl+Alt+Space", standby=True))
    dictation = Dictation(engine, settings)
    Readiness(engine, dictation, settings, lambda: ("usb", "base")).start()
    qtbot.waitUntil(lambda: engine.stands_by_for == "usb", timeout=PATIENCE_MS)
    qtbot.waitUntil(engine.is_compiling.is_set, timeout=PATIENCE_MS)
    settings.change(standby=False)
    qtbot.waitUntil(lambda: engine.stands_by_for is None, timeout=PATIENCE_MS)
    assert engine.warm is None  # that still compiles
    engine.may_end.set()
    qtbot.waitUntil(lambda: engine.warm == "base", timeout=PATIENCE_MS)
