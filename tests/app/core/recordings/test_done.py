"""What is left to do after a run that was cut off."""

import os
from pathlib import Path

import pytest

from sotto.app.core.recordings.done import done
from sotto.app.core.recordings.given import Recording

FORMATS = ("txt", "srt")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(*names: str, time_s: float = 1000.0) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()
        os.utime(name, (time_s, time_s))


def finished(*names: str, formats: tuple[str, ...] = FORMATS) -> set[str]:
    found = done([Recording(Path(name)) for name in names], None, formats)
    return {recording.path.name for recording in found}


def test_done_is_what_has_all_its_texts() -> None:
    put("a.wav", "b.wav", "c.wav", "a.txt", "a.srt", "b.txt")
    assert finished("a.wav", "b.wav", "c.wav", "-", "missing.wav") == {"a.wav"}
    assert finished("a.wav", "b.wav", "c.wav", formats=("txt",)) == {"a.wav", "b.wav"}


def test_a_recording_that_is_newer_than_its_text_is_another_one() -> None:
    put("a.txt", "a.srt")
    put("a.wav", time_s=2000.0)
    assert finished("a.wav") == set()


def test_recordings_that_came_later_change_nothing() -> None:
    put("a.mp3", "a.txt", "a.srt", "a.wav")
    assert finished("a.mp3", "a.wav") == set()  # nobody knows whose text it is
    put("a.wav.txt", "a.wav.srt")
    assert finished("a.mp3", "a.wav") == {"a.mp3", "a.wav"}


def test_a_text_with_a_suffix_is_found_when_the_other_recording_is_gone() -> None:
    put("a.wav", "a.wav.txt", "a.wav.srt")
    assert finished("a.wav") == {"a.wav"}
