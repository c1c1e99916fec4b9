"""Judge int8 against float32 by what is said and by logits; words are for tools.judge_words.

    python -m tools.judge_int8 tests/clips/human [--shapes tiny.en base.en] [--models tiny.en base]

The folder holds clips.jsonl (file, text and perhaps language a line). The model in the box
transcribes it. The shapes get seeded random weights. Official models are told the text, and judged
by the probabilities of each next token.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from sotto.audio.files.reading import read_audio
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.compute_type import ComputeType
from sotto.inference.decoding import TranscribeOptions, transcribe
from sotto.inference.features import normalise
from sotto.inference.model.whisper_model import WhisperModel
from tools.fixtures.official import Official, official
from tools.fixtures.random_checkpoint import OFFICIAL_DIMENSIONS, STARTER, write_hugging_face
from tools.peers.speech import ENGLISH, Recording, read_folder
from tools.word_error import word_errors

OPTIONS = TranscribeOptions(temperatures=(0.0,), condition_on_previous_text=False)
N_FRAMES = 500  # 5 s
N_TOKENS = 20
SEED = 0
WINDOW_FRAMES = 3_000  # 30 s
PADDING = np.zeros(4 * 16_000, np.float32)  # behind a recording, 4 s
MODELS = get_args(Official)


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


def judge_probabilities(name: Official, recordings: Sequence[Recording]) -> None:
    """Print how far the probabilities of both are apart, when all tokens before are given."""
    checkpoint = load_checkpoint(official(name))
    exact, quantised = (
        [
            log_probabilities(model, recording)
            for model in [WhisperModel.load(checkpoint, compute_type=compute_type)]
            for recording in recordings
        ]
        for compute_type in (ComputeType.FLOAT32, ComputeType.INT8)
    )
    p, q = np.concatenate(exact), np.concatenate(quantised)
    divergence = float((np.exp(p) * (p - q)).sum(axis=1).mean())
    n_different = int((p.argmax(axis=1) != q.argmax(axis=1)).sum())
    print(f"{name}: divergence {divergence:.5f} nats a token; ", end="")
    print(f"another best token in {n_different} of {len(p)} places")


def log_probabilities(model: WhisperModel, recording: Recording) -> NDArray[np.float64]:
    """Return those of each token of what is said and of its end, (n_tokens + 1, n_vocab)."""
    tokenizer = model.checkpoint.tokenizer
    sound = np.concatenate([recording.pcm(), PADDING])
    mel = normalise(model.log_mel(sound))[:WINDOW_FRAMES]
    sequence = tokenizer.sot_sequence(recording.language, "transcribe")
    prompt = [*sequence, tokenizer.no_timestamps]
    tokens = [*prompt, *tokenizer.encode(f" {recording.text}")]
    audio = model.encode(np.ascontiguousarray(mel[: len(mel) // 2 * 2]))
    rows = range(len(prompt) - 1, len(tokens))
    logits = np.array(model.decode(tokens, model.new_cache(), audio, rows=rows), np.float64)
    logits -= logits.max(axis=1, keepdims=True)
    totals: NDArray[np.float64] = np.exp(logits).sum(axis=1, keepdims=True)
    return logits - np.log(totals)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shapes", nargs="*", default=[], choices=OFFICIAL_DIMENSIONS)
    parser.add_argument("--models", nargs="*", default=[], choices=MODELS)
    arguments = parser.parse_args()
    judge_words(arguments.folder)
    recordings = read_folder(arguments.folder)
    for name in arguments.models:
        understood = [r for r in recordings if r.language == ENGLISH or not name.endswith(".en")]
        judge_probabilities(name, understood)
    for shape in arguments.shapes:
        judge_logits(shape)


if __name__ == "__main__":
    main()
