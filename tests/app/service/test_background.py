import threading

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from sotto.app.service.background import Background
from sotto.errors import DeviceError, InternalError, SottoError


def unexpected(answer: object) -> None:
    pytest.fail(f"answered with {answer!r}")


def test_a_job_is_done_elsewhere_and_answered_here(qtbot: QtBot) -> None:
    answers: list[tuple[int, int]] = []
    background = Background("test")
    background.run(
        threading.get_ident,
        lambda worker: answers.append((worker, threading.get_ident())),
        unexpected,
    )
    qtbot.waitUntil(lambda: bool(answers))
    ((worker, here),) = answers
    assert here == threading.get_ident() != worker


def test_an_error_of_ours_comes_back_as_an_answer(qtbot: QtBot) -> None:
    refusals: list[str] = []
    background = Background("test")

    def refuse() -> None:
        raise DeviceError("no microphone")

    background.run(refuse, unexpected, lambda error: refusals.append(str(error)))
    qtbot.waitUntil(lambda: refusals == ["no microphone"])


def test_a_defect_is_answered_and_reported_and_the_next_job_still_done(qtbot: QtBot) -> None:
    done: list[int] = []
    refusals: list[SottoError] = []
    background = Background("test")
    with capture_exceptions() as raised:
        background.run(lambda: 1 // 0, unexpected, refusals.append)
        background.run(lambda: 7, done.append, unexpected)
        qtbot.waitUntil(lambda: done == [7])
    assert [kind for kind, _, _ in raised] == [ZeroDivisionError]
    assert [type(refusal) for refusal in refusals] == [InternalError]


def test_who_asked_may_be_gone_at_any_moment(qtbot: QtBot) -> None:
    """Qt destroys windows while their jobs are at work: once, that crashed the program."""
    before = threading.active_count()
    for i in range(500):
        parent = QObject()
        background = Background("test", parent)
        for _ in range(3):
            background.run(lambda: None, lambda _: None, unexpected)
        if i % 3 == 0:
            QCoreApplication.processEvents()
        shiboken6.delete(parent)
    qtbot.waitUntil(lambda: threading.active_count() <= before)


def test_jobs_are_done_without_their_owner_but_answered_to_nobody(qtbot: QtBot) -> None:
    may_go_on, is_done = threading.Event(), threading.Event()
    parent = QObject()
    background = Background("test", parent)
    background.run(lambda: may_go_on.wait(60), unexpected, unexpected)
    background.run(is_done.set, unexpected, unexpected)
    shiboken6.delete(parent)
    may_go_on.set()
    assert is_done.wait(60)
    answers: list[int] = []
    other = Background("other")
    other.run(lambda: 1, answers.append, unexpected)
    qtbot.waitUntil(lambda: answers == [1])  # what was answered before it has arrived too


def test_what_a_job_holds_is_let_go_on_the_thread_of_qt(qtbot: QtBot) -> None:
    threads: list[int] = []

    class Widget:
        def __del__(self) -> None:
            threads.append(threading.get_ident())

        def job(self) -> None:
            pass

    for _ in range(50):
        background = Background("test")
        background.run(Widget().job, lambda _: None, unexpected)
    qtbot.waitUntil(lambda: len(threads) == 50)
    assert set(threads) == {threading.get_ident()}
