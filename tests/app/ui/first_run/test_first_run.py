"""Three steps, from welcome to done."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import HotkeyMode, Settings
from tests.app.ui.first_run.conftest import (
    BASE,
    BOX,
    SMALL_ELSEWHERE,
    OpenFirstRun,
    ScriptedWorkbench,
    button,
    changes,
)


def test_continue_leads_to_done_and_tells_what_was_chosen(
    qtbot: QtBot, open_first_run: OpenFirstRun
) -> None:
    dialog = open_first_run(ScriptedWorkbench(offered=(BOX, BASE)))
    told = changes(dialog)
    picker = dialog.microphone.first_control()
    qtbot.waitUntil(picker.hasFocus)
    qtbot.waitUntil(lambda: dialog.microphone.n_choices == 2)
    QTest.keyClick(picker, Qt.Key.Key_Down)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert told == [{"microphone": "usb"}]
    qtbot.waitUntil(lambda: button(dialog.model, "base.en").isChecked())
    button(dialog.model, "base.en").click()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert told[1:] == [{"model": "base.en"}]
    button(dialog.hotkey, "Push to talk").click()
    assert told[2:] == [{"hotkey_mode": HotkeyMode.PUSH_TO_TALK}]
    button(dialog, "Done").click()
    assert told[3:] == [{"was_welcomed": True}]
    assert not dialog.isVisible()


def test_every_step_can_be_skipped_without_a_change(open_first_run: OpenFirstRun) -> None:
    dialog = open_first_run()
    told = changes(dialog)
    button(dialog, "Skip this").click()
    button(dialog, "Skip this").click()
    button(dialog, "Done").click()
    assert told == [{"was_welcomed": True}]


def test_back_leads_to_the_step_before(open_first_run: OpenFirstRun) -> None:
    dialog = open_first_run()
    assert shown(dialog) == "Step 1 of 3: Can Sotto hear you?"
    button(dialog, "Continue").click()
    button(dialog, "Continue").click()
    assert shown(dialog) == "Step 3 of 3: Which key should dictate?"
    button(dialog, "Back").click()
    button(dialog, "Back").click()
    assert shown(dialog) == "Step 1 of 3: Can Sotto hear you?"
    assert not any(each.accessibleName() == "Back" for each in visible_buttons(dialog))


def shown(dialog: QWidget) -> str:
    return dialog.accessibleName()


def visible_buttons(parent: QWidget) -> list[QAbstractButton]:
    return [each for each in parent.findChildren(QAbstractButton) if each.isVisible()]


def test_escape_ends_it_for_good(open_first_run: OpenFirstRun) -> None:
    dialog = open_first_run()
    told = changes(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert told == [{"was_welcomed": True}]


def test_what_is_dictated_in_the_last_step_is_seen(
    qtbot: QtBot, open_first_run: OpenFirstRun
) -> None:
    dialog = open_first_run()
    practising: list[bool] = []
    dialog.hotkey.practising.connect(practising.append)
    button(dialog, "Continue").click()
    assert practising == []
    button(dialog, "Continue").click()
    assert practising == [True]
    dialog.hotkey.hear("Hello Maria. ")
    dialog.hotkey.hear("How are you?")
    assert dialog.hotkey.practice.toPlainText() == "Hello Maria. How are you?"
    dialog.hotkey.show_status("Ctrl+Alt+Space is taken by another program.", is_error=True)
    qtbot.waitUntil(lambda: any("taken" in each.text() for each in labels(dialog.hotkey)))
    button(dialog, "Back").click()
    assert practising == [True, False]


def labels(parent: QWidget) -> list[QLabel]:
    return [each for each in parent.findChildren(QLabel) if each.isVisible()]


def test_keys_recorded_for_the_hotkey_are_told_at_once(
    qtbot: QtBot, open_first_run: OpenFirstRun
) -> None:
    dialog = open_first_run()
    told = changes(dialog)
    recording: list[bool] = []
    dialog.hotkey.recording.connect(recording.append)
    button(dialog, "Continue").click()
    button(dialog, "Continue").click()
    dialog.hotkey.first_control().setFocus()
    QTest.keyClick(dialog.hotkey.first_control(), Qt.Key.Key_Space)
    assert recording == [True]
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: told == [{"hotkey": "F9"}])
    assert recording == [True, False]


def test_tab_reaches_every_control_of_every_step(
    qtbot: QtBot, open_first_run: OpenFirstRun
) -> None:
    dialog = open_first_run(ScriptedWorkbench(offered=(BOX, BASE, SMALL_ELSEWHERE)))
    for step in dialog.steps:
        qtbot.waitUntil(step.isVisible)
        visited: list[QWidget] = []
        while (focus := QApplication.focusWidget()) is not None and focus not in visited:
            visited.append(focus)
            QTest.keyClick(focus, Qt.Key.Key_Tab)
        names = {each.accessibleName() for each in visited}
        wanted = {
            each.accessibleName()
            for each in visible_buttons(dialog)
            if each.isEnabled() and not each.isCheckable()
        }
        assert wanted - names == set()
        assert "" not in names
        button(dialog, "Done" if step is dialog.hotkey else "Continue").click()


def test_every_letter_is_one_control_s(open_first_run: OpenFirstRun) -> None:
    dialog = open_first_run(ScriptedWorkbench(found_microphones=()))
    for step in dialog.steps:
        texts = [each.text() for each in labels(dialog) if each.buddy()]
        texts += [each.text() for each in visible_buttons(dialog)]
        letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
        assert len(set(letters)) == len(letters), (step.headline, sorted(letters))
        button(dialog, "Done" if step is dialog.hotkey else "Continue").click()


def test_everything_is_reachable_in_large_letters(
    qapp: QApplication, open_first_run: OpenFirstRun
) -> None:
    font, large = qapp.font(), qapp.font()
    large.setPointSizeF(2 * font.pointSizeF())
    qapp.setFont(large)
    try:
        dialog = open_first_run(ScriptedWorkbench(offered=(BOX, BASE, SMALL_ELSEWHERE)))
        dialog.resize(800, 600)
        for step in dialog.steps:
            QApplication.processEvents()
            assert step.horizontalScrollBar().maximum() == 0, step.headline
            button(dialog, "Done" if step is dialog.hotkey else "Continue").click()
        assert (dialog.width(), dialog.height()) == (800, 600)
    finally:
        qapp.setFont(font)


def test_a_model_that_was_chosen_before_stays_chosen(
    qtbot: QtBot, open_first_run: OpenFirstRun
) -> None:
    dialog = open_first_run(ScriptedWorkbench(), Settings(model="/models/mine"))
    told = changes(dialog)
    qtbot.waitUntil(lambda: dialog.model.speed_of("basic") is not None)
    button(dialog, "Continue").click()
    assert button(dialog.model, "/models/mine").isChecked()
    button(dialog, "Continue").click()
    assert told == []
