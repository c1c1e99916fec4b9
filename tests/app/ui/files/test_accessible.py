"""What a screen reader is told of the window of recordings, as Qt tells it."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from sotto.app.ui.files.keys import LISTED
from sotto.app.ui.files.view.speakers_dialog import SpeakersDialog
from sotto.app.ui.files.wanted_dialog import WantedDialog
from sotto.app.ui.widgets.keys_dialog import KeysDialog
from sotto.app.ui.widgets.theme.colours import DARK
from tests.app.ui.conftest import child
from tests.app.ui.files.conftest import OpenFiles, Put
from tests.app.ui.files.hands import editor

ROLE = QAccessible.Role
OPERABLE = {
    ROLE.Button,
    ROLE.ButtonMenu,
    ROLE.CheckBox,
    ROLE.ComboBox,
    ROLE.Dialog,
    ROLE.EditableText,
    ROLE.List,
    ROLE.ListItem,
    ROLE.MenuItem,
    ROLE.ProgressBar,
}
MOST = 40  # children of one: a list may have thousands


def below(top: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield top
    for number in range(min(top.childCount(), MOST)):
        part = top.child(number)
        if part is not None and part.isValid():
            yield from below(part)


def told(widget: QWidget) -> list[tuple[ROLE, str]]:
    """Return roles and names of what can be operated in a widget."""
    top = QAccessible.queryAccessibleInterface(widget)
    return [
        (part.role(), part.text(QAccessible.Text.Name))
        for part in below(top)
        if part.role() in OPERABLE and not part.state().invisible
    ]


def unnamed(widget: QWidget) -> list[ROLE]:
    return [role for role, name in told(widget) if not name.strip()]


def test_everything_that_can_be_operated_has_a_name(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "aa bb", "cc dd", doubtful="bb")
    window = open_files()
    window.set_colours(DARK)
    window.view.search.open()
    window.grab()
    roles = {role for role, _ in told(window)}
    assert {ROLE.Button, ROLE.ButtonMenu, ROLE.EditableText, ROLE.List, ROLE.ListItem} <= roles
    assert unnamed(window) == []
    assert [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not widget.accessibleName()
    ] == []


def test_so_has_what_opens_above_it(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "aa bb", "cc", speakers=("left", "right"))
    window = open_files()
    window.view.text.setFocus()
    window.view.text.correct()
    assert (ROLE.EditableText, "Correct this line") in told(editor(window))
    QTest.keyClick(editor(window), Qt.Key.Key_Escape)
    window.deeds.again()
    dialog = child(window, WantedDialog)
    names = {name for _, name in told(dialog)}
    assert {"Keep the text that is there", "Transcribe", "Cancel"} <= names
    # Qt gives a box its choice as its name, and the label beside it as what it is labelled by.
    labels = [label for label in dialog.findChildren(QLabel) if label.buddy() is not None]
    assert [(label.text(), label.buddy()) for label in labels] == [
        ("&Model", dialog.model),
        ("&Language", dialog.language),
        ("&Sound track", dialog.track),
        ("&Channels", dialog.channels),
    ]
    assert unnamed(dialog) == []
    window.view.name_speakers()
    names_dialog = child(window, SpeakersDialog)
    assert (ROLE.EditableText, "Name of “Right”") in told(names_dialog)
    assert unnamed(names_dialog) == []
    assert unnamed(window.view.transport.tempo_button.menu()) == []


def test_the_rows_say_what_they_show(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "aa bb")
    window = open_files()
    assert (ROLE.ListItem, "talk.wav: 0:08") in told(window.list)
    assert (ROLE.ListItem, "0:00: aa bb") in told(window.view.text)
    row = window.queue.rows[0]
    window.queue._change(type(row)(row.id, row.source, row.state, "Is damaged", duration_s=8.0))
    assert (ROLE.ListItem, "talk.wav: 0:08 · damaged") in told(window.list)


def test_lines_say_who_speaks(put: Put, open_files: OpenFiles) -> None:
    put("call.wav", "aa bb", "cc", speakers=("left", "right"))
    window = open_files()
    assert (ROLE.ListItem, "0:02: Right: cc") in told(window.view.text)
    window.view.model.name({"right": "Ben"})
    assert (ROLE.ListItem, "0:02: Ben: cc") in told(window.view.text)


def test_f1_lists_every_key_of_the_window(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "aa bb")
    window = open_files()
    QTest.keyClick(window, Qt.Key.Key_F1)
    dialog = child(window, KeysDialog)
    listed = {keys for _, both in LISTED for keys in both.split(", ")}
    bound = {each.key().toString() for each in window.findChildren(QShortcut)}
    others = {"F1", "Ctrl+S", "Ctrl+Y"}  # this one, and second ones for what has one already
    assert bound - others <= listed
    assert {label.text() for label in dialog.findChildren(QLabel)} >= {keys for _, keys in LISTED}
    assert unnamed(dialog) == []
