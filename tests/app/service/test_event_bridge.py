import threading

from pytestqt.qtbot import QtBot

from sotto.app.core.events import Event, Level
from sotto.app.service.event_bridge import EventBridge

N_EVENTS = 2000


def test_events_of_each_thread_arrive_in_order_on_qts_thread(qtbot: QtBot) -> None:
    bridge = EventBridge()
    arrived: list[Event] = []
    threads: set[int] = set()

    def take(events: tuple[Event, ...]) -> None:
        arrived.extend(events)
        threads.add(threading.get_ident())

    bridge.arrived.connect(take)

    def post(peak: int) -> None:
        for number in range(N_EVENTS):
            bridge.post(Level(float(number), float(peak)))

    posting = [threading.Thread(target=post, args=(peak,)) for peak in range(2)]
    for thread in posting:
        thread.start()
    qtbot.waitUntil(lambda: len(arrived) == 2 * N_EVENTS, timeout=60_000)
    for peak in range(2):
        numbers = [e.rms_db for e in arrived if isinstance(e, Level) and e.peak_db == peak]
        assert numbers == [float(number) for number in range(N_EVENTS)]
    assert threads == {threading.get_ident()}


def test_a_subscriber_that_fails_takes_no_event_from_the_others(
    qtbot: QtBot,
) -> None:
    bridge = EventBridge()
    before: list[Event] = []
    after: list[Event] = []

    def fail(_events: tuple[Event, ...]) -> None:
        raise ZeroDivisionError

    for take in (before.extend, fail, after.extend):
        bridge.arrived.connect(take)
    with qtbot.captureExceptions() as told:
        for number in range(3):
            bridge.post(Level(float(number), 0.0))
            qtbot.waitUntil(lambda: len(after) == number + 1)  # noqa: B023 (asked at once)
    assert before == after
    assert [kind for kind, *_ in told] == [ZeroDivisionError] * 3


def test_what_is_posted_while_qt_is_busy_comes_at_once(qtbot: QtBot) -> None:
    bridge = EventBridge()
    batches: list[tuple[Event, ...]] = []
    bridge.arrived.connect(batches.append)
    for number in range(N_EVENTS):
        bridge.post(Level(float(number), 0.0))
    qtbot.waitUntil(lambda: bool(batches))
    assert [len(batch) for batch in batches] == [N_EVENTS]
