"""What is shown while many recordings are heard."""

import io

import pytest
from rich.console import Console
from rich.progress import Progress

from sotto.app.cli.transcribing import display
from sotto.app.cli.transcribing.display import Display, TimeLeft
from sotto.app.core.recordings.tally import Tally
from tools.fixtures.fake_clock import FakeClock


def test_the_time_left_follows_a_total_that_changes() -> None:
    clock = FakeClock()
    progress = Progress(TimeLeft(), get_time=clock.now)
    task = progress.add_task("all", total=100.0)
    assert TimeLeft().render(progress.tasks[0]).plain == ""
    clock.sleep(10.0)
    progress.update(task, completed=25.0)
    assert TimeLeft().render(progress.tasks[0]).plain == "30 s left"
    progress.update(task, total=1000.0)
    assert TimeLeft().render(progress.tasks[0]).plain == "6 min 30 s left"


def test_a_terminal_shows_the_one_that_is_heard_and_all(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    terminal = Console(file=screen, force_terminal=True, width=70)
    monkeypatch.setattr(display, "Console", lambda **_: terminal)
    tally = Tally(n_done=1, sound_s=10.0, work_s=1.0)
    with Display(2, 30.0) as shown:
        with shown.recording("first.wav", others_s=10.0) as on_progress:
            on_progress(5.0, 10.0)
            shown._progress.refresh()
        shown.finish("first.wav", tally, 10.0, 1.0, left_s=10.0)
    seen = screen.getvalue()
    for words in ("first.wav", "0 of 2", "25%", "50%", "1 of 2"):
        assert words in seen
