import threading
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tests.helpers.qt_watchdog import LIMIT_MS, Watchdog, watchdog


def compute(milliseconds: float) -> None:
    until_s = time.thread_time() + milliseconds / 1e3
    while time.thread_time() < until_s:
        sum(range(1000))


def watched(qtbot: QtBot, act: Callable[[], None]) -> Watchdog:
    """Do it in a slot."""
    done = threading.Event()
    with watchdog() as dog:
        QTimer.singleShot(0, act)
        QTimer.singleShot(0, done.set)
        qtbot.waitUntil(done.is_set, timeout=60_000)
    return dog


def test_a_turn_that_computes_is_noticed(qtbot: QtBot) -> None:
    # Ten times the limit, as cores may be slow and the watchdog allows for that.
    dog = watched(qtbot, lambda: compute(10 * LIMIT_MS))
    assert dog.longest_ms > LIMIT_MS
    assert not dog.sleeps


def test_many_short_turns_are_no_long_one(qtbot: QtBot) -> None:
    with watchdog() as dog:
        for _ in range(20):
            QTimer.singleShot(0, lambda: compute(2))
            qtbot.wait(1)
    assert dog.longest_ms < LIMIT_MS


@pytest.mark.parametrize("wait", [time.sleep, threading.Event().wait], ids=["sleep", "lock"])
def test_a_turn_that_waits_is_noticed(qtbot: QtBot, wait: Callable[[float], object]) -> None:
    dog = watched(qtbot, lambda: nap(wait))
    assert dog.longest_ms < LIMIT_MS
    assert len(dog.sleeps) == 1
    assert "in nap" in dog.sleeps[0]


def nap(wait: Callable[[float], object]) -> None:
    wait(5.0)


def test_waiting_for_events_beside_a_busy_thread_is_no_sleep(qtbot: QtBot) -> None:
    enough = threading.Event()

    def work() -> None:
        while not enough.is_set():
            sum(range(20_000))

    busy = threading.Thread(target=work)
    busy.start()
    try:
        with watchdog() as dog:
            qtbot.wait(1000)
    finally:
        enough.set()
        busy.join()
    assert dog.longest_ms < LIMIT_MS
    assert not dog.sleeps
