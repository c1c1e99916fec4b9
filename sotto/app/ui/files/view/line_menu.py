"""What can be done with a line, in a menu: for who does not know the keys."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from sotto.app.ui.files.lines.names_column import shown_name

if TYPE_CHECKING:
    from sotto.app.ui.files.view.file_view import FileView


def show_line_menu(view: "FileView", at: QPoint) -> None:
    """Show it at a place of the screen, for the line of the cursor; return at once."""
    line, word = view.text.marks.cursor
    if line < 0:
        return
    menu = QMenu(view)
    menu.setAccessibleName("This line")
    menu.addAction("&Play from this word", view.text.hear_cursor)
    menu.addAction("&Correct this line", view.text.correct)
    menu.addAction("&Two lines, from this word on", view.text.parting.split).setEnabled(word > 0)
    join = menu.addAction("&One line with the one before", lambda: _join(view, line))
    join.setEnabled(line > 0)
    menu.addAction("Cop&y this line", view.text.copy_line)
    if view.model.document.speakers:
        _add_speakers(menu, view, line)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)


def _join(view: "FileView", line: int) -> None:
    view.text.go_to((line, 0))
    view.text.parting.join()


def _add_speakers(menu: QMenu, view: "FileView", line: int) -> None:
    menu.addSeparator()
    document = view.model.document
    group = QActionGroup(menu)
    for speaker in document.speakers:
        name = shown_name(document, speaker).replace("&", "&&")
        action = menu.addAction(f"Said by {name}")
        action.setCheckable(True)
        action.setChecked(speaker == document.lines[line].speaker)
        action.setActionGroup(group)
        action.triggered.connect(lambda _=False, who=speaker: view.model.give(line, who))
    menu.addAction("&Name the speakers…", view.name_speakers)
