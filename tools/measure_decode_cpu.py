"""Measure what one partial decode of live speech costs, on which threads, and what follows it.

    python -m tools.measure_decode_cpu [--models tiny.en base] [--held 2 5 10] [--threads 1 2]

Decodes come as far apart as in live use. CPU time is read for each thread of the process: of the
one that calls, of all others while it waits for the text, and of those from the text to the next
decode, which is what waiting for work costs. Medians, in milliseconds.
"""

import argparse
import statistics
import time
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from pathlib import Path
from threading import get_native_id

import numpy as np

from sotto.audio.files.reading import read_audio
from sotto.audio.input.source import SAMPLE_RATE
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.compute_type import ComputeType
from sotto.inference.interfaces import Array
from sotto.inference.model.whisper_model import WhisperModel
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser, WhisperSettings
from tools.fixtures.official import official
from tools.measure_live import busy_program

CLIP = Path(__file__).parents[1] / "tests" / "clips" / "human" / "jfk.flac"
REST_S = 0.25
"""From one partial to the next."""
TASKS = Path("/proc/self/task")
NS_PER_MS = 1e6


@dataclass(frozen=True)
class Cost:
    """Of one decode, in milliseconds: until the text is there, and of other threads after that."""

    wall: float
    caller: float
    others: float
    after: float


class FixedThreads(WhisperModel):
    """A model that uses as many threads as it is given, whatever a recogniser chooses."""

    fixed = 0

    @property
    def threads(self) -> int:
        """Most threads of a call."""
        return self.fixed

    @threads.setter
    def threads(self, chosen: int) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the CPU time of partial decodes.")
    parser.add_argument("--models", nargs="+", default=["tiny.en", "base"])
    parser.add_argument("--held", nargs="+", type=float, default=[2.0, 5.0, 10.0], help="seconds")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--count", type=int, default=12, help="decodes of each kind")
    parser.add_argument("--busy", type=int, default=0, help="programs beside that want a core each")
    given = parser.parse_args()
    with ExitStack() as programs:
        for _ in range(given.busy):
            programs.enter_context(busy_program())
        table(given)


def table(given: argparse.Namespace) -> None:
    """Measure and print all rows."""
    print("| model | held, s | threads | wall | CPU, caller | others | after |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name in given.models:
        checkpoint = load_checkpoint(official(name))
        model = FixedThreads.load(checkpoint, compute_type=ComputeType.INT8)
        for held_s in given.held:
            for threads in given.threads:
                model.fixed = threads
                report(name, held_s, threads, measure(model, held_s, given.count))


def report(name: str, held_s: float, threads: int, cost: Cost) -> None:
    """Print a row."""
    numbers = " | ".join(f"{milliseconds:.1f}" for milliseconds in astuple(cost))
    print(f"| {name} | {held_s:g} | {threads} | {numbers} |", flush=True)


def measure(model: FixedThreads, held_s: float, count: int) -> Cost:
    """Return the median cost of `count` decodes of so much speech."""
    recogniser = WhisperRecogniser(model, WhisperSettings(language="en"))
    recogniser.append(speech(held_s))
    recogniser.recognise((), final=False)  # warms up, and is the draft
    costs = [one(recogniser) for _ in range(count)]
    return Cost(*(statistics.median(column) for column in zip(*map(astuple, costs), strict=True)))


def one(recogniser: WhisperRecogniser) -> Cost:
    """Decode once, and rest."""
    before, started = thread_times(), time.perf_counter()
    recogniser.recognise((), final=False)
    wall, done = 1e3 * (time.perf_counter() - started), thread_times()
    time.sleep(REST_S)
    mine, after = {get_native_id()}, thread_times()
    return Cost(
        wall=wall,
        caller=spent(before, done, mine),
        others=spent(before, done, done.keys() - mine),
        after=spent(done, after, done.keys() - mine),
    )


def spent(before: dict[int, int], after: dict[int, int], threads: set[int]) -> float:
    """Return the milliseconds that threads worked between two readings."""
    return sum(after.get(thread, 0) - before.get(thread, 0) for thread in threads) / NS_PER_MS


def thread_times() -> dict[int, int]:
    """Return what each thread of this process has worked so far, in nanoseconds."""
    # schedstat of https://docs.kernel.org/scheduler/sched-stats.html: the first is time on the CPU
    return {
        int(task.name): int((task / "schedstat").read_text(encoding="ascii").split()[0])
        for task in TASKS.iterdir()
    }


def speech(seconds: float) -> Array:
    """Return Kennedy's voice (n,), said again if it is too short."""
    return np.resize(read_audio(CLIP), round(seconds * SAMPLE_RATE))


if __name__ == "__main__":
    main()
