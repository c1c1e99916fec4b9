"""Work handed over to a thread."""

import queue
import threading
from collections.abc import Iterator

import pytest

from sotto.app.desktop.hotkeys.handover import Handover
from sotto.errors import HotkeyError


@pytest.fixture
def handover() -> Iterator[Handover]:
    woken: queue.SimpleQueue[bool] = queue.SimpleQueue()
    handover = Handover(lambda: woken.put(True))

    def work() -> None:
        while woken.get():
            handover.run_waiting()

    thread = threading.Thread(target=work)
    thread.start()
    yield handover
    woken.put(False)
    thread.join()


def test_the_result_comes_back_from_the_other_thread(handover: Handover) -> None:
    assert handover.do(threading.get_ident) != threading.get_ident()


def test_what_the_job_raises_is_raised_where_it_was_asked_for(handover: Handover) -> None:
    def refuse() -> None:
        raise HotkeyError("taken.")

    with pytest.raises(HotkeyError, match="taken"):
        handover.do(refuse)


def test_a_job_may_hand_over_another_one(handover: Handover) -> None:
    assert handover.do(lambda: handover.do(lambda: 7)) == 7


def test_after_the_end_every_job_is_refused_with_the_reason(handover: Handover) -> None:
    handover.do(lambda: handover.end("It is over."))
    with pytest.raises(HotkeyError, match="over"):
        handover.do(lambda: 7)
