"""Speech of people who read books aloud: LibriSpeech (Panayotov et al., 2015)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Utterance:
    """A line of a transcript.

    Attributes:
        reader: Who reads: a number.
        path: The sound.
        words: In small letters, without punctuation.
    """

    reader: str
    path: Path
    words: tuple[str, ...]


def read_librispeech(folder: Path) -> Iterator[Utterance]:
    """Yield the utterances below a folder of which the sound is there."""
    for transcript in sorted(folder.rglob("*.trans.txt")):
        for line in transcript.read_text("utf-8").splitlines():
            name, text = line.split(maxsplit=1)
            for path in transcript.parent.glob(f"{name}.*"):
                yield Utterance(name.split("-")[0], path, tuple(text.lower().split()))
