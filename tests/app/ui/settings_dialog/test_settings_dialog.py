"""All pages: what is edited is told at once, and everything can be reached."""

from dataclasses import fields, replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import Settings, Theme, Value, load, save
from sotto.app.core.settings_schema import CaptionPreset, HotkeyMode, InsertWhen
from sotto.app.ui.colours import DARK, LIGHT
from sotto.app.ui.settings_dialog import Choices, SettingsDialog, set_by_environment
from sotto.app.ui.settings_dialog.page import Page
from tests.app.ui.settings_dialog.conftest import CHOICES, OpenDialog

# Moved by hand on the screen, or asked for once.
NOT_IN_THE_DIALOG = {"was_welcomed", "overlay_x", "overlay_y"}


def changes(dialog: SettingsDialog) -> list[dict[str, Value]]:
    told: list[dict[str, Value]] = []
    dialog.changed.connect(told.append)
    return told


def control(dialog: SettingsDialog, name: str) -> Any:
    """Return the control of a setting, its page turned to."""
    (page,) = (page for page in dialog.pages if name in page.names)
    dialog.show_page(page.title)
    return dialog.form.field(name).control


def button(parent: QWidget, words: str) -> QAbstractButton:
    (found,) = (
        each
        for each in parent.findChildren(QAbstractButton)
        if each.accessibleName() == words and not each.isHidden()
    )
    return found


def type_text(line: QWidget, text: str) -> None:
    line.setFocus()
    if isinstance(line, QLineEdit):
        line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Tab)


def test_every_setting_has_a_place(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    shown = [name for page in dialog.pages for name in page.names]
    assert sorted(shown) == sorted(
        declared.name for declared in fields(Settings) if declared.name not in NOT_IN_THE_DIALOG
    )


def test_opening_and_turning_pages_changes_nothing(open_dialog: OpenDialog) -> None:
    odd = Settings(overlay_width=643, language="xx", model="/models/mine", microphone="gone")
    dialog = open_dialog(odd)
    told = changes(dialog)
    for page in dialog.pages:
        dialog.show_page(page.title)
    dialog.close()
    assert told == []
    assert dialog.form.settings == odd


def test_a_box_is_told_at_once_and_can_be_saved(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    dialog.changed.connect(save)
    check = control(dialog, "cues")
    assert isinstance(check, QCheckBox)
    QTest.keyClick(check, Qt.Key.Key_Space)
    assert load().settings == Settings(cues=False)


def test_a_number_is_told_in_the_setting_s_own_unit(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    told = changes(dialog)
    spin = control(dialog, "overlay_width")
    assert isinstance(spin, QSpinBox)
    QTest.keyClick(spin, Qt.Key.Key_Up)
    assert told == [{"overlay_width": 660}]


def test_half_a_number_is_not_told(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    told = changes(dialog)
    spin = control(dialog, "hang_over_ms")
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, "900")
    assert told == []
    QTest.keyClick(spin, Qt.Key.Key_Tab)
    assert told == [{"hang_over_ms": 900}]


def test_a_choice_is_told_in_its_declared_type(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    told = changes(dialog)
    combo = control(dialog, "theme")
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert told == [{"theme": Theme.LIGHT}]
    assert isinstance(told[0]["theme"], Theme)
    strictness = control(dialog, "aggressiveness")
    QTest.keyClick(strictness, Qt.Key.Key_Up)
    assert told[1:] == [{"aggressiveness": 1}]


def test_ways_with_an_explanation_are_told(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    told = changes(dialog)
    dialog.show_page("Hotkey")
    push_to_talk = button(dialog.hotkey, "Push to talk")
    assert isinstance(push_to_talk, QRadioButton)
    assert "held" in push_to_talk.accessibleDescription()
    push_to_talk.click()
    dialog.show_page("Insertion")
    button(dialog.insertion, "As you speak").click()
    assert told == [
        {"hotkey_mode": HotkeyMode.PUSH_TO_TALK},
        {"insert_when": InsertWhen.COMMITTED},
    ]


def test_keys_are_recorded_and_told(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    told = changes(dialog)
    recording: list[bool] = []
    dialog.hotkey_recording.connect(recording.append)
    press(control(dialog, "hotkey"), Qt.Key.Key_F9)
    press(control(dialog, "cancel_key"), Qt.Key.Key_F8)
    press(control(dialog, "cancel_key"), Qt.Key.Key_Escape)
    assert told == [{"hotkey": "F9"}, {"cancel_key": "F8"}, {"cancel_key": "Escape"}]
    assert recording == [True, False] * 3
    assert dialog.isVisible()  # Escape was a key, not a farewell


def press(record: QWidget, key: Qt.Key) -> None:
    record.setFocus()
    QTest.keyClick(record, Qt.Key.Key_Space)
    recorder = QApplication.focusWidget()
    assert recorder is not None
    QTest.keyClick(recorder, key)


def test_what_came_of_the_hotkey_is_said_beside_it(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    dialog.show_page("Hotkey")
    taken = "Ctrl+Alt+Space is taken by another program; choose another key."
    dialog.show_hotkey_status(taken, is_error=True)
    assert any(label.text() == taken for label in visible(dialog, QLabel))
    dialog.show_hotkey_test(is_down=True)
    assert not any(label.text() == taken for label in visible(dialog, QLabel))


def test_rows_are_added_changed_and_removed(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Settings(replacements={"a": "b"}))
    told = changes(dialog)
    dialog.show_page("Words")
    field = dialog.form.field("replacements")
    button(field, "Add a replacement").click()
    said, written = field.findChildren(QLineEdit)[2:]
    assert said.hasFocus()
    type_text(said, "cube cuddle")
    assert told == []  # only half of it is there
    assert written.hasFocus()
    type_text(written, "kubectl")
    button(field, "Remove row 1").click()
    assert told == [
        {"replacements": {"a": "b", "cube cuddle": "kubectl"}},
        {"replacements": {"cube cuddle": "kubectl"}},
    ]


def test_a_row_that_is_half_written_keeps_no_other_from_counting(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Settings(replacements={"a": "b"}))
    told = changes(dialog)
    dialog.show_page("Words")
    field = dialog.form.field("replacements")
    button(field, "Add a replacement").click()
    _, written, said, _ = field.findChildren(QLineEdit)
    type_text(said, "half")
    type_text(written, "c")
    assert told == [{"replacements": {"a": "c"}}]
    assert said.text() == "half"


def test_a_program_s_method_is_chosen_from_a_list(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    told = changes(dialog)
    dialog.show_page("Insertion")
    field = dialog.form.field("applications")
    button(field, "Add a program").click()
    (program,) = field.findChildren(QLineEdit)
    type_text(program, "Code")
    (method,) = field.findChildren(QComboBox)
    QTest.keyClick(method, Qt.Key.Key_End)
    assert told == [{"applications": {"Code": "paste"}}, {"applications": {"Code": "none"}}]


def refusal(page: Page) -> str:
    said = (label for label in page.findChildren(QLabel, "refusal") if label.isVisible())
    return " ".join(label.text() for label in said)


def test_what_stands_there_twice_is_refused_beside_the_rows(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Settings(commands={"my name": "Ada", "my town": "Köln"}))
    told = changes(dialog)
    dialog.show_page("Words")
    second = dialog.form.field("commands").findChildren(QLineEdit)[2]
    type_text(second, "My name")
    assert refusal(dialog.words) == "“My name” is there twice. Change or remove one of the two."
    assert told == []
    type_text(second, "my city")
    assert refusal(dialog.words) == ""
    assert told == [{"commands": {"my name": "Ada", "my city": "Köln"}}]


def test_what_is_no_colour_is_refused_beside_the_field(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Settings(overlay_preset=CaptionPreset.CUSTOM))
    told = changes(dialog)
    line = control(dialog, "overlay_text")
    type_text(line, "bluish")
    assert refusal(dialog.captions).startswith("“bluish” is not a colour.")
    assert told == []
    type_text(line, "#0000ff")
    assert refusal(dialog.captions) == ""
    assert told == [{"overlay_text": "#0000ff"}]


def test_vocabulary_is_a_list_without_empty_lines(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    told = changes(dialog)
    edit = control(dialog, "vocabulary")
    assert isinstance(edit, QPlainTextEdit)
    edit.setFocus()
    edit.insertPlainText("Siobhán\n\n  Köln \nKöln\n")
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert told == [{"vocabulary": ("Siobhán", "Köln")}]


def test_colours_of_one_s_own_are_shown_when_they_count(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    own = control(dialog, "overlay_text")
    assert not own.isVisible()
    dialog.show_settings(Settings(overlay_preset=CaptionPreset.CUSTOM))
    assert own.isVisible()


def test_the_preview_follows_at_once(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    dialog.show_page("Captions")
    (preview,) = (
        each
        for each in dialog.captions.findChildren(QWidget)
        if each.accessibleName() == "Preview of the captions"
    )

    def foot() -> QColor:
        return preview.grab().toImage().pixelColor(40, preview.height() - 40)

    dark = foot().lightness()
    dialog.show_settings(Settings(overlay_preset=CaptionPreset.LIGHT))
    assert foot().lightness() > dark + 60


def test_defaults_are_the_page_s_and_can_be_undone(open_dialog: OpenDialog) -> None:
    before = Settings(theme=Theme.DARK, font_size=20, cues=False)
    dialog = open_dialog(before)
    told = changes(dialog)
    button(dialog, "Defaults").click()
    assert told == [{"theme": Theme.SYSTEM, "font_size": 14}]
    assert dialog.form.settings == Settings(cues=False)
    button(dialog, "Undo").click()
    assert told[1:] == [{"theme": Theme.DARK, "font_size": 20}]
    assert dialog.form.settings == before


def test_defaults_take_back_what_was_refused(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Settings(overlay_preset=CaptionPreset.CUSTOM))
    line = control(dialog, "overlay_text")
    type_text(line, "bluish")
    assert refusal(dialog.captions)
    button(dialog, "Defaults").click()
    assert not refusal(dialog.captions)
    assert line.text() == "#ffffff"


def test_what_is_being_typed_counts_when_the_dialog_is_closed(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    told = changes(dialog)
    edit = control(dialog, "vocabulary")
    edit.setFocus()
    QTest.keyClicks(edit, "Anna")
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert told == [{"vocabulary": ("Anna",)}]


def test_defaults_where_nothing_differs_tell_nothing(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    told = changes(dialog)
    button(dialog, "Defaults").click()
    assert told == []
    assert not any(each.accessibleName() == "Undo" for each in visible(dialog, QPushButton))


def test_changes_made_elsewhere_are_shown_and_not_told_again(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    told = changes(dialog)
    dialog.show_settings(replace(Settings(), model="base.en", standby=False, pause_ms=300))
    assert control(dialog, "model").currentText() == "base.en"
    assert not control(dialog, "standby").isChecked()
    assert control(dialog, "pause_ms").value() == 300
    assert told == []


def test_what_the_environment_decides_is_said_beside_the_field(open_dialog: OpenDialog) -> None:
    assert set_by_environment({"SOTTO_MODEL": "base.en", "SOTTO_INT8": "amx"}) == {
        "model": "SOTTO_MODEL"
    }
    dialog = open_dialog(choices=Choices(set_elsewhere={"model": "SOTTO_MODEL"}))
    assert "SOTTO_MODEL" in control(dialog, "model").accessibleDescription()
    assert any("SOTTO_MODEL" in label.text() for label in visible(dialog, QLabel))


def test_signals_of_what_is_no_setting(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    asked: list[object] = []
    dialog.start_with_desktop.connect(asked.append)
    dialog.show_in_menu.connect(asked.append)
    dialog.edit_captions.connect(lambda: asked.append("captions"))
    dialog.delete_history.connect(lambda: asked.append("history"))
    button(dialog, "Start with the desktop").click()
    button(dialog, "Show in the desktop's menu").click()
    dialog.show_page("Captions")
    button(dialog, "Move captions").click()
    dialog.show_page("History & privacy")
    button(dialog, "Delete history").click()
    assert asked == [True, True, "captions", "history"]


def test_what_cannot_be_arranged_is_not_offered(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(choices=replace(CHOICES, starts_with_desktop=None, is_in_menu=None))
    offered = {each.accessibleName() for each in visible(dialog, QCheckBox)}
    assert not offered & {"Start with the desktop", "Show in the desktop's menu"}


def test_the_wheel_scrolls_the_page_and_changes_no_value(
    qtbot: QtBot, open_dialog: OpenDialog
) -> None:
    dialog = open_dialog()
    dialog.resize(dialog.minimumSize())
    told = changes(dialog)
    dialog.show_page("Captions")
    bar = dialog.captions.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    kinds = (QComboBox, QAbstractSpinBox)
    for each in (widget for kind in kinds for widget in visible(dialog.captions, kind)):
        each.setFocus()
        dialog.captions.ensureWidgetVisible(each)
        roll_wheel(each)
    assert told == []
    bar.setValue(0)
    roll_wheel(control(dialog, "overlay_source"))
    qtbot.waitUntil(lambda: bar.value() > 0)


def roll_wheel(widget: QWidget) -> None:
    window = widget.window()
    middle = widget.mapTo(window, widget.rect().center())
    QTest.wheelEvent(window.windowHandle(), QPointF(middle), QPoint(0, -120))


def visible(parent: QWidget, kind: type[QWidget]) -> list[Any]:
    return [each for each in parent.findChildren(kind) if each.isVisible()]


def test_everything_that_takes_the_focus_has_a_name(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(
        Settings(
            overlay_preset=CaptionPreset.CUSTOM,
            applications={"Code": "paste"},
            commands={"a": "b"},
            replacements={"c": "d"},
        )
    )
    unnamed = []
    for page in dialog.pages:
        dialog.show_page(page.title)
        unnamed += [
            each
            for each in visible(dialog, QWidget)
            if each.focusPolicy() is not Qt.FocusPolicy.NoFocus
            and not (each.accessibleName() or each.objectName().startswith("qt_"))
        ]
    assert unnamed == []


def test_tab_reaches_every_control_of_every_page(qtbot: QtBot, open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Settings(overlay_preset=CaptionPreset.CUSTOM, commands={"a": "b"}))
    for page in dialog.pages:
        dialog.show_page(page.title)
        visited = walk(dialog)
        wanted = {
            each
            for each in visible(page, QWidget)
            if each.focusPolicy() & Qt.FocusPolicy.TabFocus
            and each.focusProxy() is None
            and not isinstance(each, QRadioButton)  # the arrow keys go through these
            and not each.objectName().startswith("qt_")
            and each.isEnabled()
        }
        assert wanted - set(visited) == set(), page.title


def walk(dialog: SettingsDialog) -> list[QWidget]:
    """Press Tab until the focus is back where it began."""
    visited: list[QWidget] = []
    while (focus := QApplication.focusWidget()) is not None and focus not in visited:
        visited.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    return visited


def test_every_letter_is_one_control_s(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Settings(overlay_preset=CaptionPreset.CUSTOM))
    undo = "u"
    for page in dialog.pages:
        dialog.show_page(page.title)
        words = [label.text() for label in visible(dialog, QLabel) if label.buddy()]
        words += [each.text() for each in visible(dialog, QAbstractButton)]
        letters = [text[text.index("&") + 1].lower() for text in words if "&" in text]
        assert len(set(letters)) == len(letters), (page.title, sorted(letters))
        assert undo not in letters, page.title


def test_a_letter_leads_to_the_field(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    QTest.keyClick(dialog, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    assert control(dialog, "language").hasFocus()


def test_return_in_a_text_does_not_close(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Settings(overlay_preset=CaptionPreset.CUSTOM))
    QTest.keyClick(control(dialog, "overlay_text"), Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize("times", [1, 2])
def test_everything_is_reachable_at_800_by_600(
    open_dialog: OpenDialog, qapp: QApplication, times: int
) -> None:
    font = qapp.font()
    large = qapp.font()
    large.setPointSizeF(times * font.pointSizeF())
    qapp.setFont(large)
    try:
        dialog = open_dialog(Settings(overlay_preset=CaptionPreset.CUSTOM, commands={"a": "b"}))
        dialog.resize(800, 600)
        for page in dialog.pages:
            dialog.show_page(page.title)
            QApplication.processEvents()
            assert page.horizontalScrollBar().maximum() == 0, page.title
        assert (dialog.width(), dialog.height()) == (800, 600)
    finally:
        qapp.setFont(font)


def test_colours_reach_the_pages(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Settings(commands={"a": "b"}))
    dialog.show_page("Words")
    remove = button(dialog.words, "Remove row 1")
    light = remove.icon().cacheKey()
    dialog.set_colours(DARK)
    assert remove.icon().cacheKey() != light
    dialog.set_colours(LIGHT)
