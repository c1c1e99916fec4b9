"""Write tests/golden/transcribing.json: what other programs make of recordings and flags.

openai-whisper is run as its users run it, by its command line; faster-whisper has none, so its
arguments are given to `WhisperModel.transcribe`, in float32 and greedily, where it is as exact as
the others. Weights are OpenAI's own, recordings clips of people joined together.
"""

import json
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray
from whisper.transcribe import cli

from tools.fixtures.clips import SAMPLE_RATE, Clip, human_clips, language_clips
from tools.fixtures.official import Official, official
from tools.golden import reference

OUT = Path(__file__).parents[2] / "tests" / "golden" / "transcribing.json"
Record = dict[str, Any]

WITH_WORDS = ("--word_timestamps", "True")
GREEDY = ("--beam_size", "None", "--best_of", "None")
NO_FALLBACK = ("--temperature_increment_on_fallback", "None")


def joined(clips: Sequence[Clip], pause_s: float) -> NDArray[np.float32]:
    """Return the sound of clips with silence behind each."""
    pause = np.zeros(round(SAMPLE_RATE * pause_s), np.float32)
    return np.concatenate([part for clip in clips for part in (clip.pcm(), pause)])


def by_openai_whisper(
    name: Official, clips: Sequence[Clip], *flags: str, pause_s: float = 0.5
) -> Record:
    """Run the command `whisper` with these flags."""
    with (
        TemporaryDirectory() as folder,
        mock.patch("whisper.load_model", return_value=_model(name)),
        mock.patch("whisper.audio.load_audio", return_value=joined(clips, pause_s)),
    ):
        files = ["whisper", "joined.wav", "--output_dir", folder, "--output_format", "json"]
        command = [*files, "--model", name, "--fp16", "False", *flags]
        with mock.patch.object(sys, "argv", command):
            cli()
        result = json.loads((Path(folder) / "joined.json").read_text(encoding="utf-8"))
    segments = [_segment(segment) for segment in result["segments"]]
    return _record("openai-whisper", name, clips, pause_s, flags, result["language"], segments)


def _segment(segment: Record) -> Record:
    kept = {key: segment[key] for key in ("seek", "start", "end", "tokens")}
    if "words" in segment:
        kept["words"] = [[word["word"], word["start"], word["end"]] for word in segment["words"]]
    return kept


@cache
def _model(name: Official) -> Any:
    return reference.official_model(name)


def by_faster_whisper(
    name: Official, clips: Sequence[Clip], *, pause_s: float = 0.5, **arguments: Any
) -> Record:
    """Transcribe with these arguments, greedily."""
    pcm = joined(clips, pause_s)
    greedy = {"beam_size": 1, "temperature": 0.0}
    heard, info = _faster(name).transcribe(pcm, **greedy, **arguments)
    segments = [
        {"seek": segment.seek, "start": segment.start, "end": segment.end, "tokens": segment.tokens}
        for segment in heard
    ]
    given = [*GREEDY, "--temperature", "0", *NO_FALLBACK]
    for key, value in arguments.items():
        given += [f"--{key}", _word(value)]
    return _record("faster-whisper", name, clips, pause_s, given, info.language, segments)


def _word(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


@cache
def _faster(name: Official) -> WhisperModel:
    return WhisperModel(str(official(name)), device="cpu", compute_type="float32", cpu_threads=2)


def _record(  # noqa: PLR0913, PLR0917 (a row)
    program: str,
    model: str,
    clips: Sequence[Clip],
    pause_s: float,
    flags: Sequence[str],
    language: str,
    segments: list[Record],
) -> Record:
    print(program, model, *flags, flush=True)
    for segment in segments:
        print(f"  {segment['start']:6.2f} {segment['end']:6.2f} {segment['tokens'][:12]}")
    return {
        "program": program,
        "model": model,
        "clips": [clip.name for clip in clips],
        "pause_s": pause_s,
        "flags": list(flags),
        "language": language,
        "segments": segments,
    }


def records() -> list[Record]:
    """Return all of them."""
    people, foreign = human_clips(), language_clips()
    french, russian, german = foreign[0], foreign[3], foreign[-2]
    long = people[:6]  # more than a window
    punctuation = ("--prepend_punctuations", "(", "--append_punctuations", ".")
    sure = ("--no_speech_threshold", "0.000001", "--logprob_threshold", "-0.1")
    return [
        by_openai_whisper("tiny.en", long),
        by_openai_whisper("tiny.en", people[6:8], *WITH_WORDS),
        by_openai_whisper("tiny.en", people[8:10], *WITH_WORDS, *punctuation, *GREEDY),
        by_openai_whisper(
            *("tiny.en", long, *GREEDY),
            *("--initial_prompt", "MORRIS, GUTENBERG", "--carry_initial_prompt", "True"),
        ),
        by_openai_whisper("tiny.en", people[2:4], "--suppress_tokens", "11,13", "--patience", "2"),
        by_openai_whisper("tiny.en", people[2:4], "--suppress_tokens=-1,11", *GREEDY),
        by_openai_whisper("tiny.en", people[4:5], "--length_penalty", "0.8", "--beam_size", "3"),
        by_openai_whisper("tiny.en", people[3:6], "--clip_timestamps", "1.0,6.2,9.0"),
        by_openai_whisper(
            *("tiny.en", people[-3:], *WITH_WORDS, "--hallucination_silence_threshold", "2"),
            *GREEDY,
            pause_s=9.0,
        ),
        by_openai_whisper("tiny.en", people[-3:], *NO_FALLBACK, *sure, *GREEDY),
        by_openai_whisper("base", people[10:12], *WITH_WORDS),
        by_openai_whisper("base", [german], "--language", "German", *WITH_WORDS),
        by_faster_whisper("tiny.en", people[:1], prefix="Printing in"),
        by_faster_whisper(
            "tiny.en", people[:1], prefix="Printing in", without_timestamps=True, hotwords="Ruskin"
        ),
        by_faster_whisper("tiny.en", long, hotwords="MORRIS, GUTENBERG"),
        by_faster_whisper("tiny.en", people[:3], repetition_penalty=1.3),
        by_faster_whisper("tiny.en", people[:3], no_repeat_ngram_size=2),
        by_faster_whisper("tiny.en", people[:2], max_initial_timestamp=0.0, suppress_blank=False),
        by_faster_whisper(
            *("base", [people[1], german, french]),
            multilingual=True,
            condition_on_previous_text=False,
            clip_timestamps=_cuts([people[1], german, french], 0.5),
        ),
        by_faster_whisper(
            *("base", [russian, german, foreign[-1]]),
            pause_s=25.0,  # a window each
            language_detection_segments=3,
            language_detection_threshold=1.0,
            clip_timestamps=[0.0, 5.0],
        ),
    ]


def _cuts(clips: Sequence[Clip], pause_s: float) -> list[float]:
    """Return start and end of each clip, so that each is a window of its own."""
    ends = np.cumsum([len(clip.pcm()) / SAMPLE_RATE + pause_s for clip in clips]).round(2)
    return [float(t) for pair in zip([0.0, *ends[:-1]], ends, strict=True) for t in pair]


def main() -> None:
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records())
    OUT.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
