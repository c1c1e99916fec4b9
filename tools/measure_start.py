"""Measure a start step by step: from a fresh process to fifteen tokens of 5 s of sound.

    python -m tools.measure_start [--models starter-en tiny.en base.en] [--compute_type int8]

Names of official shapes get seeded random weights. The caches are filled by a start that is not
counted; `--cold` counts that one, too, in an empty cache folder.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from sotto.inference.compute_type import ComputeType

N_TOKENS = 15
SAMPLES = 5 * 16_000
SEED = 0
MEMORY = ("VmHWM", "VmRSS", "RssAnon", "RssFile")
CHILD = "--child"  # what the fresh process is told

Figures = dict[str, float]


def child(folder: Path, compute_type: ComputeType) -> Figures:
    """Start, and return how many milliseconds each step took, and the memory in the end."""
    marks = {"": time.perf_counter()}
    import numpy as np  # noqa: PLC0415 (what is measured)

    marks["import numpy"] = time.perf_counter()
    import sotto.inference.mlir_context  # noqa: PLC0415
    import sotto.inference.model.whisper_model  # noqa: PLC0415

    marks["import MAX"] = time.perf_counter()
    from sotto.inference.checkpoint import load_checkpoint  # noqa: PLC0415
    from sotto.inference.features import normalise  # noqa: PLC0415

    checkpoint = load_checkpoint(folder)
    marks["read checkpoint"] = time.perf_counter()
    model = sotto.inference.model.whisper_model.WhisperModel.load(
        checkpoint, compute_type=compute_type
    )
    marks["load model"] = time.perf_counter()
    pcm = np.random.default_rng(SEED).uniform(-0.3, 0.3, SAMPLES).astype(np.float32)
    audio = model.encode(normalise(model.log_mel(pcm)))
    marks["encode 5 s"] = time.perf_counter()
    cache = model.new_cache()
    tokens = list(checkpoint.tokenizer.sot_sequence("en"))
    for _ in range(N_TOKENS):
        tokens = [int(model.decode(tokens, cache, audio)[0].argmax())]
    marks["15 tokens"] = time.perf_counter()
    names, times = list(marks), list(marks.values())
    return memory() | {names[i]: 1e3 * (times[i] - times[i - 1]) for i in range(1, len(names))}


def memory() -> Figures:
    """Return what this process holds, and has held at most (VmHWM), in megabytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    fields = dict(line.split(":") for line in lines)
    return {name: int(fields[name].split()[0]) * 1024 / 1e6 for name in MEMORY}


def start(folder: Path, compute_type: ComputeType) -> Figures:
    """Start a fresh process; the first figure is the time until it has its result."""
    command = [sys.executable, "-m", "tools.measure_start", CHILD, str(folder), compute_type]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        elapsed_s = time.perf_counter() - started
    return {"all": 1e3 * elapsed_s, **json.loads(line)}


def report(name: str, runs: list[Figures]) -> None:
    print(f"\n{name}: {len(runs)} starts         least    median")
    for figure in runs[0]:
        values = [run[figure] for run in runs]
        unit = "MB" if figure in MEMORY else "ms"
        print(f"  {figure:20} {min(values):8.0f} {median(values):8.0f} {unit}")


def measure(
    name: str, compute_type: ComputeType, scratch: Path, arguments: argparse.Namespace
) -> None:
    # Not at the top: a fresh process imports only what a start needs.
    from tools.fixtures.random_checkpoint import (  # noqa: PLC0415
        OFFICIAL_DIMENSIONS,
        STARTER,
        write_hugging_face,
    )

    folder = STARTER
    if name != STARTER.name:
        folder = scratch / name
        write_hugging_face(folder, OFFICIAL_DIMENSIONS[name], SEED, dtype="float16")
    if arguments.cold:
        os.environ["SOTTO_CACHE_DIR"] = str(scratch / f"cache {name} {compute_type}")
    first = start(folder, compute_type)
    if arguments.cold:
        report(f"{name} {compute_type}, cold", [first])
    report(f"{name} {compute_type}", [start(folder, compute_type) for _ in range(arguments.starts)])


def main() -> None:
    if sys.argv[1:2] == [CHILD]:
        folder, compute_type = sys.argv[2:]
        print(json.dumps(child(Path(folder), ComputeType(compute_type))), flush=True)
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", nargs="+", default=["starter-en", "tiny.en", "base.en"])
    parser.add_argument("--compute_type", type=ComputeType, default=ComputeType.INT8)
    parser.add_argument("--starts", type=int, default=10)
    parser.add_argument("--cold", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for name in arguments.models:
            measure(name, arguments.compute_type, Path(scratch), arguments)


if __name__ == "__main__":
    main()
