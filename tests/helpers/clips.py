"""The recordings in `tests/clips`, as the models hear them."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

CLIPS = Path(__file__).parents[1] / "clips"
SAMPLE_RATE = 16_000


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording and what is said in it; `name` is its path below `tests/clips`."""

    name: str
    text: str
    language: str = "en"

    def pcm(self) -> NDArray[np.float32]:
        """Return the samples, mono, 16 kHz."""
        samples, rate = soundfile.read(CLIPS / self.name, dtype="float32", always_2d=True)
        mono = samples.mean(axis=1)
        return np.asarray(soxr.resample(mono, rate, SAMPLE_RATE), np.float32)


def starter_clips() -> list[Clip]:
    """Return synthesised speech that the model in the box understands."""
    return _listed("starter")


def human_clips() -> list[Clip]:
    """Return speech of people, in English."""
    return _listed("human")


def language_clips() -> list[Clip]:
    """Return speech in other languages than English: of people, synthesised in ja and de."""
    return _listed("languages")


def _listed(folder: str) -> list[Clip]:
    lines = (CLIPS / folder / "clips.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [
        Clip(f"{folder}/{Path(row['file']).name}", row["text"], row.get("language", "en"))
        for row in rows
    ]
