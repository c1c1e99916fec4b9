"""Everything in the dialog can be reached: by wheel, Tab, letters, and on a small screen."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import CaptionPreset, Settings
from sotto.app.ui.settings_dialog import SettingsDialog
from tests.app.ui.settings_dialog.conftest import OpenDialog, changes, control, visible


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
