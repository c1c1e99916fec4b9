"""The lines that other programs read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.cli.views.json_lines import JsonLines
from sotto.app.core.events import (
    Dropped,
    Event,
    Fault,
    Final,
    Gap,
    Incident,
    Lag,
    Level,
    Partial,
    Preparing,
    SessionState,
    StateChanged,
    Waiting,
)
from sotto.app.core.json_events import as_json

SECONDS = st.floats(0, 1e6)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (
            Partial(0.30004, 1 / 3, "Hello", " there", "en"),
            '{"event":"partial","t":0.3,"audio":0.333,"committed":"Hello","tentative":" there"}',
        ),
        (
            Final(2.0, 1.5, 0.1, 1.4996, 'Grüße, "世界"', "de"),
            '{"event":"final","t":2.0,"audio":1.5,"start":0.1,"end":1.5,'
            '"text":"Grüße, \\"世界\\"","language":"de","polished":false}',
        ),
        (
            Final(2.0, 1.5, 0.1, 1.5, "and on", "en", joined_by=","),
            '{"event":"final","t":2.0,"audio":1.5,"start":0.1,"end":1.5,'
            '"text":"and on","language":"en","polished":false,"joined_by":","}',
        ),
        (
            Incident(9.0, "Recognition broke off."),
            '{"event":"incident","t":9.0,"message":"Recognition broke off."}',
        ),
        (
            Gap(9.0, 7.0, 9.3, "default was away"),
            '{"event":"gap","t":9.0,"start":7.0,"end":9.3,"reason":"default was away"}',
        ),
        (
            Waiting(9.0, 7.0, "Headset"),
            '{"event":"waiting","t":9.0,"audio":7.0,"device":"Headset"}',
        ),
        (
            Dropped(9.0, 7.0, 8.0, "no speech"),
            '{"event":"dropped","t":9.0,"start":7.0,"end":8.0,"reason":"no speech"}',
        ),
    ],
)
def test_keys_and_their_order(event: Event, line: str) -> None:
    assert as_json(event) == line


@pytest.mark.parametrize(
    "event",
    [
        Level(-20, -10),
        Lag(0.1, 0.2),
        Fault("no"),
        Preparing("graphs", 1, 2),
        StateChanged(SessionState.LISTENING),
    ],
)
def test_nothing_else_is_written(event: Event, capsys: pytest.CaptureFixture[str]) -> None:
    JsonLines().show(event)
    assert capsys.readouterr().out == ""


@given(st.builds(Final, SECONDS, SECONDS, SECONDS, SECONDS, st.text()))
def test_every_text_stays_on_one_line(event: Final) -> None:
    line = as_json(event)
    assert line is not None
    assert "\n" not in line
    assert json.loads(line)["text"] == event.text
