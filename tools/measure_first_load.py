"""Measure the memory of a model's first load, when its weights are packed, beside its file.

    python -m tools.measure_first_load PATH... [--compute_type int8]

Each path is loaded in a fresh process with an empty cache of weights; compiled graphs are taken
from the user's cache, so run it twice for the first model of a shape. Counted is by how much the
resident memory rose at most, mapped pages of the files among it: while the checkpoint was read and
its weights were packed, and then until the model was loaded, which is MAX's.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from sotto.inference.caches import cache, packed
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.checkpoint.summary import summarise
from sotto.inference.compute_type import ComputeType
from sotto.inference.graphs.parameters import decoder_parameters, encoder_parameters
from sotto.inference.graphs.quantised import quantise
from sotto.inference.model.whisper_model import WhisperModel, recipe
from tools.peak_memory import peak_growth

MEGABYTE = 1e6
CHILD = "--child"  # what the fresh process is told
PACKING, LOADING = "packing", "loading"


def child(what: str, path: Path, compute_type: ComputeType) -> int:
    """Return the growth in bytes of one step, which is all that this process does."""
    run = {PACKING: pack, LOADING: load}[what]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "graphs").symlink_to(cache.cache_dir("graphs"))
        os.environ["SOTTO_CACHE_DIR"] = folder
        return peak_growth(lambda: run(path, compute_type))


def pack(path: Path, compute_type: ComputeType) -> object:
    """Read a checkpoint and pack its weights."""
    checkpoint = load_checkpoint(path)
    dims = checkpoint.dimensions
    parameters = [*encoder_parameters(dims), *decoder_parameters(dims)]
    if compute_type is ComputeType.INT8:
        parameters = quantise(parameters)
    return packed.load(recipe(dims, compute_type), parameters, checkpoint.weights)


def load(path: Path, compute_type: ComputeType) -> object:
    """Load a model, which packs its weights, too."""
    return WhisperModel.load(load_checkpoint(path), compute_type=compute_type)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", type=Path, nargs="+", help="models")
    parser.add_argument("--compute_type", type=ComputeType, default=ComputeType.INT8)
    parser.add_argument(CHILD, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(child(arguments.child, arguments.paths[0], arguments.compute_type)))
        return
    for path in arguments.paths:
        print(line(path, arguments.compute_type), flush=True)


def line(path: Path, compute_type: ComputeType) -> str:
    """Return the figures of one model as text."""
    summary = summarise(path)
    figures = [f"{path.name} ({summary.layout}, {summary.precision}) as {compute_type}:"]
    figures.append(f"{summary.n_bytes / MEGABYTE:.0f} MB;")
    for what in (PACKING, LOADING):
        growth = measure(what, path, compute_type)
        figures.append(f"{what} +{growth / MEGABYTE:.0f} MB, {growth / summary.n_bytes:.2f} of it;")
    return " ".join(figures)


def measure(what: str, path: Path, compute_type: ComputeType) -> int:
    command = [sys.executable, "-m", "tools.measure_first_load", str(path)]
    options = ["--compute_type", compute_type, CHILD, what]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=True)
    return int(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
