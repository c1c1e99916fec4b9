"""Entries of the history as a document."""

import html
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from sotto.app.core.history.entry import Entry, marked_text
from sotto.app.core.transcription_files import WRITERS
from sotto.inference.decoding import Segment, Transcription


class _Passage(NamedTuple):
    """An entry with its times in the document, in seconds."""

    entry: Entry
    start_s: float
    end_s: float


def export(entries: Iterable[Entry], format: str) -> str:  # noqa: A002  # what everybody calls it
    """Return the entries, oldest first, as one document.

    Times in it count from the beginning of its first entry, as on a tape: a dictation begins
    where the one before it has ended.

    Args:
        entries: In any order.
        format: One of EXPORT_FORMATS.
    """
    return _WRITERS[format](tuple(_on_a_tape(entries)))


def _on_a_tape(entries: Iterable[Entry]) -> Iterator[_Passage]:
    now_s = 0.0
    oldest_first = sorted(entries, key=lambda entry: entry.id)
    for _, dictation in groupby(oldest_first, key=lambda entry: entry.dictation):
        passages = tuple(dictation)
        offset_s = now_s - passages[0].start_s
        for entry in passages:
            now_s = offset_s + entry.end_s
            yield _Passage(entry, offset_s + entry.start_s, now_s)


def _as_txt(passages: Iterable[_Passage]) -> str:
    return WRITERS["txt"](_transcription(passages, str.strip))


def _as_srt(passages: Iterable[_Passage]) -> str:
    return WRITERS["srt"](_transcription(passages, _lines))


def _as_vtt(passages: Iterable[_Passage]) -> str:
    # WebVTT has tags and character references: https://www.w3.org/TR/webvtt1/#webvtt-cue-text-span
    return WRITERS["vtt"](
        _transcription(passages, lambda text: html.escape(_lines(text), quote=False))
    )


def _as_json(passages: Iterable[_Passage]) -> str:
    """Return openai-whisper's form with what the history knows besides."""
    segments = [
        {
            "id": number,
            "start": round(passage.start_s, 3),
            "end": round(passage.end_s, 3),
            "text": passage.entry.text,
            "when": passage.entry.when.isoformat(timespec="seconds"),
            "application": passage.entry.application,
            "dictation": passage.entry.dictation,
            **_missing(passage.entry),
        }
        for number, passage in enumerate(passages)
    ]
    text = "\n".join(passage.entry.text for passage in passages)
    return json.dumps({"text": text, "segments": segments}, ensure_ascii=False, indent=2) + "\n"


def _missing(entry: Entry) -> dict[str, float]:
    return {} if entry.missing_s is None else {"missing_before": round(entry.missing_s, 3)}


def _transcription(passages: Iterable[_Passage], write: Callable[[str], str]) -> Transcription:
    segments = tuple(
        Segment(
            id=passage.entry.id,
            seek=0,
            start=passage.start_s,
            end=passage.end_s,
            text=text,
            tokens=(),
            temperature=0.0,
            avg_logprob=0.0,
            compression_ratio=0.0,
            no_speech_prob=0.0,
        )
        for passage in passages
        if (text := write(marked_text(passage.entry)))
    )
    return Transcription(text="", segments=segments, language="")


def _lines(text: str) -> str:
    """Return text without empty lines, at which a cue would end."""
    return "\n".join(line for line in text.splitlines() if line.strip())


_WRITERS: dict[str, Callable[[tuple[_Passage, ...]], str]] = {
    "txt": _as_txt,
    "srt": _as_srt,
    "vtt": _as_vtt,
    "json": _as_json,
}
EXPORT_FORMATS = tuple(_WRITERS)
