"""Time the log-mel kernel against numpy, in milliseconds: `python -m tools.bench_log_mel`.

The best and the middle of many runs: other programs make a run slower, never faster.
"""

import time
from collections.abc import Callable

import numpy as np
from max.driver import CPU, Buffer
from max.engine import InferenceSession

from sotto.inference import compiled
from sotto.inference.dimensions import HOP_LENGTH, N_FFT, SAMPLE_RATE
from sotto.inference.features import IncrementalLogMel, RawLogMel, frame_starts, mel_filters
from sotto.inference.interfaces import Array

N_MELS = 80
RUNS = 200
WINDOW = np.hanning(N_FFT + 1)[:-1].astype(np.float32)


def load() -> RawLogMel:
    recipe = compiled.Recipe("log_mel", "sotto.inference.features:log_mel_graph", (N_MELS,))
    model = InferenceSession(devices=[CPU()]).init(compiled.load(recipe))
    return lambda pcm, starts: np.asarray(
        model.execute(Buffer.from_numpy(pcm), Buffer.from_numpy(starts))[0].to_numpy()
    )


def with_numpy(pcm: Array) -> Array:
    padded = np.pad(pcm, N_FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP_LENGTH]
    power = np.abs(np.fft.rfft(frames[: len(pcm) // HOP_LENGTH] * WINDOW, axis=1)) ** 2
    return np.asarray(np.log10(np.maximum(power @ mel_filters(N_MELS).T, 1e-10)), np.float32)


def timed(run: Callable[[], object]) -> str:
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - started)
    return f"{min(seconds) * 1e3:8.3f} {np.median(seconds) * 1e3:8.3f}"


def main() -> None:
    kernel = load()
    noise = np.random.default_rng(0).uniform(-1, 1, 30 * SAMPLE_RATE).astype(np.float32)
    print("seconds   kernel: best   middle   numpy: best   middle")
    for seconds in (30, 5, 0.3):
        pcm = noise[: int(seconds * SAMPLE_RATE)]
        starts = frame_starts(0, len(pcm) // HOP_LENGTH)
        ours = timed(lambda pcm=pcm, starts=starts: kernel(pcm, starts))  # type: ignore[misc]
        theirs = timed(lambda pcm=pcm: with_numpy(pcm))  # type: ignore[misc]
        print(f"{seconds:7} {ours:>23} {theirs:>22}")
    growing = IncrementalLogMel(kernel, N_MELS)
    growing.append(noise)
    print("append 0.3 s to 30 s:", timed(lambda: growing.append(noise[:4_800])))


if __name__ == "__main__":
    main()
