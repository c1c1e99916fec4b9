"""`sotto overlay`: captions as a program of their own."""

import json
import os
import signal
import socket
import sys
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.cli.conftest import TIMEOUT_S, Sotto, refused
from tools.fixtures.audio_server import AudioServer
from tools.fixtures.x_desktop import XDesktop, running, wait_until, x_desktop

CAPTIONS = "Sotto captions"
OVERLAY = (sys.executable, "-m", "sotto", "overlay")
CLIP = Path(__file__).parents[2] / "clips" / "starter" / "000.flac"


@pytest.fixture(scope="module")
def desktop() -> Iterator[XDesktop]:
    with x_desktop("openbox", is_composited=False) as desktop:
        yield desktop


@pytest.fixture
def variables(environment: dict[str, str], desktop: XDesktop) -> dict[str, str]:
    return environment | {"DISPLAY": desktop.display}


def test_without_a_screen_it_says_so(sotto_program: Sotto) -> None:
    assert "use: sotto listen" in refused(sotto_program("overlay"))


def test_without_a_microphone_it_says_so(sotto_program: Sotto, desktop: XDesktop) -> None:
    line = refused(sotto_program("overlay", DISPLAY=desktop.display))
    assert "microphone" in line


def test_following_nobody_says_what_to_start(
    sotto_program: Sotto, desktop: XDesktop, tmp_path: Path
) -> None:
    result = sotto_program(
        "overlay", "--follow", DISPLAY=desktop.display, XDG_RUNTIME_DIR=str(tmp_path)
    )
    assert "Sotto is not running" in refused(result)


def test_it_shows_what_the_machine_plays_until_ctrl_c(
    variables: dict[str, str], desktop: XDesktop, audio_server: AudioServer
) -> None:
    sound = {name: os.environ[name] for name in ("PULSE_SERVER", "XDG_RUNTIME_DIR")}
    with running((*OVERLAY, "--source", "system"), variables | sound) as overlay:
        wait_until(lambda: audio_server.n_listeners() == 1, "it does not listen")
        # "Listening…" fades first, so that what comes then is speech.
        wait_until(lambda: desktop.box_of(CAPTIONS) is not None, "it does not tell that it listens")
        wait_until(lambda: desktop.box_of(CAPTIONS) is None, "the notice stays")
        audio_server.play(CLIP, "speakers")
        wait_until(lambda: desktop.box_of(CAPTIONS) is not None, "no captions")
        overlay.process.send_signal(signal.SIGINT)
        assert overlay.process.wait(TIMEOUT_S) == 0


def test_it_follows_the_running_sotto_until_that_ends(
    variables: dict[str, str], desktop: XDesktop, tmp_path: Path
) -> None:
    folder = tmp_path / "sotto"
    folder.mkdir(mode=0o700)
    partial = {"event": "partial", "t": 1, "audio": 1, "committed": "It", "tentative": " is"}
    may_end = threading.Event()

    def answer(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            assert json.loads(connection.makefile().readline()) == {"do": "follow"}
            for line in ({"phase": "listening"}, partial):
                connection.sendall(json.dumps(line).encode() + b"\n")
            may_end.wait(TIMEOUT_S)

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "control"))
        server.listen()
        thread = threading.Thread(target=answer, args=(server,))
        thread.start()
        runtime = {"XDG_RUNTIME_DIR": str(tmp_path)}
        with running((*OVERLAY, "--follow"), variables | runtime) as overlay:
            desktop.wait_for_window(CAPTIONS)
            may_end.set()
            assert overlay.process.wait(TIMEOUT_S) == 0
        thread.join()


def test_the_user_drags_and_widens_them_and_the_place_is_kept(
    variables: dict[str, str], desktop: XDesktop, tmp_path: Path
) -> None:
    with running((*OVERLAY, "--edit"), variables) as overlay:
        desktop.wait_for_window("Place the captions")
        desktop.drag((640, 660), (640, 360))
        desktop.drag((1044, 360), (1144, 360))  # the handle at the right
        desktop.do("key", "Return")
        assert overlay.process.wait(TIMEOUT_S) == 0
    kept = tomllib.loads((tmp_path / "settings" / "settings.toml").read_text())
    assert kept["overlay_y"] == pytest.approx(900 - 1000 * 300 / 800, abs=2)
    assert kept["overlay_width"] == pytest.approx(640 + 1000 * 100 / 1280, abs=2)
    assert kept["overlay_x"] == pytest.approx(500 + 1000 * 50 / 1280, abs=2)
    assert kept["overlay_screen"] == ""
