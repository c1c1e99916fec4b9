"""What two people said, of whom each has a side of a stereo recording, as one conversation."""

from dataclasses import replace
from itertools import starmap
from pathlib import Path

from sotto.audio.files.reading import Recording, read_sounds
from sotto.audio.files.selection import Channels, Selection
from sotto.audio.input.source import SAMPLE_RATE, Sound
from sotto.inference.decoding import Segment, Transcription

SIDES: tuple[Channels, Channels] = ("left", "right")
ALIKE = 0.99
"""Correlation from which on both sides hold the same: a recording of one microphone."""
_PART = 60 * SAMPLE_RATE


def read_sides(path: Path, track: int | None, name: str = "") -> tuple[Recording, ...]:
    """Return the left and the right side of a file; only one where they are alike.

    `name` is what errors call it, if it has a better one than its path.

    Raises:
        AudioFileError: see `read_recording`.
    """
    left, right = read_sounds(path, Selection(track, SIDES), name)
    return (left,) if are_alike(left.pcm, right.pcm) else (left, right)


def are_alike(left: Sound, right: Sound) -> bool:
    """Tell whether both sides (n,) are one sound, so that nobody has a side of his own."""
    of_left = of_right = of_both = 0.0
    for start in range(0, min(len(left), len(right)), _PART):
        a, b = left[start : start + _PART], right[start : start + _PART]
        n = min(len(a), len(b))
        of_left += float(a[:n] @ a[:n])
        of_right += float(b[:n] @ b[:n])
        of_both += float(a[:n] @ b[:n])
    return of_both != 0 and abs(of_both) > ALIKE * (of_left * of_right) ** 0.5


def conversation(left: Transcription, right: Transcription) -> Transcription:
    """Return what both said in order of time, each segment behind the name of its side."""
    said = [
        named(segment, side)
        for side, transcription in zip(SIDES, (left, right), strict=True)
        for segment in transcription.segments
        if segment.text.strip()
    ]
    in_order = enumerate(sorted(said, key=lambda segment: segment.start))
    segments = tuple(starmap(_numbered, in_order))
    language = left.language if left.text.strip() else right.language
    return Transcription("".join(segment.text for segment in segments), segments, language)


def label(speaker: str) -> str:
    """Return a speaker's name as it stands before what he says; empty where nobody knows it."""
    return f"[{speaker}]" if speaker else ""


def named(segment: Segment, speaker: str) -> Segment:
    """Put the speaker's name before the text and its first word, from which cues are made."""
    words = segment.words
    if words:
        words = (replace(words[0], word=f" {label(speaker)}{words[0].word}"), *words[1:])
    text = f" {label(speaker)} {segment.text.strip()}"
    return replace(segment, text=text, words=words, speaker=speaker)


def _numbered(number: int, segment: Segment) -> Segment:
    return replace(segment, id=number)
