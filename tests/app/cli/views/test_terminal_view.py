"""What is sent to the terminal."""

import io
import re

import pytest
from rich.console import Console

from sotto.app.cli.views.terminal_view import TerminalView, meter
from sotto.app.core.events import (
    Event,
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


def shown(*events: Event) -> tuple[str, str]:
    """Return what a terminal was sent before and after the view was closed."""
    sent = io.StringIO()
    console = Console(
        file=sent,
        force_terminal=True,
        width=80,
        color_system="standard",
        _environ={"TERM": "xterm"},
    )
    view = TerminalView(console)
    for event in events:
        view.show(event)
    view.refresh()
    before = sent.getvalue()
    view.close()
    return before, sent.getvalue()[len(before) :]


def bare(sent: str) -> str:
    """Return what was sent without what moves the cursor and sets colours."""
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]|\r", "", sent)


def test_committed_text_is_plain_and_tentative_text_dim() -> None:
    before, _ = shown(Partial(1.0, 1.0, "Hello", " there"))
    assert "Hello\x1b[2m there\x1b[0m" in before


def test_a_final_text_stays_as_a_line() -> None:
    before, _ = shown(Partial(1, 1, "Hel", "lo"), Final(2, 2, 0, 2, " Hello there. [bold]"))
    assert "Hello there. [bold]\n" in before.replace("\x1b[2K", "").replace("\r", "")


def test_an_incident_stays_as_a_line() -> None:
    before, _ = shown(Partial(1, 1, "Hel", "lo"), Incident(2, "It broke off."))
    assert "\x1b[33mIt broke off.\x1b[0m\n" in before


def test_a_gap_stays_as_a_line() -> None:
    before, _ = shown(Final(2, 2, 0, 2, "Before."), Gap(3, 2, 4.3, "away"))
    assert "Before.\n" in bare(before)
    assert "[2.3 s of sound missing]\n" in bare(before)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (StateChanged(SessionState.LISTENING), "listening"),
        (StateChanged(SessionState.FINISHING), "writing the last words"),
        (Preparing("Compiling", 12.2, 60), "Compiling: 12 s of about 60 s"),
        (Lag(2.34, 1.5), "2.3 s behind"),
        (Waiting(1, 1, "Headset\x1b[2J"), "waiting for the microphone “Headset[2J”"),
    ],
)
def test_the_status(event: Event, words: str) -> None:
    assert words in shown(event)[0]


def test_a_small_lag_is_not_mentioned() -> None:
    assert "behind" not in shown(Lag(0.5, 0.5))[0]


def test_the_level() -> None:
    assert [meter(db) for db in (-120.0, -60.0, -30.0, 0.0)] == [" ", " ", "▄", "█"]
    assert "█" in shown(Level(0.0, 0.0))[0]


def test_nothing_but_finished_lines_is_left() -> None:
    _, after = shown(Partial(1.0, 1.0, "Hello", ""))
    assert "Hello" not in after


def test_what_could_not_be_kept_is_told_once_and_stays() -> None:
    untold = Preparing("it cannot be kept in /full", 0.0, 0.0)
    before, after = shown(untold, untold)
    assert (before + after).count("sotto: it cannot be kept in /full") == 1


def test_nothing_that_is_said_is_obeyed() -> None:
    hostile = "so \x1b]0;taken\x07 it\nis"
    before, _ = shown(
        Final(1.0, 1.0, 0.0, 1.0, hostile), Partial(2.0, 2.0, "and \x9b2J", " so\x1b[9A")
    )
    assert "]0;taken" in before
    assert "it is" in before
    assert not [each for each in ("\x1b]0", "\x9b", "\x1b[9A", "\x07") if each in before]
