"""Chapters of books that people read aloud, as sessions of some minutes or of an hour.

LibriSpeech cuts a chapter in the pauses that its reader makes. Its pieces in their order, each with
the silence at its ends, are the chapter again, with those pauses.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np

from sotto.audio.files.reading import read_audio
from sotto.audio.input.source import SAMPLE_RATE
from tools.listening_conditions import Clip
from tools.peers.librispeech import Utterance, read_librispeech
from tools.peers.speech import ENGLISH


def read_chapters(folder: Path, session_s: float, most: int | None = None) -> Iterator[Clip]:
    """Yield the chapters below a folder of LibriSpeech, cut into sessions.

    Args:
        folder: where they are.
        session_s: a session ends with the first utterance behind so many seconds.
        most: sessions of each chapter; None for all.
    """
    utterances = sorted(read_librispeech(folder), key=lambda each: each.path.stem)
    for _, chapter in groupby(utterances, key=lambda each: each.path.parent):
        sessions = [_one(parts) for parts in _in_sessions(chapter, session_s)]
        yield from sessions[:most]


def joined(clips: Sequence[Clip], seconds: float) -> Clip:
    """Return clips as one, until it lasts so many seconds."""
    taken: list[Clip] = []
    for clip in clips:
        if sum(each.duration_s for each in taken) < seconds:
            taken.append(clip)
    pcm = np.concatenate([clip.pcm for clip in taken])
    return Clip(taken[0].name, " ".join(clip.text for clip in taken), ENGLISH, pcm)


def _in_sessions(utterances: Iterator[Utterance], session_s: float) -> Iterator[list[Utterance]]:
    parts: list[Utterance] = []
    seconds = 0.0
    for utterance in utterances:
        parts.append(utterance)
        seconds += len(read_audio(utterance.path)) / SAMPLE_RATE
        if seconds >= session_s:
            yield parts
            parts, seconds = [], 0.0
    if parts:
        yield parts


def _one(parts: Sequence[Utterance]) -> Clip:
    pcm = np.concatenate([read_audio(part.path) for part in parts])
    text = " ".join(word for part in parts for word in part.words)
    return Clip(parts[0].path.stem, text, ENGLISH, pcm)
