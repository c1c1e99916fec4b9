"""Several hotkeys: which are bound, and what pressing one asks for."""

from collections.abc import Callable, Iterator
from dataclasses import asdict

import pytest
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import HotkeyMode, Settings, SettingsStore
from sotto.app.desktop.hotkeys import Chord
from sotto.app.desktop.hotkeys.chord import taken
from sotto.app.service.hotkey import Hotkey

MAIN, GERMAN, ANY = "Ctrl+Alt+Space", "Ctrl+Alt+G", "F9"
KEYS = Settings(hotkeys={GERMAN: "de", ANY: "auto"}, hotkey_mode=HotkeyMode.PUSH_TO_TALK)


class ScriptedHotkeys:
    """A desktop on which other programs have the keys in `taken`."""

    binds_at_once = True

    def __init__(self) -> None:
        self.heard: Callable[[str, bool], None] = lambda _name, _is_down: None
        self.bound: dict[str, str] = {}
        self.asked: list[str] = []
        self.taken: set[str] = set()

    def bind(self, name: str, chord: Chord) -> None:
        self.asked.append(str(chord))
        if str(chord) in self.taken:
            raise taken(chord)
        self.bound[name] = str(chord)

    def unbind(self, name: str) -> None:
        self.bound.pop(name, None)

    def trigger_description(self, name: str) -> str:  # noqa: ARG002 (see `Hotkeys`)
        return ""

    def close(self) -> None:
        self.bound.clear()

    def press(self, chord: str, is_down: bool) -> None:
        (name,) = (name for name, bound in self.bound.items() if bound == chord)
        self.heard(name, is_down)


class Bench:
    """The hotkeys and what they told."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.desktop = ScriptedHotkeys()
        self.told: list[str] = []
        self.pressed: list[bool] = []
        self.status: list[tuple[str, bool]] = []
        self.settings = SettingsStore(Settings())
        self.hotkey = Hotkey(self._open, self.settings)
        self.hotkey.start_wanted.connect(lambda language: self.told.append(f"start {language}"))
        self.hotkey.stop_wanted.connect(lambda: self.told.append("stop"))
        self.hotkey.pressed.connect(self.pressed.append)
        self.hotkey.status_changed.connect(lambda *status: self.status.append(status))

    def _open(
        self, heard: Callable[[str, bool], None], _lost: Callable[[str], None]
    ) -> ScriptedHotkeys:
        self.desktop.heard = heard
        return self.desktop

    def use(self, settings: Settings) -> tuple[str, bool]:
        """Use settings and return what the user is told."""
        n_before = len(self.status)
        self.settings.change(**asdict(settings))
        if n_before == 0:
            self.hotkey.start()
        self.qtbot.waitUntil(lambda: len(self.status) > n_before)
        return self.status[-1]

    def press(self, chord: str) -> None:
        """Hold a key and let it go."""
        n_before = len(self.pressed)
        for is_down in (True, False):
            self.desktop.press(chord, is_down)
        self.qtbot.waitUntil(lambda: len(self.pressed) == n_before + 2)


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(qtbot)
    yield made
    made.hotkey.close()
    qtbot.waitUntil(lambda: not made.desktop.bound)


def test_each_key_asks_for_its_own_language(bench: Bench) -> None:
    words, is_error = bench.use(KEYS)
    assert (words, is_error) == (f"{MAIN} dictates into the program in front.", False)
    for chord in (MAIN, GERMAN, ANY):
        bench.press(chord)
    assert bench.told == ["start ", "stop", "start de", "stop", "start auto", "stop"]


def test_a_desktop_s_dialog_is_told_the_language(bench: Bench) -> None:
    bench.use(KEYS)
    assert set(bench.desktop.bound) == {
        "dictate",
        f"dictate in German ({GERMAN})",
        f"dictate in any language ({ANY})",
    }


def test_the_second_key_ends_what_the_first_began(bench: Bench) -> None:
    bench.use(Settings(hotkeys={GERMAN: "de"}, hotkey_mode=HotkeyMode.TOGGLE))
    bench.press(MAIN)
    bench.hotkey.dictating(is_dictating=True)
    bench.press(GERMAN)
    bench.hotkey.dictating(is_dictating=False)
    bench.press(GERMAN)
    assert bench.told == ["start ", "stop", "start de"]


def test_as_long_as_one_is_held_a_key_is_down(bench: Bench) -> None:
    bench.use(KEYS)
    for chord, is_down in ((MAIN, True), (GERMAN, True), (MAIN, False), (GERMAN, False)):
        bench.desktop.press(chord, is_down)
    bench.qtbot.waitUntil(lambda: len(bench.pressed) == 4)
    assert bench.pressed == [True, True, True, False]


def test_only_keys_that_changed_are_bound_anew(bench: Bench) -> None:
    bench.use(KEYS)
    bench.use(Settings(hotkeys={GERMAN: "de", "F10": "fr"}))
    assert bench.desktop.asked == [MAIN, GERMAN, ANY, "F10"]
    assert set(bench.desktop.bound.values()) == {MAIN, GERMAN, "F10"}


def test_a_key_of_another_program_is_told_and_the_others_work(bench: Bench) -> None:
    bench.desktop.taken.add(GERMAN)
    words, is_error = bench.use(KEYS)
    assert is_error
    assert f"{GERMAN} is taken" in words
    assert set(bench.desktop.bound.values()) == {MAIN, ANY}
    bench.desktop.taken.clear()
    assert not bench.use(Settings(hotkeys={GERMAN: "de"}))[1]
    assert set(bench.desktop.bound.values()) == {MAIN, GERMAN}


def test_a_key_that_is_none_is_told(bench: Bench) -> None:
    words, is_error = bench.use(Settings(hotkeys={"Ctrl+Alt+Umlaut": "de"}))
    assert is_error
    assert "Umlaut" in words
    assert set(bench.desktop.bound.values()) == {MAIN}


def test_paused_no_key_is_bound(bench: Bench) -> None:
    bench.use(KEYS)
    bench.hotkey.pause(True)
    bench.qtbot.waitUntil(lambda: not bench.desktop.bound)
    bench.hotkey.pause(False)
    bench.qtbot.waitUntil(lambda: len(bench.desktop.bound) == 3)
