"""Subtitles and lyrics."""

from collections.abc import Iterable

from sotto.app.core.transcription_files.broadcast import broadcast_cues
from sotto.app.core.transcription_files.cues import Cue, whisper_cues
from sotto.app.core.transcription_files.shape import WHISPER, Shape
from sotto.app.core.transcription_files.timestamps import lyrics_timestamp, timestamp
from sotto.inference.decoding import Transcription

END_SHOWN_S = 1.0
"""A pause from which on a line of lyrics is taken away when it has been sung."""


def as_vtt(transcription: Transcription, shape: Shape = WHISPER) -> str:
    """Return WebVTT; without `broadcast` byte for byte as openai-whisper's writer."""
    cues = (
        f"{timestamp(start)} --> {timestamp(end)}\n{text}\n\n"
        for start, end, text in cues_of(transcription, shape)
    )
    return "WEBVTT\n\n" + "".join(cues)


def as_srt(transcription: Transcription, shape: Shape = WHISPER) -> str:
    """Return SubRip; without `broadcast` byte for byte as openai-whisper's writer."""
    cues = (
        f"{number}\n{_srt_timestamp(start)} --> {_srt_timestamp(end)}\n{text}\n\n"
        for number, (start, end, text) in enumerate(cues_of(transcription, shape), start=1)
    )
    return "".join(cues)


def as_lrc(transcription: Transcription, shape: Shape = WHISPER) -> str:
    """Return lyrics: a line for each cue, and an empty one where nothing is said for a while."""
    lines: list[str] = []
    shown_to: float | None = None
    for start, end, text in cues_of(transcription, shape):
        if shown_to is not None and start - shown_to >= END_SHOWN_S:
            lines.append(f"[{lyrics_timestamp(shown_to)}]\n")
        lines.append(f"[{lyrics_timestamp(start)}]{' '.join(text.split())}\n")
        shown_to = end
    if shown_to is not None:
        lines.append(f"[{lyrics_timestamp(shown_to)}]\n")
    return "".join(lines)


def cues_of(transcription: Transcription, shape: Shape) -> Iterable[Cue]:
    """Return the cues in the shape that is asked for."""
    if shape.broadcast:
        return broadcast_cues(transcription, shape)
    return whisper_cues(transcription, shape)


def _srt_timestamp(seconds: float) -> str:
    return timestamp(seconds, ",", with_hours=True)
