"""Dictate into the window while its disk is slow: does speech wait, does the window, is all kept?

Recordings are played into a microphone of a real sound server while the window listens. On its
disk (settings, history, texts, journal, log) every sync takes seconds, and so does a share of all
calls that write (`tools/fixtures/slow_disk.c`). The window is asked for its state again and again;
how long it takes to answer is how long Qt's thread was busy, and the machine.

    python -m tools.measure_slow_disk                       # as usual, slow, and at its worst
    python -m tools.measure_slow_disk --share 0.125 --clips 10
"""

import argparse
import contextlib
import os
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sotto.app.core.control import Request, ask, follow
from sotto.errors import ControlError
from tools.fixtures.audio_server import AudioServer, audio_server
from tools.fixtures.clips import Clip, human_clips
from tools.fixtures.official import official
from tools.fixtures.running_sotto import running_sotto
from tools.fixtures.slow_disk import slow_disk
from tools.fixtures.x_server import x_server
from tools.measure_load import write_speech
from tools.word_error import word_errors

SHARES = (None, 0.125, 1.0)  # None: the disk is not slow
_ASKED_EVERY_S = 0.05
_KEPT_WITHIN_S = 300.0
_ROWS = (
    "writes that wait, %",
    "sound, s",
    "missing, s",
    "partials a minute",
    "lag p50, s",
    "lag max, s",
    "WER, %",
    "answer p50, ms",
    "p99",
    "max",
    "ended after, s",
    "finals",
    "kept",
    "kept after, s",
)


@dataclass
class Session:
    """What was seen of a session. Threads write into it, and end before it is read."""

    events: list[dict[str, Any]] = field(default_factory=list)
    answers_ms: list[float] = field(default_factory=list)
    ended_after_s: float = 0.0  # from when it was to end until its last text was there
    kept_after_s: float = 0.0  # from the end of the session until all texts were kept
    n_kept: int = 0

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return the events of a kind."""
        return [event for event in self.events if event.get("event") == kind]

    def hear(self) -> None:
        """Follow Sotto to its end."""
        with contextlib.suppress(ControlError):
            self.events.extend(follow())

    def ask(self, over: threading.Event) -> None:
        """Ask for the state until it is over."""
        while not over.wait(_ASKED_EVERY_S):
            before_s = time.perf_counter()
            ask(Request.STATUS)
            self.answers_ms.append(1e3 * (time.perf_counter() - before_s))


def dictate(
    folder: Path, server: AudioServer, path: Path, environ: dict[str, str], model: str
) -> Session:
    """Play a file while the window listens, and wait until its text is kept."""
    session = Session()
    settings = {"microphone": "virtmic", "model": model, "language": "en", "hotkey": ""}
    with server.awake("virtmic"), running_sotto(folder, environ=environ, **settings) as sotto:
        hearing = threading.Thread(target=session.hear)
        hearing.start()
        over = threading.Event()
        asking = threading.Thread(target=session.ask, args=[over])
        asking.start()
        sotto.record("start")
        sotto.wait_for_state("listening")
        server.play(path, "feed")
        _stop(session, folder / "data" / "sotto" / "history.sqlite3")
        over.set()
        asking.join()
    hearing.join()
    return session


def _stop(session: Session, history: Path) -> None:
    began_s = time.monotonic()
    ask(Request.STOP)
    while ask(Request.STATUS)["state"] != "idle":
        time.sleep(0.02)
    session.ended_after_s = time.monotonic() - began_s
    began_s = time.monotonic()
    while time.monotonic() < began_s + _KEPT_WITHIN_S:
        session.n_kept = _n_entries(history)
        if session.n_kept >= len(session.of("final")):
            break
        time.sleep(0.1)
    session.kept_after_s = time.monotonic() - began_s


def _n_entries(history: Path) -> int:
    if not history.exists():
        return 0
    with contextlib.closing(sqlite3.connect(f"file:{history}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM entries").fetchone()[0])
        except sqlite3.OperationalError:  # it is being made, or written
            return 0


def row(share: float | None, session: Session, clips: Sequence[Clip], duration_s: float) -> str:
    """Return the figures, in the order of `_ROWS`."""
    missing_s = sum(gap["end"] - gap["start"] for gap in session.of("gap"))
    finals = session.of("final")
    lags_s = [final["t"] - final["end"] for final in finals]
    heard = " ".join(final["text"] for final in finals)
    errors = word_errors([(" ".join(clip.text for clip in clips), heard)])
    cells = [
        "as usual" if share is None else f"{100 * share:.0f}",
        f"{duration_s:.0f}",
        f"{missing_s:.2f}",
        f"{60 * len(session.of('partial')) / duration_s:.0f}",
        f"{statistics.median(lags_s):.2f}",
        f"{max(lags_s):.2f}",
        f"{100 * errors.rate:.1f}",
        *(f"{each:.0f}" for each in _spread(session.answers_ms)),
        f"{session.ended_after_s:.2f}",
        str(len(finals)),
        str(session.n_kept),
        f"{session.kept_after_s:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    return statistics.median(values), statistics.quantiles(values, n=100)[-1], max(values)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=4)
    parser.add_argument("--share", type=float, nargs="*", default=SHARES)
    parser.add_argument("--model", default=str(official("tiny.en")))
    arguments = parser.parse_args()
    clips = human_clips()[: arguments.clips]
    print(f"| {' | '.join(_ROWS)} |\n|{'---|' * len(_ROWS)}", flush=True)
    for share in arguments.share:
        with (
            tempfile.TemporaryDirectory(prefix="sotto-slow-") as name,
            audio_server() as server,
            x_server() as display,
        ):
            path = Path(name) / "speech.wav"
            duration_s = write_speech(clips, path)
            disk = Path(name) / "disk"
            slow = {} if share is None else slow_disk(disk, Path(name), share=share)
            screen = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
            environ = dict(os.environ) | screen | slow | {"XDG_STATE_HOME": str(disk / "state")}
            session = dictate(disk, server, path, environ, arguments.model)
            print(row(share, session, clips, duration_s), flush=True)


if __name__ == "__main__":
    main()
