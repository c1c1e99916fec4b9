"""Recordings to evaluate a model with: a folder a set, of sound files and clips.jsonl."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
LIST = "clips.jsonl"

Span = tuple[float, float]  # start and end, in seconds


@dataclass(frozen=True, slots=True)
class Spoken:
    """A recording and the truth about it.

    Attributes:
        pcm: (n_samples,), float32, 16 kHz.
        text: What is said; "" where nobody speaks.
        voice: Who says it, or what sounds instead.
        segments: Where each sentence begins and ends.
    """

    pcm: NDArray[np.float32]
    text: str
    voice: str
    segments: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Clip:
    """A `Spoken` on disk; `segments` is empty where the times are not known."""

    path: Path
    text: str
    segments: tuple[Span, ...] = ()

    @property
    def duration_s(self) -> float:
        return float(soundfile.info(self.path).duration)


def write_set(folder: Path, recordings: Iterable[Spoken]) -> None:
    """Write recordings as FLAC, and their truth, a line each."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LIST).open("w", encoding="utf-8") as rows:
        for index, spoken in enumerate(recordings):
            name = f"{index:03}.flac"
            soundfile.write(folder / name, np.clip(spoken.pcm, -1, 1), SAMPLE_RATE, "PCM_16")
            rows.write(json.dumps(_row(name, spoken)) + "\n")


def _row(name: str, spoken: Spoken) -> dict[str, object]:
    row: dict[str, object] = {"file": name, "text": spoken.text, "voice": spoken.voice}
    if spoken.segments:
        times = [[round(time_s, 3) for time_s in span] for span in spoken.segments]
        row |= {"speech": [times[0][0], times[-1][1]], "segments": times}
    return row


def read_set(folder: Path, limit: int | None = None) -> list[Clip]:
    """Read the first clips of a set, or of any folder with file and text a line in clips.jsonl."""
    lines = (folder / LIST).read_text(encoding="utf-8").splitlines()
    return [_clip(folder, json.loads(line)) for line in lines[:limit]]


def _clip(folder: Path, row: dict[str, Any]) -> Clip:
    path = folder / row["file"]
    segments: Sequence[Sequence[float]] = row.get("segments", ())
    return Clip(
        path if path.exists() else folder / path.name,
        row["text"],
        tuple((start_s, end_s) for start_s, end_s in segments),
    )
