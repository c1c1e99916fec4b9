"""How much is lost when the process that recognises crashes or hangs, and what the pipe costs.

Sessions hear a clip at the speed of speech, again and again, while the process that recognises is
killed (SIGKILL, SIGSEGV, SIGABRT, SIGBUS) or stopped (SIGSTOP) at random moments; after each comes
a session that is left alone. Written are the faults, how many the sessions survived, the words said
and misheard in sessions of both kinds, the sound given up, and how often that was told.

    python -m tools.measure_engine_faults [--faults 200] [--model tiny.en] [--hangs 0.2]

With `--pipe` it measures instead what a partial and a final take in this process and in one of its
own, in turns, and the memory of both.
"""

import argparse
import os
import random
import signal
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import get_args

from sotto.app.core.events import Dropped, Event, Fault, Final, Incident
from sotto.app.core.models.loader import recogniser_loader
from sotto.app.core.settings import Settings
from sotto.app.dictating.new_session import CLIPS, new_session
from sotto.app.dictating.recognising import Recognisers
from sotto.app.dictating.recognising.patience import Patience, PatienceSettings
from sotto.app.dictating.session import Feed
from sotto.audio.files.reading import read_audio
from sotto.audio.input.file_source import FileSource
from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.inference.streaming.recogniser import Recogniser
from tools.fixtures.official import Official, official
from tools.word_error import word_errors

CLIP = CLIPS / "printing.flac"
SAID = (
    "Printing, then, for our purpose, may be considered as the art of making books by means of "
    "movable types."
)
CRASHES = (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS)
PATIENCE = PatienceSettings(least_s=2.0, unknown_s=5.0)  # a hang takes no longer than a session
APART_S = (0.5, 6.0)  # between two faults, at least and at most
PIECE = SAMPLE_RATE * 2 // 5  # between two partials

Loader = Callable[[Callable[..., None]], Recogniser]


@dataclass
class Tally:
    """What became of the faults, the sessions and the words."""

    n_faults: int = 0
    n_sessions: int = 0
    n_broken: int = 0  # sessions that ended before their sound
    struck: list[tuple[str, str]] = field(default_factory=list)  # what was said, and heard,
    spared: list[tuple[str, str]] = field(default_factory=list)  # and that of the sessions after
    n_told: int = 0
    given_up_s: float = 0.0
    by_signal: dict[str, int] = field(default_factory=dict)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--faults", type=int, default=20)
    arguments.add_argument("--model", default="tiny.en", choices=get_args(Official))
    arguments.add_argument("--hangs", type=float, default=0.2, help="how many of the faults hang")
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--pipe", action="store_true", help="measure the pipe instead")
    given = arguments.parse_args()
    settings = Settings(model=str(official(given.model)), language="en")
    if given.pipe:
        _measure_pipe(settings)
    else:
        _measure_faults(settings, given.faults, given.hangs, random.Random(given.seed))


# Faults --------------------------------------------------------------------------------------


def _measure_faults(settings: Settings, n_faults: int, hangs: float, chance: random.Random) -> None:
    tally = Tally()
    with Recognisers(patience=lambda: Patience(PATIENCE)) as recognisers:
        while tally.n_faults < n_faults:
            over = Signal()
            striker = Thread(target=_strike, args=(tally, n_faults, hangs, chance, over))
            striker.start()
            events = listen(settings, recognisers)
            over.set()
            striker.join()
            _count(tally, events)
            tally.spared.append((SAID, words_of(listen(settings, recognisers))))
    print(f"faults {tally.n_faults} {tally.by_signal}, in {tally.n_sessions} sessions")
    print(f"sessions that broke off: {tally.n_broken}")
    print(f"words misheard or missing: {word_errors(tally.struck)}")
    print(f"and in the sessions after: {word_errors(tally.spared)}")
    print(f"given up: {tally.given_up_s:.1f} s of sound; told {tally.n_told} times")
    print(f"processes left: {len(children())}")


def listen(settings: Settings, recognisers: Recognisers) -> list[Event]:
    events: list[Event] = []
    new_session(FileSource(CLIP), Feed.PLAYED, settings, events.append, recognisers).run()
    return events


def _strike(tally: Tally, n_faults: int, hangs: float, chance: random.Random, over: Signal) -> None:
    while tally.n_faults < n_faults and not over.wait(chance.uniform(*APART_S)):
        number = signal.SIGSTOP if chance.random() < hangs else chance.choice(CRASHES)
        for pid in children():
            os.kill(pid, number)
            tally.n_faults += 1
            tally.by_signal[number.name] = tally.by_signal.get(number.name, 0) + 1


def _count(tally: Tally, events: Sequence[Event]) -> None:
    tally.n_sessions += 1
    tally.n_broken += any(isinstance(event, Fault) for event in events)
    tally.struck.append((SAID, words_of(events)))
    tally.n_told += sum(isinstance(event, Incident) for event in events)
    tally.given_up_s += sum(e.end - e.start for e in events if isinstance(e, Dropped))


def words_of(events: Sequence[Event]) -> str:
    return " ".join(event.text for event in events if isinstance(event, Final))


def children() -> list[int]:
    """Return the processes that this one has started and that run."""
    found: list[int] = []
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # it has just ended
            found += map(int, (thread / "children").read_text().split())
    return found


# The pipe ------------------------------------------------------------------------------------


def _measure_pipe(settings: Settings, n_rounds: int = 6) -> None:
    pcm = read_audio(CLIP)
    alone_mb = _memory_mb(os.getpid())
    with Recognisers() as recognisers:
        lease = recognisers.lease(settings, print)
        apart = lease.load(lambda *_: None)
        (pid,) = children()
        _grow(apart, pcm)
        print(f"memory: {alone_mb:.0f} MB here and {_memory_mb(pid):.0f} MB in the process")
        within = recogniser_loader(settings)(lambda *_: None)
        _grow(within, pcm)
        print(f"memory: {_memory_mb(os.getpid()):.0f} MB where both are one")
        took = {"within": _Took(), "apart": _Took()}
        for _ in range(n_rounds):
            took["within"].add(*_grow(within, pcm))
            took["apart"].add(*_grow(apart, pcm))
        lease.end()
    for name, each in took.items():
        print(f"{name}: partial {each.partial_ms:.1f} ms, final {each.final_ms:.1f} ms (medians)")


@dataclass
class _Took:
    partials_s: list[float] = field(default_factory=list)
    finals_s: list[float] = field(default_factory=list)

    def add(self, partials_s: list[float], final_s: float) -> None:
        self.partials_s += partials_s
        self.finals_s.append(final_s)

    @property
    def partial_ms(self) -> float:
        return 1e3 * statistics.median(self.partials_s)

    @property
    def final_ms(self) -> float:
        return 1e3 * statistics.median(self.finals_s)


def _grow(recogniser: Recogniser, pcm: Pcm) -> tuple[list[float], float]:
    """Let a segment grow; return the seconds of its partials and of its final."""
    recogniser.begin("")
    partials_s = []
    for at in range(0, len(pcm), PIECE):
        recogniser.append(pcm[at : at + PIECE])
        partials_s.append(_seconds(recogniser, final=False))
    return partials_s, _seconds(recogniser, final=True)


def _seconds(recogniser: Recogniser, *, final: bool) -> float:
    started = time.perf_counter()
    recogniser.recognise((), final=final)
    return time.perf_counter() - started


def _memory_mb(pid: int) -> float:
    """Return the memory that a process has for itself, and its share of what others have, too."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024


if __name__ == "__main__":
    main()
