"""The report on real parts: X server, window manager, sound server, model."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sotto.app.core import settings
from sotto.app.core.settings import InsertMethod
from tools.fixtures.audio_server import AudioServer, no_audio_server
from tools.fixtures.clips import CLIPS, starter_clips
from tools.fixtures.x_server import x_server


@pytest.fixture(name="environ")
def fixture_environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("SOTTO_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
    for screen in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(screen, raising=False)
    return dict(os.environ)


@pytest.fixture(name="desktop")
def fixture_desktop(environ: dict[str, str]) -> Iterator[dict[str, str]]:
    with x_server() as display:
        yield environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}


def run_doctor(environ: dict[str, str], *flags: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "sotto", "doctor", *flags],
        env=environ,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def doctor(environ: dict[str, str]) -> tuple[int, dict[str, str]]:
    """Return the exit code and each topic's line."""
    ended = run_doctor(environ)
    assert ended.stderr == ""
    lines = (line for line in ended.stdout.splitlines() if line[:8].strip() in _STATES)
    return ended.returncode, {
        line[8:35].strip(): f"{line[:8].strip()}: {line[35:]}" for line in lines
    }


_STATES = ("ok", "note", "problem")


def test_on_a_whole_desktop_everything_works(
    audio_server: AudioServer, desktop: dict[str, str]
) -> None:
    speaking = subprocess.Popen(
        ["sh", "-c", f"while paplay --device=feed {CLIPS / starter_clips()[0].name}; do :; done"],
        start_new_session=True,
    )
    try:
        code, found = doctor(desktop)
    finally:
        os.killpg(speaking.pid, 9)
        speaking.wait()
    assert code == 0, found
    assert found["Window manager"] == "ok: Openbox, without compositing"
    assert found["Default microphone"].startswith("ok: hears")
    assert found["Hotkey"] == "ok: Ctrl+Alt+Space"
    assert "times as fast as speech" in found["Model base"]
    assert found["Inserting by paste"].startswith("ok: the text arrived")
    assert found["Inserting by type"].startswith("ok: the text arrived")
    assert found["Way of inserting"] == "ok: auto, as it was"


def test_a_way_of_inserting_that_cannot_work_is_replaced(
    audio_server: AudioServer, desktop: dict[str, str]
) -> None:
    settings.save({"insert_method": "clipboard"})
    _, found = doctor(desktop)
    assert found["Way of inserting"] == "ok: auto (saved)"
    assert settings.load().settings.insert_method is InsertMethod.AUTO


def test_without_microphone_and_screen_it_says_what_to_do(environ: dict[str, str]) -> None:
    with no_audio_server():
        code, found = doctor(dict(os.environ) | {"SOTTO_MODEL": "no-such-model"})
    assert code == 1
    assert found["Desktop"].startswith("note: none")
    assert found["Microphones"].startswith("problem: no microphone was found")
    assert found["Model no-such-model"].startswith("problem: ")
    assert found["Inserting text"].startswith("note: not tried")


def test_the_report_names_nothing_of_the_users(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "report.md"
    named = dict(os.environ) | {
        "SOTTO_MODEL": "/home/anna/our model",
        "SOTTO_MICROPHONE": "Anna's headset",
        "SOTTO_VOCABULARY": "Anna, Björk",
    }
    with no_audio_server():
        to_file, to_output = run_doctor(named, "--report", str(file)), run_doctor(named, "--report")
    for ended in (to_file, to_output):
        assert ended.returncode == 0
    assert to_file.stdout == ""
    assert "It holds no text that was dictated" in to_file.stderr
    assert str(file) in to_file.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    for text in (file.read_text(), to_output.stdout):
        assert text.startswith("# Report of Sotto")
        assert "problem Model […]: there is no model at […]" in text
        assert "vocabulary = 2 of them" in text
        assert "Anna" not in text
        assert "anna" not in text
