"""Of three hours and 27,000 words no more is painted than is to be seen."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sotto.app.core.projects.peaks import Peaks
from sotto.app.ui.files.lines.text_painting import TextDelegate
from sotto.app.ui.files.view.span import SHORTEST_S, Span
from sotto.app.ui.files.view.waveform import PITCH, Waveform
from tests.app.ui.files.conftest import WAIT_MS, OpenFiles
from tools.fixtures.long_recording import ID, LENGTH_S, N_WORDS, put_long_recording

NONE = Qt.KeyboardModifier.NoModifier


def test_only_the_lines_in_sight_are_painted_and_no_sound_is_read(
    qtbot: QtBot, open_files: OpenFiles, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ID).mkdir(parents=True)
    put_long_recording(folder, with_sound=False)  # there is none that a paint could read
    painted: list[int] = []
    paint = TextDelegate.paint

    def counted(self: TextDelegate, painter: QPainter, option: object, index: object) -> None:
        painted.append(index.row())  # type: ignore[attr-defined]  # an index
        paint(self, painter, option, index)  # type: ignore[arg-type]  # as Qt gives them

    monkeypatch.setattr(TextDelegate, "paint", counted)
    window = open_files()
    view = window.view
    assert view.model.document.n_words == N_WORDS
    bar = view.text.verticalScrollBar()
    for share in (0.0, 0.31, 0.99):
        bar.setValue(round(share * bar.maximum()))
        painted.clear()
        view.text.viewport().repaint()
        # Sixteen pixels are less than any line has.
        assert 0 < len(painted) <= view.text.viewport().height() / 16 + 2
    QApplication.processEvents()  # whatever else is to be painted
    painted.clear()
    middle = view.text.indexAt(QPoint(20, view.text.viewport().height() // 2)).row()
    start_s = view.model.document.lines[middle].words[0].start
    view.text.reading.show_place(start_s, is_playing=True)
    QApplication.processEvents()
    assert set(painted) == {middle}  # a word that is heard costs one line


def test_a_paint_of_the_waveform_looks_up_a_column_a_bar(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    columns = Peaks.columns

    def counted(self: Peaks, start_s: float, end_s: float, n_columns: int) -> object:
        asked.append(n_columns)
        return columns(self, start_s, end_s, n_columns)

    monkeypatch.setattr(Peaks, "columns", counted)
    waveform = Waveform(None)  # type: ignore[arg-type]  # a window of its own
    qtbot.addWidget(waveform)
    waveform.resize(900, waveform.height())
    waveform.show_peaks(Peaks(np.ones((1_080_000, 2), np.int8)), LENGTH_S)
    with qtbot.waitExposed(waveform, timeout=WAIT_MS):
        waveform.show()
    waveform.repaint()
    asked.clear()
    waveform.zoom_in()
    waveform.repaint()
    assert asked == [900 // PITCH] * 2  # in two colours
    for place_s in (5400.0, 5401.0, 5402.0):
        waveform.show_place(place_s, follows=True)
        waveform.repaint()
    assert asked == [900 // PITCH] * 2  # what moves is put over what is drawn


def shown(qtbot: QtBot) -> Waveform:
    waveform = Waveform(None)  # type: ignore[arg-type]  # a window of its own
    qtbot.addWidget(waveform)
    waveform.resize(600, waveform.height())
    waveform.show_peaks(Peaks(np.ones((6000, 2), np.int8)), 60.0)
    with qtbot.waitExposed(waveform, timeout=WAIT_MS):
        waveform.show()
    return waveform


def wheel(waveform: Waveform, x: float, steps: int) -> None:
    event = QWheelEvent(
        QPointF(x, 20),
        waveform.mapToGlobal(QPointF(x, 20)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # Qt's
    )
    QApplication.sendEvent(waveform, event)


def test_the_wheel_zooms_around_the_pointer(qtbot: QtBot, qapp: QApplication) -> None:
    waveform = shown(qtbot)
    wheel(waveform, 450, 1)
    assert waveform.span.width_s == pytest.approx(40.0)
    assert waveform.span.place_of(450, 600) == pytest.approx(45.0)
    for _ in range(30):
        wheel(waveform, 450, 1)
    assert waveform.span.width_s == pytest.approx(SHORTEST_S)
    assert waveform.span.place_of(450, 600) == pytest.approx(45.0)
    for _ in range(30):
        wheel(waveform, 10, -1)
    assert waveform.span == Span.whole(60.0)


def test_a_click_and_the_arrows_go_to_places(qtbot: QtBot, qapp: QApplication) -> None:
    waveform = shown(qtbot)
    places: list[float] = []
    waveform.seek_requested.connect(places.append)
    QTest.mouseClick(waveform, Qt.MouseButton.LeftButton, NONE, QPoint(300, 30))
    waveform.show_place(30.0, follows=False)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
        QTest.keyClick(waveform, key)
    assert places == [30.0, 25.0, 35.0, 0.0, 60.0]
