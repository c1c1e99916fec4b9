"""What a user does in the window of recordings, and sees there."""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sotto.app.ui.files import FilesWindow
from sotto.app.ui.files.lines.line_editor import LineEditor
from sotto.app.ui.files.lines.text_model import LINE
from tests.app.ui.conftest import child
from tests.app.ui.files.conftest import WAIT_MS

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def texts(window: FilesWindow) -> list[str]:
    return [line.text.strip() for line in window.view.model.document.lines]


def wait(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=WAIT_MS)


def word_point(window: FilesWindow, line: int, word: int) -> QPoint:
    text = window.view.text
    index = window.view.model.index(line)
    row = QRectF(text.visualRect(index))
    return text._delegate.word_rect(row, index.data(LINE), word).center().toPoint()


def editor(window: FilesWindow) -> LineEditor:
    return child(window.view.text, LineEditor)


def press(window: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifiers)


def drag(window: QWidget, dragged: QMimeData) -> None:
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(9, 9), copy, dragged, left, NONE))


def drop(window: QWidget, dragged: QMimeData) -> None:
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    drag(window, dragged)
    QApplication.sendEvent(window, QDropEvent(QPointF(9, 9), copy, dragged, left, NONE))
