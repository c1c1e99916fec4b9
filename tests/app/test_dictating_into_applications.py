"""From a real key and a real voice to the words in a real other application."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from whisper_normalizer.english import EnglishTextNormalizer

from sotto.app.desktop.hotkeys import Chord
from sotto.app.desktop.hotkeys.x11 import X11Hotkeys
from sotto.errors import HotkeyError
from tests.helpers.applications import Application, mousepad, qt_editor, xterm
from tests.helpers.audio_server import AudioServer
from tests.helpers.clips import CLIPS, Clip, starter_clips
from tests.helpers.running_sotto import running_sotto
from tests.helpers.x_server import x_server

PATIENCE_S = 30
HOTKEY = "Ctrl+Alt+Space"
KEYS = "ctrl+alt+space"
CLIP = starter_clips()[1]

_normalised = EnglishTextNormalizer()


@pytest.fixture(scope="module", name="desktop")
def fixture_desktop() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, x_server() as display:
        patch.setenv("DISPLAY", display)
        patch.setenv("QT_QPA_PLATFORM", "xcb")
        patch.delenv("WAYLAND_DISPLAY", raising=False)
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        yield display


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.05)


def focus(application: Application) -> None:
    search = ["xdotool", "search", "--onlyvisible", "--name", application.title]
    wait_until(
        lambda: subprocess.run([*search, "windowactivate", "--sync"], check=False).returncode == 0,
        f"the focus in {application.title}",
    )


def xdotool(*arguments: str) -> None:
    subprocess.run(["xdotool", *arguments], check=True)


def wait_for_hotkey() -> None:
    """Wait until nobody else can have the key: Sotto has it."""
    other = X11Hotkeys(lambda *_: None, lambda _: None)

    def is_taken() -> bool:
        try:
            other.bind("other", Chord.parse(HOTKEY))
        except HotkeyError:
            return True
        other.unbind("other")
        return False

    wait_until(is_taken, "the hotkey")
    other.close()


def wait_for_microphone(audio: AudioServer, n_others: int) -> None:
    """Wait until Sotto's microphone is open, and until the first block has surely come."""
    wait_until(lambda: audio.n_listeners() > n_others, "the microphone")
    time.sleep(2.5)


def hold_and_speak(audio: AudioServer, clip: Clip) -> None:
    """Begin to speak, press the key a little late, and release it with the last sample."""
    speaking = threading.Thread(target=audio.play, args=(CLIPS / clip.name, "feed"))
    speaking.start()
    time.sleep(0.3)
    xdotool("keydown", "ctrl", "keydown", "alt", "keydown", "space")
    speaking.join()
    xdotool("keyup", "space", "keyup", "alt", "keyup", "ctrl")


def wait_for_words(application: Application, text: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while _normalised(application.read()) != _normalised(text):
        assert time.monotonic() < deadline, application.read()
        time.sleep(1)  # reading it presses keys, which must not get between those of Sotto


@pytest.mark.parametrize("program", [mousepad, qt_editor, xterm], ids=["gtk", "qt", "xterm"])
def test_what_is_said_while_the_key_is_held_stands_in_the_application(
    desktop: str, audio_server: AudioServer, tmp_path: Path, program: object
) -> None:
    with (
        audio_server.awake("virtmic"),
        running_sotto(tmp_path, "--hidden", hotkey=HOTKEY, hotkey_mode="push-to-talk") as sotto,
        program(tmp_path) as application,  # type: ignore[operator]  # one of three
    ):
        wait_for_hotkey()
        wait_for_microphone(audio_server, n_others=1)
        focus(application)
        hold_and_speak(audio_server, CLIP)
        sotto.wait_for_state("idle")
        wait_for_words(application, CLIP.text)
