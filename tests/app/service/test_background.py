import threading

import pytest
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
