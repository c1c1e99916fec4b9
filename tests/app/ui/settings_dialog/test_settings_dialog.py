"""All pages: what is edited is told at once."""

from dataclasses import asdict, fields, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
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

from sotto.app.core.settings import (
    CaptionPreset,
    HotkeyMode,
    InsertWhen,
    Settings,
    SettingsStore,
    Theme,
    load,
    save,
)
from sotto.app.ui.settings_dialog import Choices, SettingsDialog, set_by_environment
from sotto.app.ui.settings_dialog.pages.page import Page
from sotto.app.ui.widgets.theme import style
from sotto.app.ui.widgets.theme.colours import DARK, LIGHT
from tests.app.ui.settings_dialog.conftest import CHOICES, OpenDialog, changes, control, visible
from tests.helpers.recorded_store import RecordedStore

# Moved by hand on the screen, or asked for once.
NOT_IN_THE_DIALOG = {"was_welcomed", "overlay_x", "overlay_y"}


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
    dialog = open_dialog(store=SettingsStore(Settings(), save))
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


def test_languages_are_named_in_one_line(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Settings(languages=("de",)))
    told = changes(dialog)
    line = control(dialog, "languages")
    assert line.text() == "German"
    type_text(line, "German, klingon")
    assert "no language 'klingon'" in refusal(dialog.general)
    type_text(line, "en, german ,French")
    assert refusal(dialog.general) == ""
    type_text(line, "auto")
    assert told == [{"languages": ("en", "de", "fr")}, {"languages": ()}]


def test_a_key_of_a_language_is_added(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Settings(hotkeys={"F8": "auto"}))
    told = changes(dialog)
    dialog.show_page("Hotkey")
    field = dialog.form.field("hotkeys")
    button(field, "Add a key of a language").click()
    type_text(field.findChildren(QLineEdit)[1], "Ctrl+Alt+G")
    language = field.findChildren(QComboBox)[1]
    QTest.keyClicks(language, "Ger")
    assert told[0] == {"hotkeys": {"F8": "auto", "Ctrl+Alt+G": "auto"}}
    assert told[-1] == {"hotkeys": {"F8": "auto", "Ctrl+Alt+G": "de"}}


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
    dialog.form.store.change(overlay_preset=CaptionPreset.CUSTOM)
    assert own.isVisible()


def test_the_preview_follows_at_once(open_dialog: OpenDialog) -> None:
    dialog = open_dialog()
    dialog.show_page("Captions")
    (preview,) = (
        each
        for each in dialog.captions.findChildren(QWidget)
        if each.accessibleName() == "Preview of the captions"
    )

    QApplication.processEvents()  # lays the page out

    def foot() -> QColor:
        return preview.grab().toImage().pixelColor(40, preview.height() - 40)

    dark = foot().lightness()
    dialog.form.store.change(overlay_preset=CaptionPreset.LIGHT)
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
    elsewhere = {"model": "base.en", "standby": False, "pause_ms": 300}
    dialog.form.store.change(**elsewhere)
    assert control(dialog, "model").currentText() == "base.en"
    assert not control(dialog, "standby").isChecked()
    assert control(dialog, "pause_ms").value() == 300
    assert told == [elsewhere]


def test_a_dialog_that_is_gone_is_told_nothing(qtbot: QtBot) -> None:
    store = SettingsStore(Settings())
    dialog = SettingsDialog(store, CHOICES)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.deleteLater()
    store.change(**asdict(Settings(overlay_preset=CaptionPreset.LIGHT, font_size=20)))
    assert store._subscriptions == []


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


def test_colours_reach_the_pages(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Settings(commands={"a": "b"}))
    dialog.show_page("Words")
    remove = button(dialog.words, "Remove row 1")
    light = remove.icon().cacheKey()
    dialog.set_colours(DARK)
    assert remove.icon().cacheKey() != light
    dialog.set_colours(LIGHT)


def test_another_theme_is_seen_on_the_page_that_is_open(
    open_dialog: OpenDialog, qapp: QApplication
) -> None:
    dialog = open_dialog()
    for colours in (DARK, LIGHT, DARK):
        style.apply(colours, qapp)
        QApplication.processEvents()
        page = dialog.pages[0].grab().toImage()
        beside_the_rows = page.pixelColor(5, page.height() // 2)
        assert beside_the_rows == QColor(colours.paper)


def test_pages_that_are_not_built_yet_are_there_when_they_are_wanted(
    qtbot: QtBot, qapp: QApplication
) -> None:
    def new() -> SettingsDialog:
        dialog = SettingsDialog(RecordedStore(None), CHOICES)
        qtbot.addWidget(dialog)
        assert len(dialog.pages) == 1
        return dialog

    by_title = new()
    by_title.show_page("History & privacy")
    by_use = new()
    by_use.show_hotkey_status("taken", is_error=True)
    by_themselves = new()
    with qtbot.waitSignal(by_themselves.built):
        pass
    for dialog in (by_title, by_use, by_themselves):
        assert [page.title for page in dialog.pages] == [
            "General",
            "Microphone",
            "Hotkey",
            "Insertion",
            "Words",
            "Captions",
            "History & privacy",
        ]
        assert set(dialog.form.names) == {name for page in dialog.pages for name in page.names}
    assert by_title._stack.currentWidget() is by_title.history
