"""Judge int8 against float32: word errors of the model in the box, and logits of real shapes.

    python -m tools.starter.evaluation_sets SETS
    python -m tools.judge_int8 SETS/dictation [--shapes tiny.en base.en]

The folder holds clips.jsonl (file and text a line). The shapes get seeded random weights.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np

from sotto.audio.files import read_audio
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.compute_type import ComputeType
from sotto.inference.decoding import TranscribeOptions, transcribe
from sotto.inference.model import WhisperModel
from tests.helpers.random_checkpoint import OFFICIAL_DIMENSIONS, STARTER, write_hugging_face
from tools.word_error import word_errors

OPTIONS = TranscribeOptions(temperatures=(0.0,), condition_on_previous_text=False)
N_FRAMES = 500  # 5 s
N_TOKENS = 20
SEED = 0


def texts(compute_type: ComputeType, clips: list[Path]) -> list[str]:
    """Return what the model in the box hears."""
    model = WhisperModel.load(load_checkpoint(STARTER), compute_type=compute_type)
    return [transcribe(model, read_audio(clip), OPTIONS).text for clip in clips]


def judge_words(folder: Path) -> None:
    """Print the word errors of both, and how many texts differ."""
    rows = [json.loads(line) for line in (folder / "clips.jsonl").read_text().splitlines()]
    clips = [folder / row["file"] for row in rows]
    heard = {compute_type: texts(compute_type, clips) for compute_type in ComputeType}
    for compute_type, lines in heard.items():
        pairs = [(row["text"], line) for row, line in zip(rows, lines, strict=True)]
        print(f"{compute_type:8} word error {word_errors(pairs)}")
    different = sum(a != b for a, b in zip(*heard.values(), strict=True))
    print(f"texts that differ: {different} of {len(rows)}")


def judge_logits(shape: str) -> None:
    """Print how far the logits of both are apart, in parts of their spread."""
    dims = OFFICIAL_DIMENSIONS[shape]
    rng = np.random.default_rng(SEED)
    mel = rng.standard_normal((N_FRAMES, dims.n_mels)).astype(np.float32)
    tokens = rng.integers(0, dims.n_vocab, N_TOKENS).tolist()
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = load_checkpoint(write_hugging_face(Path(folder) / shape, dims, SEED))
        logits = []
        for compute_type in ComputeType:
            model = WhisperModel.load(checkpoint, compute_type=compute_type)
            rows = range(N_TOKENS)
            logits.append(model.decode(tokens, model.new_cache(), model.encode(mel), rows=rows))
    exact, quantised = logits
    error = float(np.sqrt(np.mean((quantised - exact) ** 2)) / exact.std())
    agreement = float(np.mean(quantised.argmax(axis=1) == exact.argmax(axis=1)))
    print(f"{shape}: logits differ by {error:.2%} of their spread; same best token {agreement:.0%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shapes", nargs="*", default=[], choices=OFFICIAL_DIMENSIONS)
    arguments = parser.parse_args()
    judge_words(arguments.folder)
    for shape in arguments.shapes:
        judge_logits(shape)


if __name__ == "__main__":
    main()
