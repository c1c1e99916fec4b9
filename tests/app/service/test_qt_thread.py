"""Threads speak to Qt's thread whatever Qt destroys meanwhile."""

import threading
from functools import partial

import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from sotto.app.service import qt_thread
from sotto.app.service.event_bridge import EventBridge


def test_functions_are_called_on_the_thread_of_qt_in_order(qtbot: QtBot) -> None:
    qt_thread.prepare()
    called: list[tuple[int, int]] = []

    def note(i: int) -> None:
        called.append((i, threading.get_ident()))

    def ask() -> None:
        for i in range(100):
            qt_thread.call(partial(note, i))

    threading.Thread(target=ask, daemon=True).start()
    qtbot.waitUntil(lambda: len(called) == 100)
    assert called == [(i, threading.get_ident()) for i in range(100)]


def test_who_is_gone_is_not_called(qtbot: QtBot) -> None:
    qt_thread.prepare()
    called: list[str] = []
    gone, there = QObject(), QObject()
    qt_thread.call(lambda: called.append("gone"), gone)
    qt_thread.call(lambda: called.append("there"), there)
    shiboken6.delete(gone)
    qtbot.waitUntil(lambda: bool(called))
    assert called == ["there"]


def test_bridges_may_be_destroyed_while_threads_post(qtbot: QtBot) -> None:
    for _ in range(60):
        parent = QObject()
        bridge = EventBridge(parent)
        arrived: list[tuple[object, ...]] = []
        bridge.arrived.connect(arrived.append)
        may_stop = threading.Event()
        poster = threading.Thread(target=_post_until, args=(bridge, may_stop), daemon=True)
        poster.start()
        qtbot.waitUntil(partial(_has_two, arrived))
        shiboken6.delete(parent)
        may_stop.set()
        poster.join(60)
        assert not poster.is_alive()


def _post_until(bridge: EventBridge, may_stop: threading.Event) -> None:
    while not may_stop.is_set():
        bridge.post(None)


def _has_two(arrived: list[tuple[object, ...]]) -> bool:
    return len(arrived) > 1
