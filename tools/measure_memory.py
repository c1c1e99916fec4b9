"""Dictate while memory runs out: what is lost, and what becomes of the process that recognises?

    python -m tools.measure_memory [--tries 20] [--within 2] [--model tiny.en]

Sessions hear a clip at the speed of speech, each with a process of its own. In some, what that
process has mapped (code, weights, graphs) is taken out of memory twice a second, as on a machine
that has no room for it (that takes root). In others it gets no more memory from a random moment on,
while it loads its model or while it hears; after each of these comes a session on the same
`Recognisers` that is left alone.
"""

import argparse
import os
import random
import shutil
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sotto.app.core.events import Dropped, Event, Fault, Incident, Lag
from sotto.app.core.settings import Settings
from sotto.app.dictating.recognising import Recognisers
from sotto.inference.caches.cache import cache_dir
from tools.fixtures.full_memory import evict, starve
from tools.fixtures.official import official
from tools.measure_engine_faults import SAID, children, listen, words_of
from tools.word_error import word_errors

EVERY_S = 0.5
WITHIN_S = 7.0  # of a session that is 8 s long and loads for some
_CHILD = "recognising.child"
_ROWS = ("sessions", "broke off", "ended processes", "told", "given up, s", "words wrong", "lag, s")


@dataclass
class Tally:
    """What became of the sessions of a kind."""

    n_sessions: int = 0
    n_broken: int = 0
    n_ended: int = 0  # processes that did not outlive it
    n_told: int = 0
    given_up_s: float = 0.0
    lag_s: float = 0.0  # the most
    said: list[tuple[str, str]] = field(default_factory=list)

    def add(self, events: list[Event]) -> None:
        """Count a session."""
        self.n_sessions += 1
        self.n_broken += any(isinstance(event, Fault) for event in events)
        self.n_told += sum(isinstance(event, Incident) for event in events)
        self.given_up_s += sum(e.end - e.start for e in events if isinstance(e, Dropped))
        self.lag_s = max([self.lag_s, *(e.lag_s for e in events if isinstance(e, Lag))])
        self.said.append((SAID, words_of(events)))

    def row(self, kind: str) -> str:
        """Return the figures as a row of the table."""
        counts = (self.n_sessions, self.n_broken, self.n_ended, self.n_told)
        wrong = word_errors(self.said)
        seconds = f"{self.given_up_s:.1f} | {wrong.n_errors} of {wrong.n_words} | {self.lag_s:.1f}"
        return f"| {kind} | {' | '.join(map(str, counts))} | {seconds} |"


def recognising() -> list[int]:
    """Return the processes that recognise for this one."""
    found = []
    for pid in children():
        with suppress(OSError):  # it has just ended
            found += [pid] if _CHILD in Path(f"/proc/{pid}/cmdline").read_text() else []
    return found


def evicted(settings: Settings, tries: int) -> tuple[Tally, float]:
    """Return what became of sessions whose files are taken out of memory, and MB of a time."""
    tally, gone = Tally(), [0]
    for _ in range(tries):
        over = threading.Event()

        def take(over: threading.Event = over) -> None:
            while not over.wait(EVERY_S):
                for pid in recognising():
                    with suppress(OSError):
                        gone.append(evict(pid))

        with Recognisers() as recognisers:
            taker = threading.Thread(target=take)
            taker.start()
            tally.add(listen(settings, recognisers))
            over.set()
            taker.join()
    return tally, sorted(gone)[len(gone) // 2] / 2**20


def starved(
    settings: Settings, tries: int, within_s: float, chance: random.Random
) -> tuple[Tally, Tally]:
    """Return what became of sessions that get no more memory, and of those behind them."""
    struck, after = Tally(), Tally()
    for _ in range(tries):
        hit: list[int] = []
        with Recognisers() as recognisers:
            striker = threading.Thread(target=_strike, args=[chance.uniform(0.0, within_s), hit])
            striker.start()
            struck.add(listen(settings, recognisers))
            striker.join()
            struck.n_ended += len(set(hit) - set(recognising()))
            after.add(listen(settings, recognisers))
    return struck, after


def _strike(after_s: float, hit: list[int]) -> None:
    time.sleep(after_s)
    for pid in recognising():
        hit.append(pid)
        with suppress(OSError, StopIteration):  # it has just ended
            starve(pid)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=10)
    parser.add_argument("--model", default=str(official("tiny.en")))
    parser.add_argument(
        "--within", type=float, default=WITHIN_S, help="seconds; 2 strike while the model is loaded"
    )
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    settings = Settings(model=given.model, language="en")
    print(f"| | {' | '.join(_ROWS)} |\n|{'---|' * (1 + len(_ROWS))}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        # Weights of its own: pages that other programs have mapped as well stay in memory.
        shutil.copytree(cache_dir("graphs"), Path(name) / "graphs")
        os.environ["SOTTO_CACHE_DIR"] = name
        tally, gone_mb = evicted(settings, given.tries)
        print(tally.row(f"{gone_mb:.0f} MB taken twice a second"), flush=True)
        struck, after = starved(settings, given.tries, given.within, random.Random(given.seed))
        print(struck.row("no more memory"), flush=True)
        print(after.row("the session after"), flush=True)


if __name__ == "__main__":
    main()
