"""Settings on Qt's thread: written in order without waiting, followed no longer than needed."""

import gc
import threading
import weakref
from collections.abc import Mapping

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import Settings, SettingsStore, Value, load, save
from sotto.app.service import qt_settings
from sotto.app.service.qt_settings import SettingsSaver, follow

PATIENCE_MS = 30_000


def test_changes_are_written_in_order_and_nobody_waits(
    qtbot: QtBot, own_folders: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk_turns = threading.Event()

    def slowly(changes: Mapping[str, Value]) -> None:
        disk_turns.wait()
        save(changes)

    monkeypatch.setattr(qt_settings, "save", slowly)
    saver = SettingsSaver()
    store = SettingsStore(Settings(), saver.save)
    for points in (20, 21, 22):
        store.change(font_size=points)
    assert store.current.font_size == 22
    assert load().settings.font_size == Settings().font_size
    written: list[int] = []
    saver.flush(lambda: written.append(load().settings.font_size))
    disk_turns.set()
    qtbot.waitUntil(lambda: written == [22], timeout=PATIENCE_MS)


def test_what_cannot_be_written_is_told(
    qtbot: QtBot, own_folders: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOTTO_CONFIG_DIR", "/dev/null")
    saver = SettingsSaver()
    with qtbot.waitSignal(saver.failed, timeout=PATIENCE_MS) as told:
        saver.save({"font_size": 20})
    assert "/dev/null/settings.toml" in told.args[0]


def test_nobody_follows_longer_than_they_live(qtbot: QtBot) -> None:
    store, told = SettingsStore(Settings()), list[bool]()
    dialog = QObject()

    def hear(settings: Settings) -> None:
        told.append(settings.cues)

    follow(store, ("cues",), hear, dialog)
    heard = weakref.ref(hear)
    del hear
    store.change(cues=False)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.deleteLater()
    store.change(cues=True)
    assert told == [False]
    gc.collect()
    assert heard() is None  # nothing keeps what a closed dialog left behind
