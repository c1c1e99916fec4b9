"""A transcription as paragraphs, for reading."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sotto.app.core.sides import label
from sotto.app.core.transcription_files.timed_words import needs_space
from sotto.inference.decoding import Segment, Transcription
from sotto.inference.streaming.trim import ends_sentence

PAUSE_S = 2.0
"""Who is silent for so long begins something new; between sentences it is mostly below 1 s."""
LONG_CHARACTERS = 600
"""Some 100 words, 40 s: from there on a paragraph ends with its sentence."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text that belongs together, from `start` to `end`, seconds; `side` is who says it."""

    start: float
    end: float
    text: str
    side: str = ""


def paragraphs(transcription: Transcription) -> Iterator[Paragraph]:
    """Join segments, until there is a pause, another speaker, or enough of it."""
    paragraph: Paragraph | None = None
    for segment in transcription.segments:
        text = " ".join(segment.text.split())
        if not text:
            continue
        if paragraph is None or _begins(segment, paragraph):
            if paragraph is not None:
                yield paragraph
            paragraph = Paragraph(segment.start, segment.end, text, label(segment.speaker))
        else:
            text = text.removeprefix(paragraph.side).lstrip()
            space = " " if needs_space(paragraph.text, segment.text) else ""
            joined = f"{paragraph.text}{space}{text}"
            paragraph = replace(paragraph, end=segment.end, text=joined)
    if paragraph is not None:
        yield paragraph


def _begins(segment: Segment, paragraph: Paragraph) -> bool:
    is_full = len(paragraph.text) >= LONG_CHARACTERS and ends_sentence(paragraph.text)
    is_other = label(segment.speaker) != paragraph.side
    return is_full or is_other or segment.start - paragraph.end >= PAUSE_S
