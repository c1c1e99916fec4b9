"""How far the work is: bars on a terminal, else a line for each of several recordings."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TaskProgressColumn,
    TextColumn,
)
from rich.text import Text

from sotto.app.cli import terminal
from sotto.app.cli.views.plain_lines import tell_preparing
from sotto.app.core.events import Preparing
from sotto.app.core.printable import printable
from sotto.app.core.recordings.tally import Tally, pace, spoken_time
from sotto.inference.decoding.transcribe import Progress as OnProgress


class TimeLeft(ProgressColumn):
    """How long the rest takes at the pace so far; rich's own forgets it when a total changes."""

    def render(self, task: Task) -> Text:
        """Return nothing until there is a pace."""
        if not (task.elapsed and task.completed and task.total):
            return Text()
        left_s = task.elapsed * max(0.0, task.total / task.completed - 1)
        return Text(f"{spoken_time(round(left_s))} left", style="progress.remaining")


class Display:
    """Shows loading, the recording that is heard, and all of them. Used by one thread.

    Args:
        n_recordings: How many there are; of one alone there is less to show. None is nobody knows.
        all_s: Seconds of sound that all of them may have.
        is_shown: Whether anything is to be shown.
    """

    def __init__(self, n_recordings: int | None, all_s: float, *, is_shown: bool = True) -> None:
        console = Console(stderr=True)
        self._n_recordings = n_recordings
        self._is_shown = is_shown
        self._heard_s = 0.0
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeLeft(),
            console=console,
            transient=True,
            disable=not (is_shown and console.is_terminal),
        )
        self._all: TaskID | None = None
        if n_recordings is not None and n_recordings > 1:
            self._all = self._progress.add_task(self._count(0), total=all_s)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    @contextmanager
    def loading(self) -> "Iterator[_Loading]":
        """Show that the model is loaded, and what takes long about it."""
        task = self._progress.add_task("loading the model", total=None)
        try:
            yield _Loading(self._progress, task)
        finally:
            self._progress.remove_task(task)

    @contextmanager
    def recording(self, name: str, others_s: float) -> Iterator[OnProgress]:
        """Show how much of a recording was heard; those after it may have so many seconds."""
        task = self._progress.add_task(printable(name), total=None)

        def show(done_s: float, total_s: float) -> None:
            self._progress.update(task, completed=done_s, total=total_s)
            if self._all is not None:
                completed, total = self._heard_s + done_s, self._heard_s + total_s + others_s
                self._progress.update(self._all, completed=completed, total=total)

        try:
            yield show
        finally:
            self._progress.remove_task(task)

    def finish(self, name: str, tally: Tally, sound_s: float, work_s: float, left_s: float) -> None:
        """Show that a recording is finished, and that `left_s` of sound may be left."""
        self._heard_s += sound_s
        n_finished = tally.n_done + tally.n_failed
        if self._all is not None:
            count, total = self._count(n_finished), self._heard_s + left_s
            self._progress.update(
                self._all, completed=self._heard_s, total=total, description=count
            )
        if self._n_recordings != 1 and self._is_shown and self._progress.disable:
            count = "" if self._n_recordings is None else f"[{self._count(n_finished)}] "
            left = _time_left(tally, left_s)
            terminal.note(f"{count}{name}{pace(sound_s, work_s, before=': ')}{left}")

    def _count(self, n_finished: int) -> str:
        return f"{n_finished} of {self._n_recordings}"


class _Loading:
    """Takes what is told of loading a model."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task
        self._said: set[str] = set()

    def __call__(self, what: str, elapsed_s: float, expected_s: float) -> None:
        if self._progress.disable or expected_s <= 0:
            tell_preparing(Preparing(what, elapsed_s, expected_s), self._said)
        self._progress.update(self._task, description=what, completed=elapsed_s, total=expected_s)


def _time_left(tally: Tally, left_s: float) -> str:
    if left_s <= 0 or tally.sound_s <= 0:
        return ""
    return f"; about {spoken_time(round(left_s * tally.work_s / tally.sound_s))} left"
