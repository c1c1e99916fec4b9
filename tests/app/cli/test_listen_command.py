"""`sotto listen` from sound to lines: of people by tiny.en, else by the model in the box."""

import json
import os
import re
import signal
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.app.cli.conftest import TIMEOUT_S, Sotto
from tools.fixtures.clips import CLIPS, SAMPLE_RATE, human_clips, language_clips
from tools.fixtures.official import official

CLIP = CLIPS / "starter" / "000.flac"
PERSON = human_clips()[17]  # LJ001-0018, of which every word is heard
KEYS = {
    "partial": ["event", "t", "audio", "committed", "tentative"],
    "final": ["event", "t", "audio", "start", "end", "text", "language", "polished"],
    "dropped": ["event", "t", "start", "end", "reason"],
    "incident": ["event", "t", "message"],
    "gap": ["event", "t", "start", "end", "reason"],
    "waiting": ["event", "t", "audio", "device"],
}


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def letters(text: str) -> str:
    return "".join(words(text))


def events_of(stdout: str) -> list[dict[str, Any]]:
    """Parse lines of JSON and hold them to the contract."""
    events: list[dict[str, Any]] = [json.loads(line) for line in stdout.splitlines()]
    committed = ""
    for event in events:
        assert list(event) == KEYS[event["event"]]
        for name in {"t", "audio", "start", "end"} & set(event):
            assert event[name] == round(event[name], 3) >= 0
        if event["event"] == "partial":
            assert event["committed"].startswith(committed)
            committed = event["committed"]
        elif event["event"] != "incident":
            assert letters(event.get("text", committed)).startswith(letters(committed))
            assert event["start"] < event["end"]
            committed = ""
    assert [event["t"] for event in events] == sorted(event["t"] for event in events)
    return events


def listen(sotto_program: Sotto, *flags: str) -> "subprocess.CompletedProcess[str]":
    """Let tiny.en hear a person, as fast as it can."""
    source = CLIPS / PERSON.name
    return sotto_program(
        *("listen", "--model", official("tiny.en"), "--source", source, "--speed", "max", *flags)
    )


def test_a_file_without_waiting(sotto_program: Sotto) -> None:
    result = listen(sotto_program, "--json")
    assert result.returncode == 0, result.stderr
    events = events_of(result.stdout)
    assert {event["event"] for event in events} == {"partial", "final"}
    heard = " ".join(event["text"] for event in events if event["event"] == "final")
    assert words(heard) == words(PERSON.text)


def test_the_same_sound_gives_the_same_text(sotto_program: Sotto) -> None:
    first, second = (
        [event | {"t": 0} for event in events_of(listen(sotto_program, "--json").stdout)]
        for _ in range(2)
    )
    assert first == second


@pytest.mark.engine
def test_at_the_speed_of_speech_the_clock_goes_with_the_audio(sotto_program: Sotto) -> None:
    events = events_of(sotto_program("listen", "--source", CLIP, "--json").stdout)
    assert events[-1]["event"] == "final"
    # Never ahead of what has sounded; how far behind depends on the machine.
    assert all(event["t"] >= event["audio"] - 0.05 for event in events if "audio" in event)


@pytest.fixture(scope="module")
def languages_sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person who speaks French, then one who speaks English."""
    pause = np.zeros(SAMPLE_RATE, np.float32)
    clips = (language_clips()[0], PERSON)
    path = tmp_path_factory.mktemp("sounds") / "languages.wav"
    sound = np.concatenate([part for clip in clips for part in (clip.pcm(), pause)])
    soundfile.write(path, sound, SAMPLE_RATE)
    return path


@pytest.mark.parametrize(
    ("flags", "said", "language"),
    [
        (["--language", "auto"], "appuyez", "de"),
        (["--languages", "French,en"], "appuyez", "de"),
        (["--task", "translate"], "press", "auto"),
    ],
)
def test_languages_are_detected_and_told(
    languages_sound: Path,
    flags: list[str],
    said: str,
    language: str,
    sotto_program: Sotto,
) -> None:
    arguments = (
        "listen",
        "--model",
        official("base"),
        "--source",
        languages_sound,
        "--speed",
        "max",
    )
    # Flags count more than what is set.
    result = sotto_program(*arguments, "--json", *flags, SOTTO_LANGUAGE=language)
    assert (result.returncode, result.stderr) == (0, "")
    finals = [event for event in events_of(result.stdout) if event["event"] == "final"]
    heard = [event["language"] for event in finals]
    assert [code for code, _ in groupby(heard)] == ["fr", "en"]
    assert said in finals[0]["text"]


def test_a_model_for_english_says_that_it_hears_nothing_else(sotto_program: Sotto) -> None:
    result = listen(sotto_program, "--language", "German")
    assert result.returncode == 0
    assert result.stderr.startswith(f"sotto: {official('tiny.en').name} knows English only and")
    assert words(result.stdout) == words(PERSON.text)


def test_plain_lines_for_a_pipe(sotto_program: Sotto) -> None:
    result = listen(sotto_program)
    assert result.returncode == 0, result.stderr
    assert words(result.stdout) == words(PERSON.text)
    assert "\x1b" not in result.stdout


@pytest.mark.real_model
@pytest.mark.parametrize("arguments", [["listen", "--json"], []])
def test_without_a_microphone_the_clip_is_played(
    arguments: list[str], sotto_program: Sotto
) -> None:
    result = sotto_program(*arguments, SOTTO_MODEL="tiny.en")
    assert result.returncode == 0, result.stderr
    assert "There is no microphone: this is a recording" in result.stderr
    if arguments:
        assert events_of(result.stdout)[-1]["event"] == "final"
    else:
        assert words(result.stdout)[-3:] == ["of", "movable", "types"]
        assert "There is no screen" in result.stderr


def started(environment: dict[str, str], *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "sotto", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def shown_in(lines: str) -> list[str]:
    """Return the words that the last of them shows."""
    event = json.loads(lines.splitlines()[-1]) if lines else {}
    return f"{event.get('committed', '')}{event.get('tentative', '')}".split()


def test_ctrl_c_finishes_what_was_said(environment: dict[str, str]) -> None:
    process = started(environment, "listen", "--source", str(CLIP), "--json")
    assert process.stdout is not None
    first = ""
    while len(shown_in(first)) < 3:
        first += process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, said = process.communicate(timeout=TIMEOUT_S)
    events = events_of(first + rest)
    assert process.returncode == 130
    assert said == ""
    assert events[-1]["event"] == "final"
    assert events[-1]["end"] < 5


def test_a_crash_of_recognition_costs_no_word_and_is_told(environment: dict[str, str]) -> None:
    flags = ("--model", str(official("tiny.en")), "--json")
    process = started(environment, "listen", "--source", str(CLIPS / PERSON.name), *flags)
    assert process.stdout is not None
    first = process.stdout.readline()
    child = recogniser_of(process.pid)
    os.kill(child, signal.SIGSEGV)
    rest, said = process.communicate(timeout=TIMEOUT_S)
    events = events_of(first + rest)
    assert (process.returncode, said) == (0, "")
    assert [event["event"] for event in events].count("incident") == 1
    heard = " ".join(event["text"] for event in events if event["event"] == "final")
    assert words(heard) == words(PERSON.text)
    # Where it crashed is in the log, for who reports it.
    (traces,) = (Path(environment["XDG_STATE_HOME"]) / "sotto" / "log").glob(f"crash-*-{child}.txt")
    assert "Segmentation fault" in traces.read_text()


def recogniser_of(pid: int) -> int:
    """Return the process that recognises for this one, which reads the file with another."""
    program = "sotto.app.dictating.recognising.child"
    listed = subprocess.run(
        ["ps", "-ww", "--ppid", str(pid), "-o", "pid=,args="],
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = [line for line in listed.stdout.splitlines() if program in line]
    return int(line.split()[0])


def test_a_reader_that_leaves_ends_it_in_one_line(environment: dict[str, str]) -> None:
    process = started(environment, "listen", "--source", str(CLIP), "--json")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(TIMEOUT_S) == 0
    assert process.stderr is not None
    with process.stderr as errors:
        said = errors.read()
    assert said == "sotto: whoever read the text has gone; listening has ended\n"
