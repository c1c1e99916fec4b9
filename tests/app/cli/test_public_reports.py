"""What users of other programs reported of files and subtitles, in one run (docs/reports.md)."""

import itertools
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import soundfile
import soxr

from tests.app.cli.conftest import TIMEOUT_S, clean_environment
from tools.fixtures.clips import human_clips
from tools.fixtures.official import official
from tools.streaming_measures import normalised

PERSON = human_clips()[16]  # of which every word is heard
RATE = 16_000
SUFFIXES = ("json", "srt", "tsv", "txt", "vtt")
# An old terminal: what is written must not depend on it.
ASCII = {"LC_ALL": "C", "LANG": "C", "PYTHONIOENCODING": "ascii"}
WHOLE = (
    "1.1 Lesson name",
    "にっぽん & <b>",
    "studio",
    "telephone",
    "cut where the last word ends",
    "one side",
)


@dataclass(frozen=True, slots=True)
class Run:
    """What came of all recordings."""

    result: "subprocess.CompletedProcess[str]"
    texts: Path

    def json(self, stem: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.text(stem, "json"))
        return told

    def text(self, stem: str, suffix: str) -> str:
        return (self.texts / f"{stem}.{suffix}").read_text("utf-8", errors="strict")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("reports")
    recordings = folder / "recordings"
    recordings.mkdir()
    write(recordings)
    arguments = (recordings, "-o", folder / "texts", "--model", official("tiny.en"))
    flags = ("--word_timestamps", "True", "-f", "all")
    result = subprocess.run(
        [sys.executable, "-m", "sotto", "transcribe", *map(str, arguments), *flags],
        env=clean_environment(folder) | ASCII,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    return Run(result, folder / "texts")


def write(folder: Path) -> None:
    pcm = PERSON.pcm()
    few_words = np.zeros(30 * RATE, np.float32)
    few_words[2 * RATE : 4 * RATE] = pcm[: 2 * RATE]
    last = np.flatnonzero(np.abs(pcm) > 0.02)[-1]
    recordings = {
        "silence": (np.zeros(5 * RATE, np.float32), RATE),
        "few words": (few_words, RATE),
        "1.1 Lesson name": (pcm, RATE),
        "にっぽん & <b>": (pcm, RATE),
        "studio": (np.stack([soxr.resample(pcm, RATE, 48_000)] * 2, 1), 48_000),
        "telephone": (soxr.resample(pcm, RATE, 8000), 8000),
        "cut where the last word ends": (pcm[: last + 1], RATE),
        "one side": (np.stack([np.zeros_like(pcm), pcm], 1), RATE),
    }
    for name, (samples, rate) in recordings.items():
        soundfile.write(folder / f"{name}.wav", samples, rate)
    write_silent_film(folder / "a film without sound.mp4")


def write_silent_film(path: Path) -> None:
    with av.open(str(path), "w") as film:
        stream = film.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 64
        for _ in range(25):
            film.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))))
        film.mux(stream.encode(None))


def test_one_that_has_no_sound_is_told_and_costs_no_other(run: Run) -> None:
    """The film comes first; all others have all their texts, under their whole names."""
    assert run.result.returncode == 2
    assert "Traceback" not in run.result.stderr
    complaints = [line for line in run.result.stderr.splitlines() if line.startswith("sotto: ")]
    assert "a film without sound.mp4" in complaints[0]
    assert {path.name for path in run.texts.iterdir()} == {
        f"{stem}.{suffix}" for stem in (*WHOLE, "silence", "few words") for suffix in SUFFIXES
    }


def test_nothing_said_is_an_empty_text_of_every_kind(run: Run) -> None:
    told = run.json("silence")
    assert (told["text"], told["segments"]) == ("", [])
    assert [run.text("silence", suffix) for suffix in ("txt", "srt", "tsv", "vtt")] == [
        *("", "", "start\tend\ttext\n", "WEBVTT\n\n")
    ]


@pytest.mark.parametrize("stem", WHOLE)
def test_every_word_is_there(run: Run, stem: str) -> None:
    """From the first to the last, whatever the rate, the sides, and how short the end is."""
    told = normalised(run.json(stem)["text"])
    assert told == normalised(run.text(stem, "txt"))
    # Half of the band is missing on the telephone; its first word is misheard.
    n_left_out = 1 if stem == "telephone" else 0
    assert told[n_left_out:] == normalised(PERSON.text)[n_left_out:]


@pytest.mark.parametrize("stem", [*WHOLE, "few words"])
def test_times_go_forward_and_end_with_the_recording(run: Run, stem: str) -> None:
    segments = run.json(stem)["segments"]
    length_s = 30.0 if stem == "few words" else len(PERSON.pcm()) / RATE
    assert segments
    for segment in segments:
        assert segment["start"] < segment["end"] <= length_s
        times = [word[name] for word in segment["words"] for name in ("start", "end")]
        assert times == sorted(times)
        assert segment["words"]
    for before, after in itertools.pairwise(segments):
        assert before["end"] <= after["start"]
    cues = run.text(stem, "srt").strip().split("\n\n")
    assert all(cue.split("\n")[2].strip() for cue in cues)


def test_words_do_not_linger_in_silence(run: Run) -> None:
    """Two seconds of speech in thirty."""
    told = run.json("few words")
    assert told["segments"][0]["start"] > 1
    assert told["segments"][-1]["end"] < 5
    assert set(normalised(told["text"])) <= set(normalised(PERSON.text))


def test_texts_are_plain_utf_8(run: Run) -> None:
    for path in run.texts.iterdir():
        data = path.read_bytes()
        assert data.decode("utf-8").encode() == data
        assert not data.startswith("\ufeff".encode())
