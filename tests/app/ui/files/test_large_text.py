"""Who has large letters sees all of it: nothing is cut off, and drawings grow with the text."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from sotto.app.core.projects.correction import untimed_words
from sotto.app.core.projects.document import Line, Word
from sotto.app.ui.files.lines.word_layout import Placed, WordLayout
from sotto.app.ui.widgets.keys_dialog import KeysDialog
from sotto.app.ui.widgets.labels import ElidedLabel
from tests.app.ui.conftest import child
from tests.app.ui.files.conftest import OpenFiles, Put
from tests.app.ui.files.hands import wait


def grown(font: QFont, times: float) -> QFont:
    large = QFont(font)
    large.setPointSizeF(times * font.pointSizeF())
    return large


@pytest.fixture
def large_text(qapp: QApplication) -> Iterator[None]:
    font = qapp.font()
    qapp.setFont(grown(font, 2))
    yield
    qapp.setFont(font)


def test_lists_drawings_and_the_ruler_grow_with_the_text(
    put: Put, open_files: OpenFiles, qapp: QApplication
) -> None:
    put("call.wav", "One.", "Two.", speakers=("left", "right"))
    before = open_files()
    font = qapp.font()
    qapp.setFont(grown(font, 2))
    try:
        window = open_files()
        window.resize(before.size() * 1.5)
        QApplication.processEvents()
        ruler = window.view.waveform.height() - before.view.waveform.height()
        assert ruler > 0
        small, large = (each.view.transport.play_button.iconSize() for each in (before, window))
        assert large.width() > 1.5 * small.width()
        small, large = (each.view.head.find_button.iconSize() for each in (before, window))
        assert large.width() > 1.5 * small.width()
        assert window.panel.width() > 1.3 * before.panel.width()
        assert window.panel.width() < 0.4 * window.width()
    finally:
        qapp.setFont(font)


@pytest.mark.usefixtures("large_text")
def test_times_have_room_below_the_waveform(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "One.")
    waveform = open_files().view.waveform
    assert waveform._ruler >= QFontMetrics(waveform._small).height()


@pytest.mark.usefixtures("large_text")
def test_names_that_fit_are_not_cut(put: Put, open_files: OpenFiles) -> None:
    put("call.wav", "One.", "Two.", speakers=("left", "right"))
    names = open_files().view.text._delegate.names
    right = Qt.TextElideMode.ElideRight
    for name in ("Left", "Right"):
        assert names._metrics.elidedText(name, right, names._most) == name


def test_the_list_of_keys_is_scrolled_where_the_screen_is_too_low_for_it(
    put: Put, open_files: OpenFiles, qapp: QApplication
) -> None:
    put("talk.wav", "One.")
    window = open_files()
    font = qapp.font()
    qapp.setFont(grown(font, 4))
    try:
        QTest.keyClick(window, Qt.Key.Key_F1)
        dialog = child(window, KeysDialog)
        QApplication.processEvents()
        assert dialog.height() < QApplication.primaryScreen().availableSize().height()
        assert dialog.table.verticalScrollBar().maximum() > 0
        dialog.table.setFocus()
        QTest.keyClick(dialog.table, Qt.Key.Key_PageDown)
        assert dialog.table.verticalScrollBar().value() > 0
    finally:
        qapp.setFont(font)


def test_words_that_are_cut_off_are_told_to_who_points_at_them(qtbot: QtBot) -> None:
    label = ElidedLabel("A name that is far too long for so small a label")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    point = QPoint(5, 5)
    tip = QHelpEvent(QEvent.Type.ToolTip, point, label.mapToGlobal(point))
    QApplication.sendEvent(label, tip)
    wait(qtbot, lambda: QToolTip.text() == label.text())
    QToolTip.hideText()


# Rows of words ------------------------------------------------------------------------------


def rows_of(*texts: str, width: float) -> Placed:
    words = tuple(Word(text, float(at), at + 1.0) for at, text in enumerate(texts))
    return WordLayout(QFont()).place(Line(0.0, 9.0, words), width)


@pytest.mark.usefixtures("qapp")  # fonts need one
def test_parts_of_a_word_stay_in_one_row() -> None:
    width = QFontMetrics(QFont()).horizontalAdvance("thick, flower-fatt")
    assert rows_of(" thick,", " flower", "-fattened", " sauce", width=width).rows == (0, 1, 1, 2)


@pytest.mark.usefixtures("qapp")  # fonts need one
def test_a_language_without_spaces_is_broken_anywhere() -> None:
    words = untimed_words("你好世界你好世界", 0.0, 8.0)
    width = QFontMetrics(QFont()).horizontalAdvance("你好世") + 1.0
    placed = WordLayout(QFont()).place(Line(0.0, 8.0, words), width)
    assert placed.n_rows == 3
    assert all(left + own <= width for left, own in zip(placed.lefts, placed.widths, strict=True))
