"""Kokoro's speakers, two of whom make a voice."""

import random
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class KokoroVoice:
    """Two speakers, the share of the first in the mixture, and the speed; 1 is their own."""

    first: str
    second: str
    share: float
    speed: float

    @property
    def is_british(self) -> bool:
        return self.first.startswith("b")  # Kokoro names speakers by language and sex

    def __str__(self) -> str:
        return f"kokoro-{self.first}+{self.second}"


def speakers(folder: Path) -> list[str]:
    """Return the names of all speakers, sorted."""
    return sorted(path.stem for path in (folder / "voices").glob("*.bin"))


def mixed_voice(rng: random.Random, names: list[str]) -> KokoroVoice:
    """Return a mixture of any two, in which the first is heard more."""
    return KokoroVoice(
        rng.choice(names), rng.choice(names), rng.uniform(0.5, 1.0), rng.uniform(0.8, 1.25)
    )
