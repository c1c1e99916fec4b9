"""Measure what live dictation costs on official shapes, alone and beside a busy program.

    python -m tools.measure_live [--shapes tiny.en base.en] [--compute-type int8]

The weights are random and the words are given (`tools/fluent_model.py`); the arithmetic is real.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile

from sotto.app.core.bench.speech import speech
from sotto.app.dictating.session import Feed, Session, SessionSettings
from sotto.audio.input.file_source import FileSource
from sotto.audio.input.source import SAMPLE_RATE
from sotto.clock import SystemClock
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.compute_type import ComputeType, best_compute_type
from sotto.inference.model.whisper_model import WhisperModel
from sotto.inference.streaming.utterance import Utterance
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser, WhisperSettings
from tools.fixtures.random_checkpoint import OFFICIAL_DIMENSIONS, write_hugging_face
from tools.fluent_model import FluentModel

SEED = 0
STEP_S = 0.3
UNTIL_S = 5.0
COUNTED = 3  # partials, the last of each utterance
UTTERANCES = 12
LIVE_S = 20.0
SETTLE_S = 0.5
BUSY = "while True: pass"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what live dictation costs.")
    parser.add_argument("--shapes", nargs="+", default=["tiny.en", "base.en"])
    parser.add_argument(
        "--compute-type", type=ComputeType, choices=ComputeType, default=best_compute_type()
    )
    arguments = parser.parse_args()
    for shape in arguments.shapes:
        with tempfile.TemporaryDirectory() as folder:
            path = write_hugging_face(
                Path(folder) / shape, OFFICIAL_DIMENSIONS[shape], SEED, dtype="float16"
            )
            model = WhisperModel.load(load_checkpoint(path), compute_type=arguments.compute_type)
            measure(f"{shape} {arguments.compute_type}", FluentModel(model))


def measure(name: str, model: FluentModel) -> None:
    """Print what partials take, alone and beside a busy program, and the CPU of dictation."""
    partials_ms(model)  # warms up
    alone = partials_ms(model)
    with busy_program():
        beside = partials_ms(model)
    print(f"{name}: partial at {UNTIL_S:.0f} s, ms (min / median / max)")
    for label, times in (("alone", alone), ("beside a busy program", beside)):
        middle = statistics.median(times)
        print(f"  {label}: {min(times):.1f} / {middle:.1f} / {max(times):.1f}")
    print(f"  times slower, median: {statistics.median(beside) / statistics.median(alone):.2f}")
    print(f"  CPU seconds per second of live dictation: {live_cpu(model):.3f}", flush=True)


def partials_ms(model: FluentModel) -> list[float]:
    """Let utterances grow; return the milliseconds of the last partials of each."""
    pcm = speech(UNTIL_S)
    ends = np.arange(UNTIL_S, STEP_S, -STEP_S)[::-1]
    taken: list[float] = []
    for _ in range(UTTERANCES):
        utterance = Utterance(WhisperRecogniser(model, WhisperSettings(language="en")))
        times = []
        for start_s, end_s in zip([0.0, *ends], ends, strict=False):
            utterance.append(pcm[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)])
            started = time.perf_counter()
            utterance.partial()
            times.append(1e3 * (time.perf_counter() - started))
        taken += times[-COUNTED:]
    return taken


@contextmanager
def busy_program() -> Iterator[None]:
    """Run a program that wants one core for itself."""
    with subprocess.Popen([sys.executable, "-c", BUSY]) as program:
        time.sleep(SETTLE_S)
        yield
        program.kill()


def live_cpu(model: FluentModel) -> float:
    """Dictate speech in real time; return CPU seconds for each of its seconds."""
    recogniser = WhisperRecogniser(model, WhisperSettings(language="en"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        soundfile.write(path, speech(LIVE_S), SAMPLE_RATE)
        source, clock = FileSource(path), SystemClock()
        started = time.process_time()
        settings = SessionSettings(feed=Feed.LIVE)
        Session(source, lambda _: recogniser, lambda _: None, settings, clock).run()
        return (time.process_time() - started) / LIVE_S


if __name__ == "__main__":
    main()
