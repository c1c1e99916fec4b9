"""The level test on a real sound server."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import Settings
from sotto.app.ui.settings_dialog import SettingsDialog
from sotto.app.ui.widgets.level_meter import LevelMeter
from tests.app.ui.conftest import child
from tests.app.ui.settings_dialog.conftest import OpenDialog
from tests.helpers.dialogs import listens
from tools.fixtures.audio_server import AudioServer, no_audio_server

PATIENCE_MS = 60_000
QUIET_DB = -60


@pytest.fixture
def hum(audio_server: AudioServer) -> None:
    """Someone hums into `virtmic` without end; `speakers.monitor` stays silent."""
    audio_server.load("module-sine", "sink=feed", "frequency=300")


def the_button(dialog: SettingsDialog) -> QAbstractButton:
    return next(
        each
        for each in dialog.microphone.findChildren(QAbstractButton)
        if each.accessibleName() in {"Test the microphone", "Stop test"}
    )


def test_the_level_is_the_microphone_s(qtbot: QtBot, hum: None, open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Settings(microphone="virtmic"))
    dialog.show_page("Microphone")
    meter = child(dialog.microphone, LevelMeter)
    assert meter.value() == QUIET_DB
    the_button(dialog).click()
    qtbot.waitUntil(lambda: meter.value() > -20, timeout=PATIENCE_MS)
    the_button(dialog).click()
    assert meter.value() == QUIET_DB
    qtbot.waitUntil(lambda: not listens(), timeout=PATIENCE_MS)


def test_nothing_listens_once_the_page_is_out_of_sight(
    qtbot: QtBot, hum: None, open_dialog: OpenDialog
) -> None:
    dialog = open_dialog(Settings(microphone="virtmic"))
    for leave in (lambda: dialog.show_page("Words"), dialog.close):
        dialog.show_page("Microphone")
        the_button(dialog).click()
        qtbot.waitUntil(listens, timeout=PATIENCE_MS)
        leave()
        qtbot.waitUntil(lambda: not listens(), timeout=PATIENCE_MS)


def test_another_microphone_is_heard_at_once(
    qtbot: QtBot, hum: None, open_dialog: OpenDialog
) -> None:
    dialog = open_dialog(Settings(microphone="speakers.monitor"))
    dialog.show_page("Microphone")
    meter = child(dialog.microphone, LevelMeter)
    the_button(dialog).click()
    dialog.form.store.change(microphone="virtmic")
    qtbot.waitUntil(lambda: meter.value() > -20, timeout=PATIENCE_MS)


def test_a_microphone_that_is_not_there_is_named(qtbot: QtBot, open_dialog: OpenDialog) -> None:
    with no_audio_server():
        dialog = open_dialog(Settings(microphone="attic"))
        dialog.show_page("Microphone")
        the_button(dialog).click()
        labels = dialog.microphone.findChildren(QLabel)

        def is_named() -> bool:
            return any("attic" in each.text() or "no microphone" in each.text() for each in labels)

        qtbot.waitUntil(is_named, timeout=PATIENCE_MS)
    assert the_button(dialog).accessibleName() == "Test the microphone"


def test_a_microphone_that_is_unplugged_meanwhile_is_named(
    qtbot: QtBot, audio_server: AudioServer, hum: None, open_dialog: OpenDialog
) -> None:
    dialog = open_dialog(Settings(microphone="virtmic"))
    dialog.show_page("Microphone")
    the_button(dialog).click()
    meter = child(dialog.microphone, LevelMeter)
    qtbot.waitUntil(lambda: meter.value() > -20, timeout=PATIENCE_MS)
    audio_server.unload("virtmic")
    qtbot.waitUntil(
        lambda: any("gives no sound" in label.text() for label in dialog.findChildren(QLabel)),
        timeout=PATIENCE_MS,
    )
