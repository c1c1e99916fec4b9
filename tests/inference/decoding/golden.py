"""What openai-whisper decoded, as written by `tools/golden/decoding.py`."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.fixtures.clips import SAMPLE_RATE, Clip

FOLDER = Path(__file__).parents[2] / "golden" / "decoding"


@dataclass(frozen=True, slots=True)
class Record:
    """Options given to openai-whisper and the result; `pause_s` of silence is behind each clip."""

    clips: tuple[str, ...]
    options: dict[str, Any]
    result: dict[str, Any]
    pause_s: float = 0.0

    def __str__(self) -> str:
        shown = {key: value for key, value in self.options.items() if key not in LONG_OPTIONS}
        options = ",".join(f"{key}={value}" for key, value in shown.items())
        return f"{'+'.join(Path(clip).stem for clip in self.clips[:2])}[{options}]"

    def pcm(self) -> NDArray[np.float32]:
        """Return the sound of the one clip."""
        return Clip(self.clips[0], "").pcm()

    def joined_pcm(self) -> NDArray[np.float32]:
        """Return the sound of all clips with the pause behind each."""
        pause = np.zeros(round(SAMPLE_RATE * self.pause_s), np.float32)
        parts = [part for name in self.clips for part in (Clip(name, "").pcm(), pause)]
        return np.concatenate(parts)


LONG_OPTIONS = ("clip_timestamps", "sample_len")


@dataclass(frozen=True, slots=True)
class Alignment:
    """The words of a window, each with start, end and probability."""

    record: Record
    words: list[tuple[str, float, float, float]]

    def __str__(self) -> str:
        return str(self.record)


def share_kept(model: str) -> float:
    """Return the share of records that are no near ties."""
    content = _read(model)
    n_kept = sum(len(content[kind]) for kind in ("windows", "recordings", "alignments"))
    return n_kept / (n_kept + int(content["left_out"]))


def windows(model: str) -> list[Record]:
    """Return results of `whisper.decode`."""
    rows = _read(model)["windows"]
    return [Record((row["clip"],), row["options"], row["result"]) for row in rows]


def recordings(model: str) -> list[Record]:
    """Return results of `whisper.transcribe`."""
    rows = _read(model)["recordings"]
    return [
        Record(tuple(row["clips"]), row["options"], row["result"], row["pause_s"]) for row in rows
    ]


def alignments(model: str) -> list[Alignment]:
    """Return results of `whisper.decode` with their words."""
    return [
        Alignment(
            Record((row["clip"],), row["options"], row["result"]),
            [tuple(word) for word in row["words"]],
        )
        for row in _read(model)["alignments"]
    ]


@cache
def _read(model: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / f"{model}.json").read_text(encoding="utf-8"))
    return content
