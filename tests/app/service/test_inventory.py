"""What is chosen, of what there is."""

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.dictating.engine import Microphone, Model
from sotto.app.service.inventory import Inventory
from tests.helpers.scripted_engine import ScriptedEngine

PATIENCE_MS = 60_000
AUTOMATIC, BASE = Model("", (), is_starter=False), Model("base", (), is_starter=False)
INSIDE, USB = Microphone("inside", "Inside"), Microphone("usb", "Headset")


def looked(
    qtbot: QtBot,
    owner: QObject,
    settings: Settings,
    microphones: tuple[Microphone, ...] = (INSIDE, USB),
    models: tuple[Model, ...] = (AUTOMATIC, BASE),
) -> tuple[str, str]:
    engine = ScriptedEngine(found_microphones=microphones, found_models=models)
    inventory = Inventory(engine, SettingsStore(settings), owner)
    answers: list[None] = []
    inventory.answered.connect(lambda: answers.append(None))
    assert inventory.chosen == ("", settings.model)  # until it is known what there is
    inventory.look()
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=PATIENCE_MS)
    return inventory.chosen


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (Settings(), ("inside", "")),
        (Settings(microphone="usb", model="base"), ("usb", "base")),
        (Settings(microphone="unplugged", model="/a/folder"), ("inside", "/a/folder")),
    ],
)
def test_what_the_user_named_is_chosen_if_it_is_there(
    qtbot: QtBot, owner: QObject, wanted: Settings, chosen: tuple[str, str]
) -> None:
    assert looked(qtbot, owner, wanted) == chosen


def test_where_there_is_nothing_nothing_is_chosen(qtbot: QtBot, owner: QObject) -> None:
    wanted = Settings(microphone="usb", model="base")
    assert looked(qtbot, owner, wanted, (), ()) == ("", "")


def test_without_an_automatic_choice_the_first_model_is_chosen(
    qtbot: QtBot, owner: QObject
) -> None:
    assert looked(qtbot, owner, Settings(), models=(BASE,)) == ("inside", "base")
