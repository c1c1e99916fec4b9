"""From a real key and a real voice to the words in a real other application."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from sotto.app.desktop.hotkeys import Chord
from sotto.app.desktop.hotkeys.x11 import X11Hotkeys
from sotto.errors import HotkeyError
from tests.helpers.words import are_heard
from tools.fixtures.applications import Application, mousepad, qt_editor, xterm
from tools.fixtures.audio_server import AudioServer
from tools.fixtures.clips import CLIPS, SAMPLE_RATE, Clip, human_clips, starter_clips
from tools.fixtures.running_sotto import RunningSotto, running_sotto
from tools.fixtures.x_server import x_server

PATIENCE_S = 120
HOTKEY = "Ctrl+Alt+Space"
KEYS = "ctrl+alt+space"
CLIP = human_clips()[1]  # a person, of whom every word is heard

Program = Callable[[Path], contextlib.AbstractContextManager[Application]]


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
    """Wait until nobody else can have the key: Sotto has it.

    To find out takes the key for a moment. Sotto, which asks once, must have asked before: so
    its microphone, which takes longer, is waited for first.
    """
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
    """Press the key when the first word has begun, and release it just after the last one."""
    voiced = np.flatnonzero(np.abs(clip.pcm()) > 0.03) / SAMPLE_RATE
    with audio.playing(CLIPS / clip.name, "feed") as player:
        started = time.monotonic()
        time.sleep(voiced[0] + 0.1)
        xdotool("keydown", "ctrl", "keydown", "alt", "keydown", "space")
        time.sleep(max(0.0, started + voiced[-1] + 0.2 - time.monotonic()))
        xdotool("keyup", "space", "keyup", "alt", "keyup", "ctrl")
        player.wait_for_end()


def wait_for_words(application: Application, text: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not are_heard(text, application.read()):
        assert time.monotonic() < deadline, application.read()
        time.sleep(1)  # reading it presses keys, which must not get between those of Sotto


@pytest.mark.parametrize("program", [mousepad, qt_editor, xterm], ids=["gtk", "qt", "xterm"])
def test_what_is_said_while_the_key_is_held_stands_in_the_application(
    desktop: str, audio_server: AudioServer, tmp_path: Path, program: Program
) -> None:
    with (
        ready(audio_server, tmp_path, mode="push-to-talk") as sotto,
        program(tmp_path) as application,
    ):
        focus(application)
        hold_and_speak(audio_server, CLIP)
        sotto.wait_for_state("idle")
        wait_for_words(application, CLIP.text)


@contextlib.contextmanager
def ready(
    audio: AudioServer,
    folder: Path,
    mode: str = "tap-or-hold",
    insert_when: str = "final",
    model: str = "tiny.en",
) -> Iterator[RunningSotto]:
    """Run Sotto in the background until its key and its microphone are there."""
    with (
        audio.awake("virtmic"),
        running_sotto(
            *(folder, "--hidden"),
            hotkey=HOTKEY,
            hotkey_mode=mode,
            insert_when=insert_when,
            model=model,
        ) as sotto,
    ):
        wait_for_microphone(audio, n_others=1)
        wait_for_hotkey()
        yield sotto


def test_when_the_focus_moves_no_window_gets_the_text(
    desktop: str, audio_server: AudioServer, tmp_path: Path
) -> None:
    with (
        ready(audio_server, tmp_path) as sotto,
        qt_editor(tmp_path, "Letter") as letter,
        qt_editor(tmp_path, "Chat") as chat,
    ):
        focus(chat)
        focus(letter)
        sotto.record("start")
        sotto.wait_for_state("listening")
        focus(chat)  # before anything is said: an utterance that ends is inserted at once
        audio_server.play(CLIPS / CLIP.name, "feed")
        sotto.record("stop")
        sotto.wait_for_state("idle")
        wait_until(lambda: is_shown("Text that Sotto holds"), "the sign")
        time.sleep(1)
        assert (letter.read(), chat.read()) == ("", "")


@pytest.mark.parametrize("insert_when", ["final", "committed"])
def test_scratch_that_deletes_what_was_said_before_it(
    desktop: str, audio_server: AudioServer, tmp_path: Path, insert_when: str
) -> None:
    clip = next(clip for clip in starter_clips() if "Scratch that." in clip.text)
    left = clip.text.partition("Scratch that.")[2]
    seen: set[str] = set()
    with (
        # The voice is the synthesiser's whose command the model in the box writes as a sentence.
        ready(audio_server, tmp_path, insert_when=insert_when, model="basic") as sotto,
        qt_editor(tmp_path) as editor,
    ):
        focus(editor)
        sotto.record("start")
        with audio_server.playing(CLIPS / clip.name, "feed") as player:
            while player.is_playing:
                seen.add(editor.read())
                time.sleep(0.05)
            player.wait_for_end()
        sotto.record("stop")
        sotto.wait_for_state("idle")
        wait_for_words(editor, left)
    if insert_when == "committed":
        assert len(seen) > 3  # words came while they were being said


def test_the_cancel_key_throws_away_and_undo_takes_back(
    desktop: str, audio_server: AudioServer, tmp_path: Path
) -> None:
    with ready(audio_server, tmp_path) as sotto, qt_editor(tmp_path) as editor:
        focus(editor)
        xdotool("key", KEYS)  # a tap: it goes on until the next
        sotto.wait_for_state("listening")
        with audio_server.playing(CLIPS / CLIP.name, "feed") as player:
            time.sleep(1)
            xdotool("key", "Escape")
            player.wait_for_end()
        sotto.wait_for_state("idle")
        assert editor.read() == ""
        time.sleep(1)  # what was said just before the key is heard, too
        xdotool("key", KEYS)
        sotto.wait_for_state("listening")
        audio_server.play(CLIPS / CLIP.name, "feed")
        xdotool("key", KEYS)
        sotto.wait_for_state("idle")
        wait_for_words(editor, CLIP.text)
        sotto.record("undo")
        wait_until(lambda: editor.read() == "", "the undoing")


def test_a_second_start_shows_the_first(
    desktop: str, audio_server: AudioServer, tmp_path: Path
) -> None:
    with running_sotto(tmp_path, "--hidden", hotkey="") as sotto:
        assert not is_shown("Sotto")
        second = subprocess.run(
            [sys.executable, "-m", "sotto"],
            env=sotto.environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert (second.returncode, second.stdout) == (0, "")
        assert second.stderr.startswith("Sotto runs already")
        wait_until(lambda: is_shown("Sotto"), "the window of the first")


def is_shown(title: str) -> bool:
    """Return whether a window of exactly that title is to be seen."""
    search = ["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"]
    return subprocess.run(search, capture_output=True, check=False).returncode == 0
