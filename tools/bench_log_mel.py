"""Time log-mel front-ends, and measure their memory: `python -m tools.bench_log_mel`.

Sotto's, numpy's, and those of openai-whisper (torch) and librosa where they are installed. Of the
time the best and the middle of many runs: other programs make a run slower, never faster. Memory is
how far the resident memory of a process rises above what it held before one run, at the peak;
"beyond the result" without the log-mel itself, and the same in copies of the sound.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from sotto.inference.dimensions import HOP_LENGTH, SAMPLE_RATE
from sotto.inference.features import IncrementalLogMel, frame_starts
from sotto.inference.front_end import load_log_mel
from sotto.inference.interfaces import Array
from tools.log_mel_front_ends import N_MELS, available
from tools.peak_memory import peak_growth

RUNS = 200
SECONDS = (30, 5, 0.3)
MEBIBYTE = 2**20
MEMORY = "--memory"


def noise(seconds: float) -> Array:
    n_samples = int(seconds * SAMPLE_RATE)
    return np.random.default_rng(0).uniform(-1, 1, n_samples).astype(np.float32)


def timed(run: Callable[[], object]) -> str:
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - started)
    return f"{min(seconds) * 1e3:9.3f} {np.median(seconds) * 1e3:9.3f}"


def print_row(name: str, run: Callable[[Array], object]) -> None:
    columns = [timed(partial(run, noise(seconds))) for seconds in SECONDS]
    print(f"{name:24}", *columns)


def print_times() -> None:
    kernel = load_log_mel(N_MELS)
    print("ms, best and middle of", RUNS, *(f"{seconds:>19} s" for seconds in SECONDS))
    print_row("kernel alone", lambda pcm: kernel(pcm, frame_starts(0, len(pcm) // HOP_LENGTH)))
    for name, make in available().items():
        print_row(name, make())
    growing, block = IncrementalLogMel(kernel, N_MELS), noise(0.3)
    growing.append(noise(30))
    print(f"{'append 0.3 s to 30 s':24}", timed(lambda: growing.append(block)))


def print_memory(seconds: float) -> None:
    pcm = noise(seconds)
    result = len(pcm) // HOP_LENGTH * N_MELS * pcm.itemsize
    print(
        f"\nMiB at {seconds} s: sound {pcm.nbytes / MEBIBYTE:.2f}, result {result / MEBIBYTE:.2f}"
    )
    print(f"{'':24} {'peak':>9} {'beyond the result':>18} {'copies of the sound':>20}")
    for name in available():
        peak = peak_of(name, seconds)
        beyond = max(0, peak - result)
        columns = f"{peak / MEBIBYTE:9.2f} {beyond / MEBIBYTE:18.2f} {beyond / pcm.nbytes:20.2f}"
        print(f"{name:24} {columns}")


def peak_of(name: str, seconds: float) -> int:
    """Measure in a process of its own, whose allocator has kept nothing of earlier runs."""
    command = [sys.executable, "-m", "tools.bench_log_mel", MEMORY, name, str(seconds)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def measure(name: str, seconds: float) -> int:
    front_end, pcm = available()[name](), noise(seconds)
    front_end(noise(0.3))  # what is loaded at first use is not the sound's
    return peak_growth(lambda: front_end(pcm))


def main() -> None:
    if MEMORY in sys.argv:
        print(measure(name=sys.argv[2], seconds=float(sys.argv[3])))
        return
    print_times()
    for seconds in (30, 161.5):
        print_memory(seconds)


if __name__ == "__main__":
    main()
