r"""Gather single words and sentences of many languages, for tools/measure_languages.py.

    python -m tools.voices_of_languages FOLDER --gcompris CHECKOUT --asterisk ROOT --kerstin GERMAN

CHECKOUT is https://github.com/gcompris/GCompris-voices: words for children, and what each activity
is about. ROOT and GERMAN are those of tools/people_of_languages.py, with
asterisk-core-sounds-{en,it}-g722, too. For each voice FOLDER gets a folder with 80 recordings,
drawn with a fixed seed, without the silence around them, and clips.jsonl. What is said in them
is not known here: `text` is a name.
"""

import argparse
import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import soundfile

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.inference.languages import LANGUAGES
from tools.peers.speech import LIST
from tools.people_of_languages import sound

N_RECORDINGS = 80
SECONDS = (0.3, 12.0)  # shorter ones are hardly a word
SEED = 0
KINDS = ("intro", "misc", "colors", "words")  # of GCompris; letters tell no language
# Folders that are named otherwise than Whisper names the language.
CODES = {"nb": "no"}
LOUD = 0.02  # of the loudest sample: what is less is around the speech, not in it
KEPT_S = 0.1  # of the silence around it

Voice = tuple[str, str, list[Path]]
"""The name of a voice, its language, and its recordings."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gcompris", type=Path, metavar="CHECKOUT")
    parser.add_argument("--asterisk", type=Path, metavar="ROOT")
    parser.add_argument("--kerstin", type=Path, metavar="GERMAN")
    arguments = parser.parse_args()
    voices: list[Voice] = []
    if arguments.gcompris:
        voices += of_gcompris(arguments.gcompris)
    if arguments.asterisk:
        voices += of_asterisk(arguments.asterisk / "usr/share/asterisk/sounds")
    if arguments.kerstin:
        voices.append(("kerstin", "de", sorted(arguments.kerstin.glob("verified/*.flac"))))
    for name, language, recordings in voices:
        write(arguments.folder / name, language, recordings)


def of_gcompris(checkout: Path) -> Iterator[Voice]:
    for folder in sorted(checkout.iterdir()):
        language = CODES.get(folder.name, folder.name.split("_")[0])
        if language in LANGUAGES:
            found = [path for kind in KINDS for path in sorted(folder.glob(f"{kind}/*.ogg"))]
            yield folder.name, language, found


def of_asterisk(folder: Path) -> Iterator[Voice]:
    for voice in sorted(folder.glob("??_??_*")):
        files = (path for path in sorted(voice.rglob("*.g722")) if path.stat().st_size)
        found = [path for path in files if path.parent.name != "silence"]
        yield voice.name, voice.name[:2], found


def write(folder: Path, language: str, recordings: Iterable[Path]) -> None:
    """Draw recordings, and write them and their list."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = sorted(recordings)
    random.Random(f"{SEED} {folder.name}").shuffle(drawn)
    rows: list[str] = []
    for path in drawn:
        pcm = without_silence(sound(path))
        if SECONDS[0] < len(pcm) / SAMPLE_RATE < SECONDS[1] and len(rows) < N_RECORDINGS:
            name = f"{len(rows):02}.flac"
            soundfile.write(folder / name, pcm, SAMPLE_RATE)
            rows.append(json.dumps({"file": name, "language": language, "text": path.stem}) + "\n")
    (folder / LIST).write_text("".join(rows), encoding="utf-8")


def without_silence(pcm: Pcm) -> Pcm:
    """Return a recording from its first loud sample to its last, and a little around them."""
    loud = np.flatnonzero(np.abs(pcm) > LOUD * np.abs(pcm).max(initial=0.0))
    if not len(loud):
        return pcm[:0]
    kept = round(KEPT_S * SAMPLE_RATE)
    return pcm[max(0, loud[0] - kept) : loud[-1] + kept]


if __name__ == "__main__":
    main()
