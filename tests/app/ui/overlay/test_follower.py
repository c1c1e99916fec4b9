import json
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from sotto.app.core.events import Dropped, Event, Final, Gap, Partial, Waiting
from sotto.app.core.json_events import as_json
from sotto.app.ui.overlay.follower import Follower, event_of
from sotto.errors import ControlError

EVENTS = (
    Partial(1.0, 0.9, "It", " is"),
    Dropped(1.5, 0.5, 1.0, "no speech"),
    Final(2.0, 2.0, 0.5, 1.9, "It is warm."),
    Waiting(3.0, 2.0, "Headset"),
    Gap(9.0, 2.0, 8.0, "away"),
)


def lines_of(*events: Event) -> Iterator[dict[str, Any]]:
    yield {"phase": "listening"}
    for event in events:
        yield json.loads(str(as_json(event)))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_a_line_becomes_the_event_again(event: Event) -> None:
    assert [event_of(line) for line in lines_of(event)] == [None, event]


def test_the_transcript_grows_and_the_end_is_told(qtbot: QtBot) -> None:
    follower = Follower(lambda: lines_of(*EVENTS))
    with qtbot.waitSignal(follower.ended, timeout=30_000) as ended:
        follower.start()
    assert ended.args == [""]
    assert follower.transcript.text == "It is warm.\n[6.0 s of sound missing]\n"


def test_that_the_microphone_is_away_is_told(qtbot: QtBot) -> None:
    follower = Follower(lambda: lines_of(*EVENTS[:-1]))
    with qtbot.waitSignal(follower.waiting, timeout=30_000):
        follower.start()


def test_what_went_wrong_is_told(qtbot: QtBot) -> None:
    def broken() -> Iterator[dict[str, Any]]:
        yield from lines_of(EVENTS[0])
        raise ControlError("it broke off")

    follower = Follower(broken)
    with qtbot.waitSignal(follower.ended, timeout=30_000) as ended:
        follower.start()
    assert ended.args == ["it broke off"]
    assert follower.transcript.live == "It is"
