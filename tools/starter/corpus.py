"""Spoken texts on disk: what training draws its windows from.

    python -m tools.starter.corpus FOLDER --part 0 --hours 5 [--simple | --neural]

speaks until a part of the corpus is as long as asked, and writes FOLDER/part-000.pcm (int16,
16 kHz, clip after clip) and FOLDER/part-000.jsonl (a line a clip), or simple-000, neural-000. The
same part always holds the same clips, so parts may be made side by side, and more of them later.
"""

import argparse
import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tools.starter.config import Config, read_config
from tools.starter.text import TextSources, read_sources, training_text
from tools.starter.voices import Voice, known_voice, simple_voice, speak
from tools.starter.voices.speakers import KokoroVoice, mixed_voice, speakers
from tools.starter.voices.speech import SAMPLE_RATE, Speech, SynthesisError

MIN_S, MAX_S = 0.3, 20.0
SIMPLE_WORDS = 8  # of a text to begin training with
FULL_SCALE = 32767

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Clip:
    """A spoken text in a corpus: `Speech`, with its sound still on disk."""

    sound: NDArray[np.int16]  # (n_samples,), 16 kHz, mapped from the file
    words: tuple[str, ...]
    starts_s: NDArray[np.float64]
    ends_s: NDArray[np.float64]
    voice: str

    @property
    def duration_s(self) -> float:
        return len(self.sound) / SAMPLE_RATE


def read_part(path: Path) -> list[Clip]:
    """Read the clips of FOLDER/part-000 (given without a suffix)."""
    sound = np.memmap(path.with_suffix(".pcm"), np.int16, "r")
    clips = []
    for line in path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        begin, end = row["samples"]
        times = np.array(row["times_ms"]).reshape(-1, 2) / 1000
        words = tuple(row["text"].split())
        clips.append(Clip(sound[begin:end], words, times[:, 0], times[:, 1], row["voice"]))
    return clips


def read_parts(folder: Path, name: str) -> list[Clip]:
    """Read the clips of FOLDER/NAME-000 and what follows it. None: FileNotFoundError."""
    parts = sorted(folder.glob(f"{name}-*.jsonl"))
    if not parts:
        raise FileNotFoundError(folder / f"{name}-000.jsonl")
    return [clip for part in parts for clip in read_part(part)]


def write_part(
    path: Path, speeches: Iterable[tuple[Voice | KokoroVoice | str, Speech]], duration_s: float
) -> None:
    """Write clips until they are long enough in all."""
    n_samples = 0
    with path.with_suffix(".pcm").open("wb") as sound, path.with_suffix(".jsonl").open("w") as rows:
        for voice, speech in speeches:
            sound.write((speech.pcm * FULL_SCALE).astype("<i2").tobytes())
            rows.write(json.dumps(_row(voice, speech, n_samples)) + "\n")
            n_samples += len(speech.pcm)
            if n_samples >= duration_s * SAMPLE_RATE:
                return


def _row(voice: Voice | KokoroVoice | str, speech: Speech, offset: int) -> dict[str, object]:
    times = np.stack([speech.starts_s, speech.ends_s], axis=1)
    return {
        "samples": [offset, offset + len(speech.pcm)],
        "text": " ".join(speech.words),
        "voice": str(voice),
        "times_ms": np.round(times * 1000).astype(int).ravel().tolist(),
    }


def spoken(
    text: Callable[[], str], voice: Callable[[], V], say: Callable[[V, str], Speech]
) -> Iterator[tuple[V, Speech]]:
    """Yield spoken texts without end, leaving out what a synthesiser stumbles over."""
    while True:
        speaker = voice()
        try:
            speech = say(speaker, text())
        except SynthesisError:
            continue
        if MIN_S <= len(speech.pcm) / SAMPLE_RATE <= MAX_S:
            yield speaker, speech


def _simple_text(sources: TextSources, rng: np.random.Generator) -> str:
    while True:
        text = training_text(sources, rng)
        if len(text.split()) <= SIMPLE_WORDS:
            return text


def make_part(config: Config, folder: Path, part: int, hours: float, *, is_simple: bool) -> None:
    """Speak a part of the corpus."""
    sources = read_sources(config.text)
    seed = (config.seed, part, int(is_simple))
    rng, text_rng = random.Random(str(seed)), np.random.default_rng(seed)
    pick = _simple_text if is_simple else training_text

    def voice() -> Voice:
        return simple_voice(rng) if is_simple else known_voice(rng, config.share)

    name = f"{'simple' if is_simple else 'part'}-{part:03}"
    speeches = spoken(lambda: pick(sources, text_rng), voice, speak)
    write_part(folder / name, speeches, hours * 3600)


def make_neural_part(config: Config, folder: Path, part: int, hours: float) -> None:
    """Speak a part of the corpus by Kokoro, which takes longer and is not needed for the others."""
    from tools.starter.voices.kokoro import Kokoro  # noqa: PLC0415

    sources = read_sources(config.text)
    seed = (config.seed, part, 2)
    rng, text_rng = random.Random(str(seed)), np.random.default_rng(seed)
    names = speakers(config.kokoro)
    speeches = spoken(
        lambda: training_text(sources, text_rng),
        lambda: mixed_voice(rng, names),
        Kokoro(config.kokoro).speak,
    )
    write_part(folder / f"neural-{part:03}", speeches, hours * 3600)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--hours", type=float, default=5.0)
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--simple", action="store_true", help="few voices, short texts")
    kinds.add_argument("--neural", action="store_true", help="voices of Kokoro")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    config, folder = read_config(), arguments.folder
    if arguments.neural:
        make_neural_part(config, folder, arguments.part, arguments.hours)
    else:
        make_part(config, folder, arguments.part, arguments.hours, is_simple=arguments.simple)


if __name__ == "__main__":
    main()
