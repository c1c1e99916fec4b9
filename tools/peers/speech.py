"""Recordings with what is said in them: of folders, and joined to files of a given length."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np

from sotto.audio.files.reading import read_audio
from sotto.inference.dimensions import SAMPLE_RATE
from tools.peers.engine import Pcm
from tools.peers.librispeech import Utterance, read_librispeech

LIST = "clips.jsonl"
LIBRISPEECH = "librispeech"
ENGLISH = "en"
SEED = 0
PAUSE_S = 0.3  # at least, between clips that are joined
# What stands in brackets is said like the rest, but Whisper's normaliser would drop it.
WITHOUT_BRACKETS = str.maketrans("", "", "()[]")


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording and what is said in it.

    Attributes:
        source: where it comes from: the name of a folder.
        path: the sound.
        text: what is said.
        language: its code.
    """

    source: str
    path: Path
    text: str
    language: str = ENGLISH

    def pcm(self) -> Pcm:
        """Return the samples, mono, 16 kHz."""
        return read_audio(self.path)


def read_folder(folder: Path, count: int | None = None) -> list[Recording]:
    """Read a folder with clips.jsonl (file, text and perhaps language a line), or LibriSpeech.

    Args:
        folder: where they are.
        count: the most of LibriSpeech's utterances for each reader, drawn with a fixed seed.
    """
    if not (folder / LIST).exists():
        return list(_of_readers(folder, count))
    rows = map(json.loads, (folder / LIST).read_text(encoding="utf-8").splitlines())
    return [
        Recording(
            folder.name,
            folder / row["file"],
            row["text"].translate(WITHOUT_BRACKETS),
            row.get("language", ENGLISH),
        )
        for row in rows
    ]


def joined(recordings: Sequence[Recording], seconds: float) -> tuple[Pcm, str]:
    """Return whole recordings, one after the other, that last so long, and what they say.

    Those that still fit are taken, from the first again after the last; what is left of the time
    becomes pauses between them.

    Args:
        recordings: to choose from.
        seconds: the length.

    Raises:
        ValueError: even the shortest recording is longer.
    """
    n_samples = round(seconds * SAMPLE_RATE)
    chosen = _filling(recordings, n_samples)
    n_quiet = n_samples - sum(len(pcm) for pcm, _ in chosen)
    pause = np.zeros(n_quiet // len(chosen), np.float32)
    sound = np.concatenate([part for pcm, _ in chosen for part in (pcm, pause)])
    text = " ".join(text for _, text in chosen)
    return np.pad(sound, (0, n_samples - len(sound))), text


def _filling(recordings: Sequence[Recording], n_samples: int) -> list[tuple[Pcm, str]]:
    """Return recordings, each with a pause behind it, for which there is room."""
    n_pause = round(PAUSE_S * SAMPLE_RATE)
    n_left, n_passed, chosen = n_samples, 0, []
    for recording in cycle(recordings):
        pcm = recording.pcm()
        n_passed += 1
        if len(pcm) + n_pause <= n_left:
            chosen.append((pcm, recording.text))
            n_left -= len(pcm) + n_pause
            n_passed = 0
        if n_passed == len(recordings):
            break
    if not chosen:
        raise ValueError(f"no recording is shorter than {n_samples / SAMPLE_RATE} s")
    return chosen


def _of_readers(folder: Path, count: int | None) -> Iterator[Recording]:
    """Yield utterances, `count` of each reader at most."""
    readers: dict[str, list[Utterance]] = {}
    for utterance in read_librispeech(folder):
        readers.setdefault(utterance.reader, []).append(utterance)
    for reader, said in readers.items():
        random.Random(f"{SEED} {reader}").shuffle(said)
        for utterance in said[:count]:
            yield Recording(LIBRISPEECH, utterance.path, " ".join(utterance.words))
