"""Write what openai-whisper decodes from the clips in `tests/clips`.

For each model a file in `tests/golden/decoding`: `windows` holds results of `whisper.decode` on
single clips, `recordings` those of `whisper.transcribe` on clips joined together, `alignments`
the timed words of single clips. Options are openai-whisper's own, but for the suppress lists that
`reference.py` sets for the model in the box.

The margin of a greedy text is the smallest distance between the two best tokens, or between text
and timestamps, that decided about it. One with less than MIN_MARGIN is left out, as rounding may
flip it between two float32 programs; `left_out` says how many were.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch
import whisper
from whisper.audio import HOP_LENGTH
from whisper.decoding import DecodingOptions, GreedyDecoder
from whisper.model import Whisper
from whisper.timing import find_alignment
from whisper.tokenizer import get_tokenizer

from tools.fixtures.clips import SAMPLE_RATE, Clip, human_clips, language_clips, starter_clips
from tools.golden import reference

OUT = Path(__file__).parents[2] / "tests" / "golden" / "decoding"

MIN_MARGIN = 2e-3  # of logits; float32 programs differ by some 1e-4
MIN_LANGUAGE_PROB = 1e-4  # others are not written down
PAUSE_S = 0.5  # behind each clip of a recording
Record = dict[str, Any]
Options = dict[str, Any]  # by the names of openai-whisper


class Margin:
    """Notes the smallest distance that decided between tokens in greedy decoding."""

    def __init__(self, first_timestamp: int | None) -> None:
        """Start; without a first timestamp, text and timestamps are not compared."""
        self.smallest = np.inf
        self._first_timestamp = first_timestamp

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note the choices that openai-whisper makes meanwhile."""
        with (
            mock.patch.object(GreedyDecoder, "update", self._watched(GreedyDecoder.update)),
            mock.patch("whisper.decoding.F.log_softmax", self._log_softmax),
        ):
            yield

    def _watched(self, update: Any) -> Any:
        def watched(decoder: GreedyDecoder, tokens: Any, logits: Any, sums: Any) -> Any:
            best, second = logits.topk(2).values[0].tolist()
            self._note(best - second)
            return update(decoder, tokens, logits, sums)

        return watched

    def _log_softmax(self, logits: torch.Tensor, dim: int) -> torch.Tensor:
        """Compare all timestamps together with the best text, as the timestamp rule does."""
        logprobs = torch.log_softmax(logits, dim)
        if self._first_timestamp is not None:
            timestamps = logprobs[0, self._first_timestamp :].logsumexp(dim=-1)
            text = logprobs[0, : self._first_timestamp].max()
            self._note(abs(float(timestamps - text)))
        return logprobs

    def _note(self, distance: float) -> None:
        self.smallest = min(self.smallest, distance)


def suppress_tokens(model: Whisper) -> dict[str, Any]:
    """Return the option for the model in the box; a new list, as openai-whisper adds to it."""
    if reference.is_starter(model):
        return {"suppress_tokens": reference.starter_rules()["suppress_tokens"]}
    return {}


def first_timestamp(model: Whisper) -> int:
    if reference.is_starter(model):
        return int(reference.starter_tokenizer().timestamp_begin)
    return int(get_tokenizer(model.is_multilingual).timestamp_begin)


def window(model: Whisper, clip: Clip, **options: Any) -> tuple[Record, float]:
    """Decode one clip; return its record and the margin of its greedy choices."""
    with_timestamps = not options.get("without_timestamps")
    margin = Margin(first_timestamp(model) if with_timestamps else None)
    mel = reference.window_of(clip.pcm(), short=reference.is_starter(model))
    with margin.watching():
        decoding_options = DecodingOptions(fp16=False, **suppress_tokens(model), **options)
        result = whisper.decode(model, mel, decoding_options)
    fields = {key: value for key, value in vars(result).items() if key != "audio_features"}
    if "language" not in options:
        probs = whisper.detect_language(model, result.audio_features)[1]
        fields["language_probs"] = {
            code: round(prob, 6) for code, prob in probs.items() if prob > MIN_LANGUAGE_PROB
        }
    is_greedy = "beam_size" not in options
    return (
        {"clip": clip.name, "options": options, "result": fields},
        margin.smallest if is_greedy else np.inf,
    )


class Kept:
    """The records of a model that rounding cannot flip, and how many others there were."""

    def __init__(self, model: Whisper) -> None:
        self._model = model
        self._kept: dict[str, list[Record]] = {"windows": [], "recordings": [], "alignments": []}
        self._left_out = 0

    def windows(self, clips: Iterable[Clip], **options: Any) -> None:
        """Decode clips one by one."""
        for clip in clips:
            record, margin = window(self._model, clip, **options)
            self._add("windows", record, margin, record["result"]["text"])

    def recording(self, clips: Sequence[Clip], **options: Any) -> None:
        """Transcribe clips joined; see `recording`."""
        record, margin = recording(self._model, clips, **options)
        self._add("recordings", record, margin, record["result"]["text"])

    def alignments(self, clips: Iterable[Clip]) -> None:
        """Time the words of clips."""
        for clip in clips:
            record, margin = alignment(self._model, clip)
            self._add("alignments", record, margin, record["result"]["text"])

    def content(self) -> Record:
        """Return what the file of the model says."""
        return {"left_out": self._left_out, **self._kept}

    def _add(self, kind: str, record: Record, margin: float, text: str) -> None:
        name = record.get("clip") or record["clips"][0]
        print(f"{name} {record['options']} {margin:.5f} {text[:70]!r}", flush=True)
        if margin < MIN_MARGIN:
            self._left_out += 1
            print("  left out: two tokens are too close")
        else:
            self._kept[kind].append(record)


def recording(
    model: Whisper,
    clips: Sequence[Clip],
    *,
    cut: bool = False,
    pause_s: float = PAUSE_S,
    **options: Any,
) -> tuple[Record, float]:
    """Transcribe clips joined with silence behind each of them.

    `cut` makes each clip a window of its own, by `clip_timestamps`.
    """
    pause = np.zeros(round(SAMPLE_RATE * pause_s), np.float32)
    parts = [np.concatenate([clip.pcm(), pause]) for clip in clips]
    if cut:
        # Rounded down: openai-whisper never returns from a clip that ends behind the sound.
        ends = np.cumsum([len(part) // HOP_LENGTH * HOP_LENGTH for part in parts]) / SAMPLE_RATE
        options["clip_timestamps"] = [t for pair in pairwise([0.0, *ends.tolist()]) for t in pair]
    margin = Margin(first_timestamp(model))
    with margin.watching():
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
    record = {
        "clips": [clip.name for clip in clips],
        "pause_s": pause_s,
        "options": options,
        "result": result,
    }
    return record, margin.smallest if "beam_size" not in options else np.inf


def alignment(model: Whisper, clip: Clip) -> tuple[Record, float]:
    """Time the words that the model decodes from a clip."""
    record, margin = window(model, clip, language=clip.language)
    tokenizer = get_tokenizer(model.is_multilingual, language=clip.language, task="transcribe")
    pcm = clip.pcm()
    words = find_alignment(
        model,
        tokenizer,
        [token for token in record["result"]["tokens"] if token < tokenizer.eot],
        reference.window_of(pcm, short=False),
        len(pcm) // HOP_LENGTH,
    )
    timed = [[w.word, float(w.start), float(w.end), float(w.probability)] for w in words]
    return record | {"words": timed}, margin


def starter() -> Record:
    """Return what only the model in the box can show: windows as short as the sound."""
    kept = Kept(reference.starter())
    english: Options = {"language": "en"}
    # It was not trained with prompts.
    alone: Options = {"condition_on_previous_text": False, **english}
    spoken = starter_clips()
    with reference.as_starter():
        kept.windows(spoken + human_clips()[::3], **english)
        kept.windows(spoken[::2], without_timestamps=True, **english)
        kept.windows(spoken[:4], beam_size=5, **english)
        kept.windows(spoken[8:10], beam_size=3, patience=2.0, length_penalty=0.6, **english)
        kept.windows(spoken[:2], prompt="Dear Anna,", **english)
        kept.windows(spoken[:2], prefix=" The train", **english)
        kept.recording(
            spoken[:12],
            cut=True,
            word_timestamps=True,
            hallucination_silence_threshold=0.4,
            **alone,
        )
        kept.recording(spoken[:4], word_timestamps=True, **english)
        kept.recording(spoken[:10], **alone)
        kept.recording(spoken[:4], clip_timestamps=[1.0, 6.2, 9.0], **english)
    return kept.content()


def english() -> Record:
    """Return what tiny.en makes of English."""
    kept = Kept(reference.official_model("tiny.en"))
    people, spoken = human_clips(), starter_clips()
    kept.windows(people + spoken, language="en")
    kept.windows(people[::2], without_timestamps=True, language="en")
    kept.windows(people[::4] + spoken[:4], beam_size=5, language="en")
    kept.windows(people[1:4], beam_size=3, patience=2.0, length_penalty=0.6, language="en")
    kept.windows(
        people[:4], prompt="A lecture on the history of printing, by William Morris.", language="en"
    )
    kept.windows(people[8:10], prefix=" Printing,", without_timestamps=True, language="en")
    kept.recording(people, word_timestamps=True)
    kept.recording(spoken)
    kept.recording(spoken[:6], word_timestamps=True, condition_on_previous_text=False)
    kept.recording(
        people[:8], initial_prompt="MORRIS, GUTENBERG", carry_initial_prompt=True, beam_size=5
    )
    kept.recording(
        people[-4:], pause_s=9.0, word_timestamps=True, hallucination_silence_threshold=2.0
    )
    kept.recording(people[3:8], clip_timestamps=[1.0, 6.2, 9.0])
    return kept.content()


def multilingual() -> Record:
    """Return what base makes of several languages; it detects them, but where one is named."""
    kept = Kept(reference.official_model("base"))
    people, foreign = human_clips(), language_clips()
    japanese = [clip for clip in foreign if clip.language == "ja"]
    kept.windows(people + starter_clips()[::2] + foreign)
    kept.windows(foreign[::2], task="translate")
    kept.windows(foreign[1::3], without_timestamps=True)
    kept.windows(people[:1] + foreign[::4], beam_size=5)
    kept.windows(japanese, language="ja", prompt="天気と会議について。")
    kept.windows(people[:1], language="de")
    kept.windows(foreign[:2], language="fr", prefix=" Pour", without_timestamps=True)
    kept.recording(foreign[:3], pause_s=4.0, word_timestamps=True)
    kept.recording(japanese, word_timestamps=True)
    kept.recording(people[:6], word_timestamps=True)
    kept.recording(people[-4:], pause_s=9.0, word_timestamps=True)
    kept.alignments(foreign[2::3])
    return kept.content()


MODELS = {"starter-en": starter, "tiny.en": english, "base": multilingual}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help=", ".join(MODELS))
    OUT.mkdir(parents=True, exist_ok=True)
    for name in parser.parse_args().models or MODELS:
        content = MODELS[name]()
        write(OUT / f"{name}.json", content)
        print(f"{name}: {content['left_out']} left out")


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
