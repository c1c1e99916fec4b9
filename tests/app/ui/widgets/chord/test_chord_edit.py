"""Recording a chord with real keys on a real X server."""

import subprocess
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from sotto.app.ui.widgets.chord.chord_edit import ChordEdit
from sotto.app.ui.widgets.chord.key_caps import KeyCaps
from sotto.app.ui.widgets.theme.colours import DARK, LIGHT, Colours
from tests.app.ui.conftest import child

RIGHT_CTRL = "105"  # by its name xdotool presses the left one


class Page:
    """A dialog with one chord edit, and what it told."""

    def __init__(self, qtbot: QtBot, **ways: bool) -> None:
        self._qtbot = qtbot
        self.dialog = QDialog()
        self.edit = ChordEdit(self.dialog, **ways)
        self.told: list[object] = []
        self.edit.changed.connect(self.told.append)
        self.edit.recording.connect(self.told.append)
        QVBoxLayout(self.dialog).addWidget(self.edit)
        self.dialog.resize(480, 160)
        with qtbot.waitExposed(self.dialog):
            self.dialog.show()
        self.dialog.activateWindow()
        qtbot.waitUntil(self.dialog.isActiveWindow, timeout=30_000)

    @property
    def button(self) -> QPushButton:
        return child(self.edit, QPushButton)

    @property
    def caps(self) -> str:
        return child(self.edit, KeyCaps).accessibleName()

    @property
    def status(self) -> str:
        return next((label.text() for label in self.edit.findChildren(QLabel) if label.text()), "")

    def record(self) -> None:
        self.button.click()
        assert self.edit.is_recording

    def press(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], check=True)

    def wait_for(self, *told: object) -> None:
        self._qtbot.waitUntil(lambda: self.told == list(told), timeout=30_000)

    def wait_for_status(self, words: str) -> None:
        self._qtbot.waitUntil(lambda: words in self.status, timeout=30_000)


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[Page]:
    page = Page(qtbot)
    yield page
    page.dialog.close()
    page.dialog.deleteLater()


@pytest.mark.parametrize(
    ("keys", "chord"),
    [
        ("ctrl+alt+space", "Ctrl+Alt+Space"),
        ("F9", "F9"),
        ("ctrl+shift+a", "Ctrl+Shift+A"),
        ("ctrl+shift+1", "Ctrl+Shift+1"),
        ("ctrl+shift+Tab", "Ctrl+Shift+Tab"),
        ("super+comma", "Super+,"),
        ("Pause", "Pause"),
        ("Menu", "Menu"),
        ("alt+Prior", "Alt+Page Up"),
        (RIGHT_CTRL, "Right Ctrl"),
    ],
)
def test_what_is_pressed_is_recorded(page: Page, keys: str, chord: str) -> None:
    page.record()
    page.press("key", keys)
    page.wait_for(True, chord, False)
    assert page.edit.value == chord
    assert page.caps == chord.replace("+", " ")


def test_keys_of_the_window_manager_are_recorded_not_obeyed(page: Page) -> None:
    page.record()
    page.press("key", "alt+F4")  # openbox would close the dialog
    page.wait_for(True, "Alt+F4", False)
    assert page.dialog.isVisible()


def test_shortcuts_of_the_window_are_recorded_not_obeyed(page: Page) -> None:
    obeyed: list[bool] = []
    QShortcut(QKeySequence("Ctrl+K"), page.dialog, lambda: obeyed.append(True))
    page.record()
    page.press("key", "ctrl+k")
    page.wait_for(True, "Ctrl+K", False)
    assert obeyed == []


def test_modifiers_are_shown_while_they_are_held(page: Page, qtbot: QtBot) -> None:
    page.record()
    assert page.caps == "Press the keys…"
    page.press("keydown", "ctrl", "keydown", "alt")
    qtbot.waitUntil(lambda: page.caps == "Ctrl Alt", timeout=30_000)
    page.press("keyup", "ctrl", "keyup", "alt")
    qtbot.waitUntil(lambda: page.caps == "Press the keys…", timeout=30_000)
    assert page.edit.is_recording


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("a", "A is needed for writing"),
        ("ctrl+v", "is what Sotto pastes with"),
        ("ctrl", "Ctrl needs another key with it"),
        ("Caps_Lock", "cannot be used"),
    ],
)
def test_why_a_chord_is_refused_is_said(page: Page, keys: str, said: str) -> None:
    page.record()
    page.press("key", keys)
    page.wait_for_status(said)
    assert page.edit.is_recording
    if keys == "Caps_Lock":
        page.press("key", keys)
    page.press("key", "F9")
    page.wait_for(True, "F9", False)
    assert page.status == ""


def test_escape_keeps_the_chord(page: Page) -> None:
    page.edit.set_value("F9")
    page.record()
    page.press("key", "Escape")
    page.wait_for(True, False)
    assert page.edit.value == "F9"
    assert page.dialog.isVisible()
    assert page.button.hasFocus()


def test_the_key_that_cancels_may_be_escape(qtbot: QtBot) -> None:
    page = Page(qtbot, may_be_escape=True)
    page.record()
    page.press("key", "Escape")
    page.wait_for(True, "Escape", False)
    page.dialog.close()


def test_backspace_clears_where_there_may_be_no_key(qtbot: QtBot) -> None:
    page = Page(qtbot, may_be_empty=True)
    page.edit.set_value("F9")
    page.record()
    page.press("key", "BackSpace")
    page.wait_for(True, "", False)
    assert page.caps == "No key"
    page.dialog.close()


def test_the_same_chord_again_is_no_change(page: Page) -> None:
    page.edit.set_value("F9")
    page.record()
    page.press("key", "F9")
    page.wait_for(True, False)


def test_the_button_ends_recording(page: Page) -> None:
    page.record()
    QTest.mouseClick(page.button, Qt.MouseButton.LeftButton)
    page.wait_for(True, False)


def test_going_elsewhere_ends_recording(page: Page) -> None:
    other = QPushButton("Other", page.dialog)
    other.show()
    page.record()
    other.setFocus()
    page.wait_for(True, False)
    assert other.hasFocus()


def test_a_hidden_one_gives_the_keyboard_back(page: Page) -> None:
    page.record()
    page.dialog.hide()
    page.wait_for(True, False)


def test_the_caps_start_recording_too(page: Page) -> None:
    QTest.mouseClick(child(page.edit, KeyCaps), Qt.MouseButton.LeftButton)
    assert page.edit.is_recording


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_the_caps_light_up_while_the_hotkey_is_held(page: Page, colours: Colours) -> None:
    page.edit.set_colours(colours)
    page.edit.set_value("Ctrl+Alt+Space")
    caps = child(page.edit, KeyCaps)
    plain = caps.grab().toImage()
    page.edit.show_test(is_down=True)
    lit = caps.grab().toImage()
    middle = lit.height() // 2
    assert colours.accent in {lit.pixelColor(x, middle).name() for x in range(lit.width())}
    assert "works" in page.status
    page.edit.show_test(is_down=False)
    assert caps.grab().toImage() == plain


def test_a_screen_reader_hears_the_chord_from_the_button(page: Page) -> None:
    page.edit.set_value("Ctrl+Alt+Space")
    assert page.button.accessibleName() == "Change the key, now Ctrl Alt Space"
    page.edit.setFocus()
    assert page.button.hasFocus()
