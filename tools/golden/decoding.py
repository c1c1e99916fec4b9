"""Write what openai-whisper decodes from the clips in `tests/clips`.

For each model a file in `tests/golden/decoding`: `windows` holds results of `whisper.decode` on
single clips, `recordings` those of `whisper.transcribe` on clips joined together, `alignments`
the timed words of single clips. Options are openai-whisper's own, but for the suppress lists that
`reference.py` sets for the model in the box.

`margin` is the smallest distance between the two best tokens that decided a greedy text: a text
with less than MIN_MARGIN is left out, as rounding may flip it between two float32 programs.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import whisper
from whisper.audio import HOP_LENGTH
from whisper.decoding import DecodingOptions, GreedyDecoder
from whisper.model import Whisper
from whisper.timing import find_alignment
from whisper.tokenizer import get_tokenizer

from tests.helpers.clips import SAMPLE_RATE, Clip, human_clips, starter_clips
from tests.helpers.random_checkpoint import OFFICIAL_DIMENSIONS, random_weights
from tools.golden import reference

OUT = Path(__file__).parents[2] / "tests" / "golden" / "decoding"

SEED = 7
MIN_MARGIN = 2e-3  # of logits whose standard deviation is 2.5
Options = dict[str, Any]  # by the names of openai-whisper

RANDOM_SAMPLE_LEN = 24  # random weights never stop by themselves


class Margin:
    """Notes the smallest distance between the best and the second best logit of greedy choices."""

    def __init__(self) -> None:
        self.smallest = np.inf

    def watch(self, update: Any) -> Any:
        def watched(decoder: GreedyDecoder, tokens: Any, logits: Any, sums: Any) -> Any:
            best, second = logits.topk(2).values[0].tolist()
            self.smallest = min(self.smallest, best - second)
            return update(decoder, tokens, logits, sums)

        return watched


def suppress_tokens(model: Whisper) -> dict[str, Any]:
    """Return the option for the model in the box; a new list, as openai-whisper adds to it."""
    if reference.is_starter(model):
        return {"suppress_tokens": reference.starter_rules()["suppress_tokens"]}
    return {}


def window(model: Whisper, clip: Clip, **options: Any) -> tuple[dict[str, Any], float]:
    """Decode one clip; return its record and the margin of its greedy choices."""
    margin = Margin()
    with mock.patch.object(GreedyDecoder, "update", margin.watch(GreedyDecoder.update)):
        mel = reference.window_of(clip.pcm(), short=reference.is_starter(model))
        decoding_options = DecodingOptions(fp16=False, **suppress_tokens(model), **options)
        result = whisper.decode(model, mel, decoding_options)
    fields = {key: value for key, value in vars(result).items() if key != "audio_features"}
    if "language" not in options:
        fields["language_probs"] = whisper.detect_language(model, mel)[1]
    return {"clip": clip.name, "options": options, "result": fields}, margin.smallest


def windows(model: Whisper, clips: Iterable[Clip], **options: Any) -> list[dict[str, Any]]:
    """Decode clips one by one; leave out those that rounding may flip, and say so."""
    kept = []
    for clip in clips:
        record, margin = window(model, clip, **options)
        print(f"{clip.name} {margin:.5f} {record['result']['text'][:60]!r}", flush=True)
        if margin >= MIN_MARGIN:
            kept.append(record)
        else:
            print("  left out: two tokens are too close")
    return kept


def recording(
    model: Whisper, clips: Sequence[Clip], *, cut: bool = False, **options: Any
) -> dict[str, Any]:
    """Transcribe clips joined with half a second of silence behind each of them.

    `cut` makes each clip a window of its own, by `clip_timestamps`.
    """
    pause = np.zeros(SAMPLE_RATE // 2, np.float32)
    parts = [np.concatenate([clip.pcm(), pause]) for clip in clips]
    if cut:
        # Rounded down: openai-whisper never returns from a clip that ends behind the sound.
        ends = np.cumsum([len(part) // HOP_LENGTH * HOP_LENGTH for part in parts]) / SAMPLE_RATE
        options["clip_timestamps"] = [t for pair in pairwise([0.0, *ends.tolist()]) for t in pair]
    result = whisper.transcribe(
        model,
        np.concatenate(parts),
        fp16=False,
        temperature=0.0,
        **suppress_tokens(model),
        **options,
    )
    for segment in result["segments"]:
        print(f"{segment['start']:7.2f} {segment['end']:7.2f} {segment['text'][:70]!r}", flush=True)
    return {"clips": [clip.name for clip in clips], "options": options, "result": result}


def alignment(model: Whisper, clip: Clip, language: str) -> dict[str, Any]:
    """Time the words that the model decodes from a clip."""
    record, _ = window(model, clip, language=language, sample_len=RANDOM_SAMPLE_LEN)
    tokenizer = get_tokenizer(model.is_multilingual, language=language, task="transcribe")
    pcm = clip.pcm()
    words = find_alignment(
        model,
        tokenizer,
        [token for token in record["result"]["tokens"] if token < tokenizer.eot],
        reference.window_of(pcm, short=False),
        len(pcm) // HOP_LENGTH,
    )
    timed = [[w.word, float(w.start), float(w.end), float(w.probability)] for w in words]
    return record | {"words": timed}


def starter() -> dict[str, Any]:
    model = reference.starter()
    english: Options = {"language": "en"}
    alone: Options = {
        "condition_on_previous_text": False,
        **english,
    }  # it was not trained with prompts
    spoken = starter_clips()
    clips = spoken + human_clips()
    with reference.as_starter():
        return {
            "windows": [
                *windows(model, clips, **english),
                *windows(model, clips, without_timestamps=True, **english),
                *windows(model, spoken[:8], beam_size=5, **english),
                *windows(
                    model, spoken[8:12], beam_size=3, patience=2.0, length_penalty=0.6, **english
                ),
                *windows(model, spoken[:4], prompt="Dear Anna,", **english),
                *windows(model, spoken[:4], prefix=" The train", **english),
            ],
            "recordings": [
                recording(model, spoken, cut=True, **alone),
                recording(model, spoken[:12], cut=True, word_timestamps=True, **alone),
                recording(
                    model,
                    spoken[:12],
                    cut=True,
                    word_timestamps=True,
                    hallucination_silence_threshold=0.4,
                    **alone,
                ),
                recording(model, spoken[:4], word_timestamps=True, **english),
                recording(model, spoken, **alone),
                recording(
                    model, spoken, initial_prompt="Dear Anna,", carry_initial_prompt=True, **english
                ),
                recording(model, spoken[:4], clip_timestamps=[1.0, 6.2, 9.0], **english),
            ],
        }


def random_model(name: str) -> Whisper:
    dimensions = OFFICIAL_DIMENSIONS[name]
    return reference.whisper_with(asdict(dimensions), random_weights(dimensions, SEED))


def random_english() -> dict[str, Any]:
    model = random_model("tiny.en")
    clips = human_clips() + starter_clips()
    options: Options = {"language": "en", "sample_len": RANDOM_SAMPLE_LEN}
    speech: Options = {"no_speech_threshold": None, "sample_len": 2 * RANDOM_SAMPLE_LEN}
    return {
        "windows": [
            *windows(model, clips, **options),
            *windows(model, clips[:8], without_timestamps=True, **options),
            *windows(model, clips[:2], beam_size=5, **options),
        ],
        "recordings": [
            recording(model, clips[:10], **speech),
            recording(model, clips[2:7], word_timestamps=True, **speech),
        ],
    }


def random_multilingual() -> dict[str, Any]:
    model = random_model("tiny")
    clips = human_clips()
    options: Options = {"sample_len": RANDOM_SAMPLE_LEN}
    speech: Options = {"no_speech_threshold": None, "sample_len": 2 * RANDOM_SAMPLE_LEN}
    return {
        "windows": [
            *windows(model, clips[:6], **options),
            *windows(model, clips[6:10], language="de", task="translate", **options),
            *windows(model, clips[10:14], language="ja", prompt="こんにちは", **options),
        ],
        "recordings": [
            recording(model, clips[:5], **speech),
        ],
        "alignments": [alignment(model, clip, "zh") for clip in clips[:4]],
    }


MODELS = {"starter-en": starter, "tiny.en": random_english, "tiny": random_multilingual}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help=", ".join(MODELS))
    OUT.mkdir(parents=True, exist_ok=True)
    for name in parser.parse_args().models or MODELS:
        write(OUT / f"{name}.json", {"model": name, "seed": SEED, **MODELS[name]()})


def write(path: Path, record: dict[str, Any]) -> None:
    """Write JSON with one window or recording a line, so that a change is seen as one."""
    lines = [f"{json.dumps(key)}: {_lines(value)}" for key, value in record.items()]
    path.write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")


def _lines(value: Any) -> str:
    if isinstance(value, list):
        return "[\n" + ",\n".join(json.dumps(item, ensure_ascii=False) for item in value) + "]"
    return json.dumps(value)


if __name__ == "__main__":
    main()
