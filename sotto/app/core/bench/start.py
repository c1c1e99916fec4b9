"""From the start of a process to its first result, and the memory that takes."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass

from sotto.app.core.bench.timing import Timing
from sotto.errors import ModelError
from sotto.inference.compute_type import ComputeType

PROGRAM = "sotto.app.core.bench.engine_process"


@dataclass(frozen=True, slots=True)
class StartFigures:
    """A fresh engine's way to its first text, of 5 s of speech.

    `rss_peak_bytes` is the most memory that any of the processes held.
    """

    first_result: Timing
    rss_peak_bytes: int
    text: str


def measure_start(name: str, compute_type: ComputeType, starts: int) -> StartFigures:
    """Start `starts` fresh engines one after another.

    The model must have been loaded before, so that its graphs are compiled and its files cached.

    Raises:
        ModelError: a process ended without a result.
    """
    runs = [_start(name, compute_type) for _ in range(starts)]
    return StartFigures(
        first_result=Timing.of([seconds for seconds, _ in runs]),
        rss_peak_bytes=max(int(result["rss_peak_bytes"]) for _, result in runs),
        text=str(runs[-1][1]["text"]),
    )


def _start(name: str, compute_type: ComputeType) -> tuple[float, dict[str, int | str]]:
    """Return seconds to the result, and the result."""
    command = [sys.executable, "-P", "-m", PROGRAM, name, compute_type]
    started = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        try:
            line = process.stdout.readline() if process.stdout else b""
        except BaseException:
            process.kill()
            raise
        elapsed_s = time.perf_counter() - started
    if not line:
        raise ModelError(
            f"a fresh process with {name} ended without a result (exit status "
            f"{process.returncode}); close other programs if memory is short."
        )
    return elapsed_s, json.loads(line)
