"""The first step on a real sound server."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.ui.first_run import FirstRun, LocalWorkbench
from sotto.app.ui.widgets.level_meter import LevelMeter
from tests.app.ui.conftest import child
from tests.app.ui.first_run.conftest import OpenFirstRun, ScriptedWorkbench, button
from tests.helpers.dialogs import listens
from tools.fixtures.audio_server import AudioServer, no_audio_server

PATIENCE_MS = 60_000


@pytest.fixture
def voice(audio_server: AudioServer) -> None:
    """Someone hums into `virtmic` without end; `speakers.monitor` stays silent."""
    audio_server.load("module-sine", "sink=feed", "frequency=300")


def said(dialog: FirstRun) -> str:
    return "\n".join(
        each.text() for each in dialog.microphone.findChildren(QLabel) if each.isVisible()
    )


def test_a_voice_is_heard(qtbot: QtBot, voice: None, open_first_run: OpenFirstRun) -> None:
    settings = Settings(microphone="virtmic")
    dialog = open_first_run(LocalWorkbench(SettingsStore(settings)), settings)
    assert "Say something" in said(dialog)
    qtbot.waitUntil(lambda: "I hear you." in said(dialog), timeout=PATIENCE_MS)
    assert child(dialog.microphone, LevelMeter).value() > -20
    assert dialog.microphone.has_heard


def test_silence_is_not_taken_for_a_voice(
    qtbot: QtBot, audio_server: AudioServer, open_first_run: OpenFirstRun
) -> None:
    settings = Settings(microphone="speakers.monitor")
    with audio_server.awake("speakers.monitor"):
        dialog = open_first_run(LocalWorkbench(SettingsStore(settings)), settings)
        heard: list[int] = []
        dialog.microphone.levels.connect(lambda levels: heard.append(len(levels)))
        qtbot.waitUntil(lambda: sum(heard) > 20, timeout=PATIENCE_MS)
    assert not dialog.microphone.has_heard
    assert "Say something" in said(dialog)


def test_another_microphone_is_listened_to_at_once(
    qtbot: QtBot, voice: None, open_first_run: OpenFirstRun
) -> None:
    settings = Settings(microphone="speakers.monitor")
    dialog = open_first_run(LocalWorkbench(SettingsStore(settings)), settings)
    qtbot.waitUntil(lambda: dialog.microphone.n_choices > 2, timeout=PATIENCE_MS)
    dialog.microphone.pick("virtmic")
    qtbot.waitUntil(lambda: "I hear you." in said(dialog), timeout=PATIENCE_MS)
    assert dialog.microphone.choices() == {"microphone": "virtmic"}


def test_nothing_listens_in_the_other_steps(
    qtbot: QtBot, voice: None, open_first_run: OpenFirstRun
) -> None:
    settings = Settings(microphone="virtmic")
    dialog = open_first_run(LocalWorkbench(SettingsStore(settings)), settings)
    qtbot.waitUntil(listens, timeout=PATIENCE_MS)
    button(dialog, "Continue").click()
    qtbot.waitUntil(lambda: not listens(), timeout=PATIENCE_MS)
    button(dialog, "Back").click()
    qtbot.waitUntil(listens, timeout=PATIENCE_MS)
    dialog.close()
    qtbot.waitUntil(lambda: not listens(), timeout=PATIENCE_MS)


def test_without_a_microphone_it_says_what_to_do(
    qtbot: QtBot, open_first_run: OpenFirstRun
) -> None:
    with no_audio_server():
        workbench = ScriptedWorkbench(found_microphones=())
        dialog = open_first_run(workbench)
        qtbot.waitUntil(lambda: "No microphone was found" in said(dialog), timeout=PATIENCE_MS)
        assert button(dialog.microphone, "Look again").isVisible()


def test_a_microphone_plugged_in_later_is_found(qtbot: QtBot, open_first_run: OpenFirstRun) -> None:
    settings = Settings(microphone="virtmic")
    with no_audio_server():
        server = AudioServer.in_environment()
        dialog = open_first_run(LocalWorkbench(SettingsStore(settings)), settings)
        qtbot.waitUntil(lambda: "microphone" in said(dialog).lower(), timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: not dialog.microphone.is_listening, timeout=PATIENCE_MS)
        server.start()
        try:
            server.load("module-sine", "sink=feed", "frequency=300")
            button(dialog.microphone, "Look again").click()
            qtbot.waitUntil(lambda: "I hear you." in said(dialog), timeout=PATIENCE_MS)
        finally:
            dialog.close()
            qtbot.waitUntil(lambda: not listens(), timeout=PATIENCE_MS)
            server.kill()
