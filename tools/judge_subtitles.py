"""How well subtitles read: segments, openai-whisper's two lines of 42, and Sotto's broadcast.

    sotto transcribe talk.wav -f json --word_timestamps True
    python -m tools.judge_subtitles talk.json

The figures of docs/files.md: shares of cues that end with a sentence or a clause, that are quicker
than 17 characters a second or shorter than a second, lines over 42 characters, and lines that end
with a word of three letters or less without a mark, which belongs to the next line.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sotto.app.core.transcription_files import WHISPER, Shape
from sotto.app.core.transcription_files.cues import Cue
from sotto.app.core.transcription_files.subtitles import cues_of
from sotto.inference.decoding import Segment, Transcription, WordTiming

SHAPES = {
    "segments": WHISPER,
    "two lines of 42": Shape(max_line_width=42, max_line_count=2),
    "broadcast": Shape(broadcast=True),
}
MARKS = (".", "?", "!", ",", ";", ":", "…", "。", "、", "？", "！", "，")  # noqa: RUF001 (full-width)


class Judgement(NamedTuple):
    """Shares are of all cues, or of all lines."""

    n_cues: int
    ends_well: float
    too_quick: float
    under_1s: float
    n_long_lines: int
    torn_lines: float


def judge(cues: Sequence[Cue]) -> Judgement:
    """Judge cues, of which there are some."""
    lines = [line for cue in cues for line in cue.text.split("\n")]
    lengths_s = [max(cue.end - cue.start, 0.01) for cue in cues]
    pairs = list(zip(cues, lengths_s, strict=True))
    return Judgement(
        len(cues),
        _share([cue.text.endswith(MARKS) for cue in cues]),
        _share([len(cue.text) / length_s > 17.01 for cue, length_s in pairs]),
        _share([length_s < 0.999 for length_s in lengths_s]),
        sum(len(line) > 42 for line in lines),
        _share([_is_torn(line) for line in lines]),
    )


def transcription_of(result: Mapping[str, Any]) -> Transcription:
    """Return what a JSON file holds."""
    segments = tuple(_segment(fields) for fields in result["segments"])
    return Transcription(result["text"], segments, result["language"])


def _segment(fields: Mapping[str, Any]) -> Segment:
    words = tuple(WordTiming(tokens=(), **word) for word in fields["words"])
    return Segment(**{**fields, "tokens": tuple(fields["tokens"]), "words": words})


def _is_torn(line: str) -> bool:
    last = line.rsplit(maxsplit=1)[-1]
    return last.isalpha() and len(last) <= 3


def _share(them: Sequence[bool]) -> float:
    return sum(them) / len(them)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("json", type=Path)
    transcription = transcription_of(json.loads(parser.parse_args().json.read_text()))
    for name, shape in SHAPES.items():
        judged = judge(list(cues_of(transcription, shape)))
        figures = (
            f"{key} {value:.0%}" if isinstance(value, float) else f"{key} {value}"
            for key, value in judged._asdict().items()
        )
        print(f"{name}: {', '.join(figures)}")


if __name__ == "__main__":
    main()
