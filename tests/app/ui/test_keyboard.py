from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sotto.app.dictating.phases import Phase
from sotto.app.ui.main_window.main_window import MainWindow
from sotto.app.ui.main_window.shortcuts import ShortcutsDialog
from tests.app.ui.conftest import OpenWindow, wait_for_phase
from tests.helpers.scripted_engine import LISTENING, PREPARING, ScriptedEngine, final


def walk(qtbot: QtBot, window: MainWindow) -> list[QWidget]:
    """Press Tab until the focus is back where it began."""
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    visited: list[QWidget] = []
    while (focus := QApplication.focusWidget()) not in visited:
        assert focus is not None
        visited.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    return visited


def with_text(qtbot: QtBot, open_window: OpenWindow) -> MainWindow:
    window = open_window(ScriptedEngine([PREPARING, LISTENING, final(" One.")]))
    window.toggle()
    qtbot.waitUntil(window.view.isVisible)
    return window


def test_tab_reaches_every_control_in_reading_order(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = with_text(qtbot, open_window)
    window.toggle()
    wait_for_phase(qtbot, window, Phase.IDLE)
    names = [widget.accessibleName() for widget in walk(qtbot, window)]
    first = names.index("Microphone")
    assert names[first:] + names[:first] == [
        "Microphone",
        "Model",
        "Copy text",
        "Save text as",
        "Clear text",
        "Menu",
        "Dismiss this notice",
        "Transcript",
        "Start dictation",
    ]


def test_everything_that_takes_the_focus_has_a_name(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = with_text(qtbot, open_window)
    ours = [*window.findChildren(QWidget), window.dock.meter, window.dock.progress]
    unnamed = [
        widget
        for widget in ours
        if (
            widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
            or isinstance(widget, QAbstractButton)
        )
        and widget.isVisible()
        and not (widget.accessibleName() or widget.objectName().startswith("qt_"))
    ]
    assert unnamed == []


def test_space_starts_and_stops_wherever_no_control_uses_it(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = with_text(qtbot, open_window)
    window.view.setFocus()
    QTest.keyClick(window.view, Qt.Key.Key_Space)
    wait_for_phase(qtbot, window, Phase.IDLE)
    QTest.keyClick(window.view, Qt.Key.Key_Space)
    wait_for_phase(qtbot, window, Phase.LISTENING)
    window.dock.button.setFocus()
    QTest.keyClick(window.dock.button, Qt.Key.Key_Space)
    wait_for_phase(qtbot, window, Phase.IDLE)


def test_space_on_another_button_presses_that_button(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = with_text(qtbot, open_window)
    (clear,) = (
        button
        for button in window.header.findChildren(QAbstractButton)
        if button.accessibleName() == "Clear text"
    )
    clear.setFocus()
    QTest.keyClick(clear, Qt.Key.Key_Space)
    assert window.dictation.transcript.is_empty
    assert window.dictation.phase is Phase.LISTENING


def test_shortcuts_reach_pickers_menu_and_control(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.activateWindow()
    alt, control = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(window, Qt.Key.Key_O, alt)
    assert window.header.model.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_M, alt)
    assert window.header.microphone.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_S, alt)
    wait_for_phase(qtbot, window, Phase.LISTENING)
    QTest.keyClick(window, Qt.Key.Key_R, control)
    wait_for_phase(qtbot, window, Phase.IDLE)


def test_the_list_of_keys_names_every_command(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    QTest.keyClick(window, Qt.Key.Key_F1)
    dialog = window.findChild(ShortcutsDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.isVisible)
    for keys in ("Ctrl+R", "Ctrl+S", "Space", "F5", "Ctrl++"):
        assert keys in dialog.accessibleDescription()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_every_command_in_the_menu_has_a_letter_of_its_own(open_window: OpenWindow) -> None:
    window = open_window()
    (menu,) = (
        button.menu()
        for button in window.header.findChildren(QToolButton)
        if button.accessibleName() == "Menu"
    )
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    letters = [text[text.index("&") + 1].lower() for text in texts]
    assert len(set(letters)) == len(letters), texts
