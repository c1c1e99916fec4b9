"""What openai-whisper decoded, as written by `tools/golden/decoding.py`."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.helpers.clips import SAMPLE_RATE, Clip

FOLDER = Path(__file__).parents[2] / "golden" / "decoding"


@dataclass(frozen=True, slots=True)
class Record:
    """Options given to openai-whisper and the result; `clips` are joined by half-second pauses."""

    clips: tuple[str, ...]
    options: dict[str, Any]
    result: dict[str, Any]

    def __str__(self) -> str:
        shown = {key: value for key, value in self.options.items() if key not in LONG_OPTIONS}
        options = ",".join(f"{key}={value}" for key, value in shown.items())
        return f"{'+'.join(Path(clip).stem for clip in self.clips[:2])}[{options}]"

    def pcm(self) -> NDArray[np.float32]:
        """Return the sound of the one clip."""
        return Clip(self.clips[0], "").pcm()

    def joined_pcm(self) -> NDArray[np.float32]:
        """Return the sound of all clips with the pause behind each."""
        pause = np.zeros(SAMPLE_RATE // 2, np.float32)
        parts = [part for name in self.clips for part in (Clip(name, "").pcm(), pause)]
        return np.concatenate(parts)


LONG_OPTIONS = ("clip_timestamps", "sample_len")


def seed(model: str) -> int:
    """Return the seed of a model's random weights."""
    return int(_read(model)["seed"])


def windows(model: str) -> list[Record]:
    """Return results of `whisper.decode`."""
    rows = _read(model)["windows"]
    return [Record((row["clip"],), row["options"], row["result"]) for row in rows]


def recordings(model: str) -> list[Record]:
    """Return results of `whisper.transcribe`."""
    rows = _read(model)["recordings"]
    return [Record(tuple(row["clips"]), row["options"], row["result"]) for row in rows]


def alignments(model: str) -> list[tuple[Record, list[tuple[str, float, float, float]]]]:
    """Return results of `whisper.decode` with the word, start, end and probability of each word."""
    return [
        (Record((row["clip"],), row["options"], row["result"]), [tuple(w) for w in row["words"]])
        for row in _read(model)["alignments"]
    ]


def _read(model: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / f"{model}.json").read_text(encoding="utf-8"))
    return content
