"""Threads speak to Qt's thread whatever Qt destroys meanwhile."""

import threading
from functools import partial

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject
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
    may_stop = threading.Event()
    posters = []
    for _ in range(300):
        parent = QObject()
        bridge = EventBridge(parent)
        is_posting = threading.Event()

        def post(bridge: EventBridge = bridge, is_posting: threading.Event = is_posting) -> None:
            for i in range(200):
                bridge.post(i)
                is_posting.set()
                if may_stop.is_set():
                    return

        posters.append(threading.Thread(target=post, daemon=True))
        posters[-1].start()
        assert is_posting.wait(60)
        QCoreApplication.processEvents()
        shiboken6.delete(parent)
    may_stop.set()
    for poster in posters:
        poster.join(60)
    assert not any(poster.is_alive() for poster in posters)
