"""Speak sentences of six languages, for tools/judge_words.py.

    python -m tools.speak_languages FOLDER [--japanese PYTHON]

writes FOLDER with clips.jsonl. Needs Debian's espeak-ng; it reads no kanji, so Japanese is left out
unless PYTHON has the packages pyopenjtalk-plus and soundfile. The sentences in tools/languages are
of authors who died before 1949, and of the Universal Declaration of Human Rights.
"""

import argparse
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

TEXTS = Path(__file__).parent / "languages"
CLIPS = "clips.jsonl"
ESPEAK = {"de": "de", "es": "es", "fr": "fr-fr", "ru": "ru", "zh": "cmn"}
VARIANTS = ("", "+m3", "+f2")  # of espeak-ng's voices
WORDS_A_MINUTE = 140

JAPANESE = "ja"
HALF_TONES = (0, -4, 3)  # by which Open JTalk's voice is raised
SPEAK_JAPANESE = """
import json, sys
import numpy, pyopenjtalk, soundfile
for text, half_tone, path in json.load(sys.stdin):
    samples, rate = pyopenjtalk.tts(text, half_tone=half_tone)
    soundfile.write(path, samples / max(32768, numpy.abs(samples).max()), rate)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--japanese", metavar="PYTHON", help="a Python that has pyopenjtalk-plus")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    rows = [row for language in ESPEAK for row in spoken(language, arguments.folder)]
    if arguments.japanese:
        rows += japanese(arguments.folder, arguments.japanese)
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (arguments.folder / CLIPS).write_text(lines, encoding="utf-8")


def spoken(language: str, folder: Path) -> Iterator[dict[str, str]]:
    """Speak a language with espeak-ng, and yield the lines of the list."""
    for index, text in enumerate(sentences(language)):
        for variant in VARIANTS:
            name = f"{language}-{index:02}{variant}.wav"
            voice = f"{ESPEAK[language]}{variant}"
            pace, path = str(WORDS_A_MINUTE), str(folder / name)
            subprocess.run(["espeak-ng", "-v", voice, "-s", pace, "-w", path, text], check=True)
            yield {"file": name, "language": language, "text": text}


def japanese(folder: Path, python: str) -> list[dict[str, str]]:
    """Speak Japanese with Open JTalk, and return the lines of the list."""
    wanted = [
        (text, half_tone, f"{JAPANESE}-{index:02}{half_tone:+}.wav")
        for index, text in enumerate(sentences(JAPANESE))
        for half_tone in HALF_TONES
    ]
    given = json.dumps([(text, half_tone, str(folder / name)) for text, half_tone, name in wanted])
    subprocess.run([python, "-c", SPEAK_JAPANESE], input=given, text=True, check=True)
    return [{"file": name, "language": JAPANESE, "text": text} for text, _, name in wanted]


def sentences(language: str) -> list[str]:
    return (TEXTS / f"{language}.txt").read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    main()
