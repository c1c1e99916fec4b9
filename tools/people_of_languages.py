r"""Gather recordings of people in four languages, for tools/judge_words.py.

    python -m tools.people_of_languages FOLDER --asterisk ROOT --kerstin CHECKOUT

ROOT is where Debian's asterisk-core-sounds-{fr,es,ru} and asterisk-core-sounds-{fr,es,ru}-g722 were
unpacked (`apt-get download`, `dpkg -x`): prompts of a telephone exchange, a voice a language.
CHECKOUT is https://github.com/rhasspy/dataset-voice-kerstin: sentences read in German. For each
language FOLDER/LANGUAGE gets 40 recordings, drawn with a fixed seed, and clips.jsonl. Left out is
what has digits, or fewer than 25 characters: whether a number is heard right says how
it is written, too.
"""

import argparse
import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import numpy as np
import soundfile

from sotto.audio.files.reading import read_audio
from sotto.audio.input.source import SAMPLE_RATE, Pcm
from tools.peers.speech import LIST

N_RECORDINGS = 40
SHORTEST_TEXT = 25
SECONDS = (1.5, 28.0)  # one window of Whisper's holds 30 s
SEED = 0
NO_TEXT = re.compile(r"[\[\]()<>«#*]|\.\.\.")  # notes in the list of prompts

Said = tuple[Path, str]
"""A recording and what is said in it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--asterisk", type=Path, metavar="ROOT")
    parser.add_argument("--kerstin", type=Path, metavar="CHECKOUT")
    arguments = parser.parse_args()
    if arguments.asterisk:
        for language in ("fr", "es", "ru"):
            write(arguments.folder / language, language, prompts(arguments.asterisk, language))
    if arguments.kerstin:
        write(arguments.folder / "de", "de", sentences(arguments.kerstin))


def prompts(root: Path, language: str) -> Iterator[Said]:
    """Yield the prompts of a language; the list of texts has `name: text` lines."""
    name = f"asterisk-core-sounds-{language}/core-sounds-{language}.txt.gz"
    text = gzip.decompress((root / "usr/share/doc" / name).read_bytes()).decode("utf-8")
    folder = root / "usr/share/asterisk/sounds"
    files = {path.stem: path for path in folder.glob(f"{language}_*/*.g722")}
    for line in text.splitlines():
        found = re.match(r"([\w\-/]+)\s*:\s*(.+)", line)
        if found and found[1] in files and not NO_TEXT.search(found[2]):
            yield files[found[1]], found[2].strip()


def sentences(checkout: Path) -> Iterator[Said]:
    """Yield the sentences of the German reader; the list has `name|text` lines."""
    for line in (checkout / "metadata.csv").read_text(encoding="utf-8").splitlines():
        name, text, *_ = line.split("|")
        if (path := checkout / "verified" / f"{name}.flac").exists():
            yield path, text


def write(folder: Path, language: str, said: Iterable[Said]) -> None:
    """Draw recordings, and write them and their list."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = [
        (path, text)
        for path, text in said
        if len(text) >= SHORTEST_TEXT and not re.search(r"\d", text)
    ]
    random.Random(f"{SEED} {language}").shuffle(drawn)
    rows: list[str] = []
    for path, text in drawn:
        pcm = sound(path)
        if SECONDS[0] < len(pcm) / SAMPLE_RATE < SECONDS[1] and len(rows) < N_RECORDINGS:
            name = f"{language}-{len(rows):02}.flac"
            soundfile.write(folder / name, pcm, SAMPLE_RATE)
            row = {"file": name, "language": language, "text": text}
            rows.append(json.dumps(row, ensure_ascii=False) + "\n")
    (folder / LIST).write_text("".join(rows), encoding="utf-8")


def sound(path: Path) -> Pcm:
    """Return the samples of a recording; G.722 files have no header that tells what they are."""
    if path.suffix != ".g722":
        return read_audio(path)
    with av.open(str(path), format="g722") as container:
        frames = [frame.to_ndarray().ravel() for frame in container.decode(audio=0)]
    return np.asarray(np.concatenate(frames), np.float32) / np.float32(32768)


if __name__ == "__main__":
    main()
