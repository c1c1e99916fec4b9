r"""Compare Sotto with other Whisper programs on this machine's processor.

    python -m tools.compare_peers [--weights real] --python openai-whisper=ENV/bin/python \
        --python faster-whisper=ENV/bin/python --python whisper.cpp=ENV/bin/python \
        --json FILE --plot FILE

With random weights: seeded ones of official shapes, the same for all, in each program's own
format; the same sound, threads and number of tokens. With real ones: official models, people's
speech joined to files of given lengths, each program as its command transcribes them without
flags but the language's, to its natural end of text. The programs take turns within each round.
`--plot`, of random weights only, needs the dependency group `tools`.

The figures are of each program as PyPI ships it: pywhispercpp's wheel uses no more than AVX2, and
one built from source for this processor is faster.
"""

import argparse
import json
import math
import os
import platform
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np

from sotto.audio.files.reading import read_audio
from sotto.inference.dimensions import SAMPLE_RATE
from tools.fixtures.official import Official
from tools.fixtures.random_checkpoint import OFFICIAL_DIMENSIONS
from tools.peers import checkpoints, official_models, real_speech
from tools.peers.comparison import Comparison, Conditions, n_in_common
from tools.peers.engine import Pcm
from tools.peers.measures import GROUPS, MEASURES, RECORDING_S, UTTERANCE_TOKENS
from tools.peers.process import REPOSITORY
from tools.peers.programs import (
    PACKAGES,
    SOTTO,
    STREAMING,
    VARIANTS,
    Installed,
    Variant,
    files_for,
    find_installed,
)
from tools.peers.speech import read_folder
from tools.peers.table import Row, markdown, to_json

CLIPS = REPOSITORY / "tests" / "clips" / "human"
RANDOM, REAL = "random", "real"
DEFAULT_SHAPES = {RANDOM: ("tiny.en", "base.en"), REAL: get_args(Official)}
DEFAULT_ROUNDS = {RANDOM: 5, REAL: 1}
FILES_S = (5.0, 30.0, RECORDING_S, 600.0)


def main() -> None:
    arguments = parse_arguments()
    installed = find_installed(dict(arguments.python))
    for program in PACKAGES.keys() - installed.keys():
        print(f"{program} is not installed and left out.", file=sys.stderr)
    machine = describe_machine(arguments.threads, installed)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        if arguments.weights == REAL:
            failures = compare_real(arguments, installed, Path(folder), machine)
        else:
            failures = compare_random(arguments, installed, Path(folder), machine)
    for failure in failures:
        print(f"Failed: {failure}", file=sys.stderr)
    sys.exit(bool(failures))


def parse_arguments() -> argparse.Namespace:
    lines = (__doc__ or "").splitlines()
    parser = argparse.ArgumentParser(description=lines[0])
    parser.add_argument(
        "--python",
        action="append",
        default=[],
        type=program_and_python,
        metavar="PROGRAM=PYTHON",
        help=f"the Python that has a program: {', '.join(PACKAGES)}",
    )
    shapes = [shape for shape in OFFICIAL_DIMENSIONS if shape != "starter-en"]
    parser.add_argument("--weights", default=RANDOM, choices=DEFAULT_SHAPES)
    parser.add_argument("--shapes", nargs="+", choices=shapes, help="or real models")
    parser.add_argument("--only", nargs="+", default=GROUPS, choices=GROUPS)
    parser.add_argument("--files", nargs="+", type=float, default=FILES_S, metavar="SECONDS")
    parser.add_argument(
        "--speech", nargs="+", type=Path, default=[CLIPS], help="as tools.judge_words takes them"
    )
    parser.add_argument(
        "--patience",
        type=float,
        default=math.inf,
        metavar="SECONDS",
        help="real weights: leave out files that would take a program longer",
    )
    parser.add_argument(
        "--variants", nargs="+", metavar="NAME", help="real weights: these rows of the table alone"
    )
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="where temporary models are written")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--plot", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    arguments.shapes = arguments.shapes or DEFAULT_SHAPES[arguments.weights]
    arguments.rounds = arguments.rounds or DEFAULT_ROUNDS[arguments.weights]
    if arguments.weights == REAL and not set(arguments.shapes) <= set(DEFAULT_SHAPES[REAL]):
        parser.error(f"real weights are there for {', '.join(DEFAULT_SHAPES[REAL])}")
    return arguments


def program_and_python(value: str) -> tuple[str, str]:
    program, _, python = value.partition("=")
    if program not in PACKAGES or not Path(python).is_file():
        raise argparse.ArgumentTypeError(f"{value} is not PROGRAM=PYTHON")
    return program, python


def compare_real(
    arguments: argparse.Namespace,
    installed: Mapping[str, Installed],
    folder: Path,
    machine: Mapping[str, Any],
) -> list[str]:
    """Compare on official weights, print a table as soon as it is ready; return what failed."""
    recordings = [recording for speech in arguments.speech for recording in read_folder(speech)]
    files = real_speech.write_files(recordings, arguments.files, folder)
    results, failures = {}, []
    for name in arguments.shapes:
        model = official_models.load_official(name, folder / name)
        models = official_models.files_for(model, installed)
        offline = {
            variant: path
            for variant, path in models.items()
            if variant.what != STREAMING and variant.name in (arguments.variants or [variant.name])
        }
        comparison = real_speech.RealSpeech(
            files,
            installed,
            threads=arguments.threads,
            rounds=arguments.rounds,
            patience_s=arguments.patience,
        )
        cells = comparison.run(offline)
        results[name] = real_speech.to_json(cells)
        failures += [f"{name}, {failure}" for failure in comparison.failures]
        print(f"\n{name}\n\n{real_speech.markdown(cells)}\n", flush=True)
    if arguments.json:
        write_json(arguments.json, machine, results, failures)
    return failures


def compare_random(
    arguments: argparse.Namespace,
    installed: Mapping[str, Installed],
    folder: Path,
    machine: Mapping[str, Any],
) -> list[str]:
    """Compare on random weights and write what was asked for; return what failed."""
    results, failures = compare(arguments, installed, folder)
    if arguments.json:
        ours: list[Variant] = [variant for variant in VARIANTS if variant.program == SOTTO]
        shapes = {shape: to_json(rows, ours) for shape, rows in results.items()}
        write_json(arguments.json, machine, shapes, failures)
    if arguments.plot:
        from tools.peers.plot import save_plot  # noqa: PLC0415 (matplotlib is optional)

        title = "{processor}, {threads} threads, {date}; lower is better".format_map(machine)
        save_plot(arguments.plot, results, title)
    return failures


def compare(
    arguments: argparse.Namespace, installed: Mapping[str, Installed], folder: Path
) -> tuple[dict[str, list[Row]], list[str]]:
    """Return the rows of each shape, printed as they are ready, and what failed."""
    sound = folder / "sound.npy"
    np.save(sound, joined_clips(RECORDING_S))
    measures = [measure for measure in MEASURES if measure.group in arguments.only]
    results, failures = {}, []
    for shape in arguments.shapes:
        place = folder / shape
        place.mkdir()
        model = checkpoints.make(shape, place, arguments.seed)
        files = files_for(model, installed)
        conditions = Conditions(model, sound, arguments.threads, arguments.rounds)
        comparison = Comparison(conditions, installed, files)
        results[shape] = comparison.run(measures)
        failures += comparison.failures
        print(f"\n{shape}\n\n{markdown(results[shape], list(files))}\n")
        print(describe_agreement(comparison), flush=True)
    return results, failures


def describe_agreement(comparison: Comparison) -> str:
    """Return how far the programs say the same; rounding to bytes makes them part in time."""
    sampled = comparison.sampled
    if not sampled:
        return "No program has sampled tokens."
    reference = next((v for v in sampled if v.compute_type == "float32"), next(iter(sampled)))
    n_common = {v.name: n_in_common(sampled[reference], sampled[v]) for v in sampled}
    counts = ", ".join(f"{name} {count}" for name, count in n_common.items())
    return f"First tokens in common with {reference.name}, of {UTTERANCE_TOKENS}: {counts}."


def joined_clips(seconds: float) -> Pcm:
    """Return the clips of human speech one after the other, again and again, cut to length."""
    paths = sorted(path for path in CLIPS.iterdir() if path.suffix in {".flac", ".wav"})
    joined = np.concatenate([read_audio(path) for path in paths])
    return np.resize(joined, round(seconds * SAMPLE_RATE))


def describe_machine(threads: int, installed: Mapping[str, Installed]) -> dict[str, Any]:
    """Return what a reader needs to place the figures."""
    return {
        "date": time.strftime("%Y-%m-%d"),
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "threads": threads,
        "system": platform.platform(terse=True),
    } | {PACKAGES[program][1]: there.version for program, there in installed.items()}


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def write_json(
    path: Path,
    machine: Mapping[str, Any],
    shapes: Mapping[str, Sequence[Mapping[str, Any]]],
    failures: Sequence[str],
) -> None:
    content = {"machine": machine, "shapes": shapes, "failures": failures}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
