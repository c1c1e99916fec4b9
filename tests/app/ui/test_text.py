import stat
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton, QToolTip
from pytestqt.qtbot import QtBot

from sotto.app.core import settings
from sotto.app.core.events import Event
from sotto.app.dictating.phases import Phase
from sotto.app.ui.main_window import transcript_view
from sotto.app.ui.main_window.main_window import MainWindow
from sotto.app.ui.main_window.save_dialog import SaveDialog
from tests.app.ui.conftest import OpenWindow, child, wait_for_phase
from tests.helpers.scripted_engine import (
    LISTENING,
    PREPARING,
    Script,
    ScriptedEngine,
    final,
    partial,
)

Dictate = Callable[..., MainWindow]


@pytest.fixture
def dictate(qtbot: QtBot, open_window: OpenWindow) -> Dictate:
    def run(*events: Event) -> MainWindow:
        engine = ScriptedEngine(before=[PREPARING, LISTENING, *events])
        window = open_window(engine)
        window.toggle()
        wait_for_phase(qtbot, window, Phase.LISTENING)
        return window

    return run


def plain(window: MainWindow) -> list[str]:
    return window.view.toPlainText().split("\n")


def formats(window: MainWindow) -> dict[str, QTextCharFormat]:
    """The runs of the last block by their text."""
    block = window.view.document().lastBlock()
    runs, iterator = {}, block.begin()
    while not iterator.atEnd():
        run = iterator.fragment()
        runs[run.text()] = run.charFormat()
        iterator += 1
    return runs


def test_committed_and_tentative_text_are_told_apart_not_by_colour_alone(
    qtbot: QtBot, dictate: Dictate
) -> None:
    window = dictate(partial(" Send the", " letter"))
    qtbot.waitUntil(lambda: plain(window) == ["Send the letter"])
    committed, tentative = formats(window)["Send the "], formats(window)["letter"]
    assert not committed.fontItalic()
    assert tentative.fontItalic()
    assert tentative.underlineStyle() is QTextCharFormat.UnderlineStyle.DotLine
    assert tentative.foreground() != committed.foreground()


def test_a_final_becomes_a_paragraph_with_its_time(qtbot: QtBot, dictate: Dictate) -> None:
    window = dictate(final(" One.", 1.2, 2), final(" Two.", 63, 65), partial("Th", "ree"))
    qtbot.waitUntil(lambda: plain(window) == ["One.", "Two.", "Three"])
    block = window.view.document().findBlockByNumber(1)
    box = window.view.document().documentLayout().blockBoundingRect(block)
    point = QPoint(int(box.left()) + 10, int(box.top()) + 10)
    QTest.mouseMove(window.view.viewport(), point)
    qtbot.waitUntil(lambda: QToolTip.text() == "1:03 to 1:05", timeout=30_000)


def test_the_times_of_the_paragraphs_in_view_are_painted(
    qtbot: QtBot, dictate: Dictate, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = dictate(
        *(final(" Said" * (1 + n % 40), 60.0 * n, 60.0 * n + 1) for n in range(1, 60))
    ).view
    qtbot.waitUntil(lambda: view.document().blockCount() == 60)
    painted: set[str] = set()
    time_text = transcript_view.time_text

    def noted(seconds: float) -> str:
        painted.add(time_text(seconds))
        return time_text(seconds)

    monkeypatch.setattr(transcript_view, "time_text", noted)
    for place in (0, 1, 377, 800, view.verticalScrollBar().maximum()):
        view.verticalScrollBar().setValue(place)
        painted.clear()
        view.viewport().grab()
        # Qt itself says which paragraph is where.
        shown = {
            view.cursorForPosition(QPoint(view.width() // 2, y)).blockNumber()
            for y in range(view.viewport().height())
        }
        assert {time_text(60.0 * (n + 1)) for n in shown if n < 59} <= painted
        assert len(painted) <= len(shown) + 1  # one whose margin alone is in view


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (7.9, "0:07"), (754, "12:34"), (3723, "1:02:03")]
)
def test_times_read_as_clocks(seconds: float, words: str) -> None:
    assert transcript_view.time_text(seconds) == words


def test_finals_are_announced_to_screen_readers(
    qtbot: QtBot, dictate: Dictate, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[str] = []

    reader = SimpleNamespace(
        isActive=lambda: True,
        updateAccessibility=lambda event: spoken.append(event.message()),
    )
    monkeypatch.setattr(transcript_view, "QAccessible", reader)
    dictate(partial("One"), final(" One."))
    qtbot.waitUntil(lambda: spoken == ["One."])


def test_new_text_stays_in_view_unless_the_reader_went_up(qtbot: QtBot, dictate: Dictate) -> None:
    window = dictate(*(final(f" Line {number}.") for number in range(60)))
    bar = window.view.verticalScrollBar()
    qtbot.waitUntil(lambda: len(plain(window)) == 61)
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(10)
    window.dictation.put(window.dictation.transcript.after(final(" Newest.")))
    assert bar.value() == 10
    newest = child(window.view, QPushButton, "newest")
    assert newest.isVisible()
    QTest.mouseClick(newest, Qt.MouseButton.LeftButton)
    assert bar.value() == bar.maximum()
    assert not newest.isVisible()


def test_what_is_on_screen_is_copied_or_what_is_selected(qtbot: QtBot, dictate: Dictate) -> None:
    window = dictate(final(" One."), partial("Two", " three"))
    qtbot.waitUntil(lambda: plain(window) == ["One.", "Two three"])
    window.copy_text()
    assert QGuiApplication.clipboard().text() == "One.\nTwo three\n"
    cursor = window.view.textCursor()
    cursor.setPosition(0)
    cursor.setPosition(3, cursor.MoveMode.KeepAnchor)
    window.view.setTextCursor(cursor)
    QTest.keyClick(window.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "One"


def test_clearing_can_be_undone_and_loses_nothing_that_came_since(
    qtbot: QtBot, dictate: Dictate
) -> None:
    window = dictate(final(" One."))
    qtbot.waitUntil(lambda: plain(window)[0] == "One.")
    window.clear_text()
    assert plain(window) == [""]
    assert window.banners.message("cleared") is not None
    window.dictation.put(window.dictation.transcript.after(final(" Two.")))
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert plain(window) == ["One.", "Two.", ""]
    assert window.banners.message("cleared") is None


def test_font_size_follows_the_keys_and_is_remembered(qtbot: QtBot, dictate: Dictate) -> None:
    window = dictate(final(" One."))
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(window, Qt.Key.Key_Plus, control)
    assert window.view.font().pointSize() == 16
    qtbot.waitUntil(lambda: settings.load().settings.font_size == 16)
    QTest.keyClick(window, Qt.Key.Key_Minus, control)
    QTest.keyClick(window, Qt.Key.Key_Minus, control)
    assert window.view.font().pointSize() == 12
    QTest.keyClick(window, Qt.Key.Key_0, control)
    assert window.view.font().pointSize() == settings.Settings().font_size
    window.change_font_size(1000)
    assert window.view.font().pointSize() == 48


def test_the_text_is_saved_for_the_user_alone(
    qtbot: QtBot, dictate: Dictate, tmp_path: Path
) -> None:
    window = dictate(final(" One."), partial("Two"))
    qtbot.waitUntil(lambda: plain(window) == ["One.", "Two"])
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    dialog = child(window, QFileDialog)
    qtbot.waitUntil(dialog.isVisible)
    dialog.selectFile(str(tmp_path / "said"))
    dialog.accept()
    saved = tmp_path / "said.txt"
    qtbot.waitUntil(lambda: saved.exists() and saved.stat().st_size > 0)
    assert saved.read_text(encoding="utf-8") == "One.\nTwo\n"
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600


@pytest.mark.parametrize(("button", "left"), [("&Keep it", "old"), ("&Replace", "One.\n")])
def test_a_file_is_never_replaced_without_asking(
    qtbot: QtBot, dictate: Dictate, tmp_path: Path, button: str, left: str
) -> None:
    taken = tmp_path / "taken.txt"
    taken.write_text("old", encoding="utf-8")
    window = dictate(final(" One."))
    qtbot.waitUntil(lambda: plain(window)[0] == "One.")
    SaveDialog(window.text_storage, lambda: window.dictation.transcript.everything, window).save(
        taken
    )
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None)
    box = child(window, QMessageBox)
    (pressed,) = (each for each in box.buttons() if each.text() == button)
    pressed.click()
    done: list[bool] = []
    window.text_storage.flush(lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(done))
    assert taken.read_text(encoding="utf-8") == left


def test_a_place_that_cannot_be_written_is_named_in_a_banner(
    qtbot: QtBot, dictate: Dictate, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    window = dictate(final(" One."))
    qtbot.waitUntil(lambda: plain(window)[0] == "One.")
    SaveDialog(window.text_storage, lambda: "One.", window).save(tmp_path / "file" / "said.txt")
    qtbot.waitUntil(lambda: window.banners.message("save") is not None)
    message = window.banners.message("save")
    assert message is not None
    assert "choose another place" in message


def test_a_text_that_cannot_be_kept_is_said_and_dictation_goes_on(
    qtbot: QtBot, open_window: OpenWindow, texts: Path
) -> None:
    texts.write_text("not a folder", encoding="utf-8")
    window = open_window(ScriptedEngine(before=[PREPARING, LISTENING, final(" One.")]))
    window.toggle()
    qtbot.waitUntil(lambda: window.banners.message("save") is not None)
    assert window.dictation.phase is Phase.LISTENING
    assert plain(window)[0] == "One."


def test_an_earlier_text_can_be_gone_on_with(
    qtbot: QtBot, open_window: OpenWindow, texts: Path
) -> None:
    script: Script = [PREPARING, LISTENING, final(" One.")]
    first = open_window(ScriptedEngine(before=script))
    first.toggle()
    qtbot.waitUntil(lambda: plain(first)[0] == "One.")
    first.close()
    qtbot.waitUntil(lambda: not first.isVisible())
    second = open_window()
    link = child(second.welcome, QPushButton, "link")
    qtbot.waitUntil(link.isVisible)
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: plain(second)[0] == "One.")
    (kept,) = texts.glob("*.txt")
    second.dictation.put(second.dictation.transcript.after(final(" Two.")))
    qtbot.waitUntil(lambda: kept.read_text(encoding="utf-8") == "One.\nTwo.\n")
