"""Speak sentences of the demonstration model's grammar, to measure the model on.

    python tools/synthesise.py --count 100 --seed 1 FOLDER

writes FOLDER/000.flac … and FOLDER/clips.jsonl (file, text, voice a line). It needs Debian's
espeak-ng and flite. The same seed gives the same sentences and voices.
"""

import argparse
import json
import random
import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
PEAK = 0.6  # of full scale; synthesisers differ in loudness by 20 dB

WORDS = {
    "digit": "zero one two three four five six seven eight nine".split(),
    "number": (
        "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty "
        "forty fifty"
    ).split(),
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "month": (
        "January February March April May June July August September October November December"
    ).split(),
    "name": "Anna David Maria Peter Sarah John Laura Thomas Emma Robert".split(),
    "thing": (
        "report letter meeting invoice contract project budget schedule presentation document "
        "order ticket"
    ).split(),
    "kind": "new short long important early late final quick simple open".split(),
    "place": "office kitchen station garden hotel library school airport market house".split(),
    "verb": "send read finish check print review share write".split(),
    "time": [
        *"today tomorrow tonight".split(),
        *("next week", "this morning", "this afternoon", "on the weekend"),
    ],
    "food": "milk bread coffee apples water paper cheese rice tea eggs".split(),
    "ordinal": "first second third fourth fifth tenth last".split(),
    "weather": "cold warm nice wet dry".split(),
    "digits": [" ".join(["{digit}"] * count) for count in range(3, 8)],
}
SENTENCES = [
    "Please {verb} the {thing} {time}.",
    "Please {verb} the {kind} {thing} to {name} by {day}.",
    "The {thing} is at {number} o'clock on {day}.",
    "The {kind} {thing} is ready.",
    "Call me back at {digits}.",
    "My number is {digits}.",
    "Dear {name}, thank you for the {thing}.",
    "Hello {name}, how are you {time}?",
    "I will be at the {place} {time}.",
    "We need {number} {food} and {number} {food}.",
    "Can you {verb} the {thing} before {day}?",
    "{name} and {name} are in the {place}.",
    "The train leaves the {place} at {number} {number}.",
    "It is the {ordinal} of {month}.",
    "Open the {thing} and {verb} it {time}.",
    "The weather in {month} is {weather}.",
    "I would like to {verb} the {thing} with {name}.",
    "Do not {verb} the {thing} {time}.",
    "{name} has {number} {thing}s and one {kind} {thing}.",
    "Where is the {kind} {thing} from {day}?",
    "Best regards, {name}.",
    "New line.",
    "Scratch that.",
    "We meet in the {place} at {number} on {day}.",
]
ESPEAK_VOICES = "en-us en-us+m3 en-us+f2 en-us+f4 en-gb en-gb-x-rp en-us+m7".split()
FLITE_VOICES = "rms slt awb kal16".split()


def expand(template: str, rng: random.Random) -> str:
    """Fill the placeholders of a sentence, again and again until none is left."""
    while "{" in template:
        template = re.sub(r"\{(\w+)\}", lambda match: rng.choice(WORDS[match[1]]), template)
    return template


def speak(text: str, rng: random.Random) -> tuple[NDArray[np.float32], str]:
    """Return speech (n_samples,), 16 kHz, and the name of its voice."""
    if rng.random() < 0.5:
        voice = rng.choice(FLITE_VOICES)
        stretch = rng.uniform(0.9, 1.15)
        argv = ["flite", "-voice", voice, "--setf", f"duration_stretch={stretch:.2f}", "-t", text]
        return _record([*argv, "-o"]), f"flite-{voice}"
    voice = rng.choice(ESPEAK_VOICES)
    speed, pitch = str(rng.randint(145, 180)), str(rng.randint(38, 62))
    argv = ["espeak-ng", "-v", voice, "-s", speed, "-p", pitch, text]
    return _record([*argv, "-w"]), f"espeak-{voice}"


def _record(argv: list[str]) -> NDArray[np.float32]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        subprocess.run([*argv, str(path)], check=True, capture_output=True)
        samples, rate = soundfile.read(path, dtype="float32")
    pcm = np.asarray(soxr.resample(samples, rate, SAMPLE_RATE), np.float32)
    return pcm * np.float32(PEAK / np.abs(pcm).max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=100, help="sentences (default: 100)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for index in range(arguments.count):
        text = expand(rng.choice(SENTENCES), rng)
        pcm, voice = speak(text, rng)
        soundfile.write(arguments.folder / f"{index:03}.flac", pcm, SAMPLE_RATE)
        rows.append({"file": f"{index:03}.flac", "text": text, "voice": voice})
    lines = "".join(f"{json.dumps(row)}\n" for row in rows)
    (arguments.folder / "clips.jsonl").write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    main()
