import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from sotto.app.core.history import Dictated, History
from sotto.app.dictating.engine import Model
from sotto.app.ui.history import HistoryWindow, player
from sotto.app.ui.history.again_dialog import AgainDialog
from sotto.app.ui.history.entries.entry_model import ENTRY, PAGE
from sotto.app.ui.widgets.theme.colours import DARK
from tests.app.ui.conftest import child
from tests.app.ui.history.conftest import WAIT_MS, Fill, OpenHistory
from tools.fixtures.clips import human_clips
from tools.fixtures.official import official

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def listed(window: HistoryWindow) -> list[str]:
    model = window.model
    return [model.index(row).data(ENTRY).text for row in range(model.rowCount())]


def selected(window: HistoryWindow) -> list[str]:
    return [entry.text for entry in window.list.selected()]


def stored(path: Path) -> list[str]:
    history = History(path)
    try:
        return [entry.text for entry in history.search()]
    finally:
        history.close()


def wait_for_list(qtbot: QtBot, window: HistoryWindow, texts: list[str]) -> None:
    qtbot.waitUntil(lambda: listed(window) == texts, timeout=WAIT_MS)


def answer(qtbot: QtBot, window: HistoryWindow, button: str) -> str:
    """Press a button of the question that is asked, and return the question."""
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None, timeout=WAIT_MS)
    box = child(window, QMessageBox)
    (found,) = (each for each in box.buttons() if each.text() == button)
    said = f"{box.text()} {box.informativeText()}"
    found.click()  # a click of the mouse is lost before the box is on the screen
    box.setParent(None)
    return said


# Showing and finding ------------------------------------------------------------------------


def test_the_newest_text_is_first_and_shown_in_full(fill: Fill, open_history: OpenHistory) -> None:
    fill("the older one", "a letter\n\nin two paragraphs")
    window = open_history(2)
    assert listed(window) == ["a letter\n\nin two paragraphs", "the older one"]
    assert window.detail.text.toPlainText() == "a letter\n\nin two paragraphs"
    assert window.search.hasFocus()
    assert window.pages.currentIndex() == 0


def test_an_empty_history_says_so(open_history: OpenHistory) -> None:
    window = open_history(0)
    assert window.empty.isVisible()
    assert window.empty.sentence == "What you dictate will be listed here."
    assert not window.foot.export.isEnabled()
    assert not window.foot.delete_all.isEnabled()


def test_typing_searches_and_escape_ends_the_search(
    qtbot: QtBot, fill: Fill, open_history: OpenHistory
) -> None:
    fill("👋 near the café", "elsewhere")
    window = open_history(2)
    QTest.keyClicks(window.search, "CAFE")
    wait_for_list(qtbot, window, ["👋 near the café"])
    assert window.detail.text.toPlainText() == "👋 near the café"
    (mark,) = window.detail.text.extraSelections()
    assert mark.cursor.selectedText() == "café"
    QTest.keyClicks(window.search, "x")
    qtbot.waitUntil(window.empty.isVisible, timeout=WAIT_MS)
    assert window.empty.sentence == "No dictated text contains “CAFEx”."
    QTest.keyClick(window.search, Qt.Key.Key_Escape)
    wait_for_list(qtbot, window, ["elsewhere", "👋 near the café"])
    assert window.isVisible()
    QTest.keyClick(window.search, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_it_begins_with_all_texts_each_time_it_is_shown(
    qtbot: QtBot, fill: Fill, open_history: OpenHistory
) -> None:
    fill("one", "two")
    window = open_history(2)
    QTest.keyClicks(window.search, "one")
    wait_for_list(qtbot, window, ["one"])
    window.close()
    fill("three")
    window.show()
    wait_for_list(qtbot, window, ["three", "two", "one"])
    assert window.search.text() == ""


def test_thousands_are_fetched_while_scrolling(
    qtbot: QtBot, path: Path, open_history: OpenHistory
) -> None:
    n_texts = 2 * PAGE + 10
    history = History(path)
    for number in range(n_texts):
        history.add(Dictated(f"text {number}", 0.0, 1.0, "one"))
    history.close()
    window = open_history(PAGE)

    def is_at_the_end() -> bool:
        window.list.scrollToBottom()
        return window.model.rowCount() == n_texts

    qtbot.waitUntil(is_at_the_end, timeout=WAIT_MS)
    assert listed(window) == [f"text {number}" for number in reversed(range(n_texts))]


def test_new_texts_come_without_moving_the_selection(
    qtbot: QtBot, fill: Fill, open_history: OpenHistory
) -> None:
    fill("one", "two", "three")
    window = open_history(3)
    window.list.setFocus()
    QTest.keyClick(window.list, Qt.Key.Key_Down)
    QTest.keyClick(window.list, Qt.Key.Key_Down, SHIFT)
    assert selected(window) == ["one", "two"]
    fill("four")
    window.refresh()
    wait_for_list(qtbot, window, ["four", "three", "two", "one"])
    assert selected(window) == ["one", "two"]


def test_several_texts_are_shown_oldest_first(fill: Fill, open_history: OpenHistory) -> None:
    fill("one ♪", "two ♪")
    window = open_history(2)
    assert window.detail.play.isVisible()
    window.list.selectAll()
    assert window.detail.text.toPlainText() == "one ♪\ntwo ♪"
    assert not window.detail.play.isVisible()


def test_a_damaged_file_is_told(path: Path, open_history: OpenHistory) -> None:
    path.write_bytes(b"nothing like a database" * 100)
    window = open_history(0)
    message = window.banners.message("damaged")
    assert message is not None
    assert "history.sqlite3.broken" in message


def test_a_file_that_cannot_be_opened_is_told(path: Path, open_history: OpenHistory) -> None:
    path.mkdir()
    window = open_history(0)
    message = window.banners.message("history")
    assert message is not None
    assert "cannot be used" in message
    assert window.empty.sentence == "The dictated texts could not be read."


def test_every_control_has_a_name(fill: Fill, open_history: OpenHistory) -> None:
    fill("one ♪")
    window = open_history(1)
    window.set_colours(DARK)
    assert all(button.accessibleName() for button in window.findChildren(QPushButton))
    assert window.list.accessibleName()
    spoken = window.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith("mousepad, 4 s, with sound: one ♪")


def test_tab_reaches_everything(fill: Fill, open_history: OpenHistory) -> None:
    fill("one ♪")
    window = open_history(1)
    reached = []
    for _ in range(11):
        reached.append(window.focusWidget())
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    detail, foot = window.detail, window.foot
    assert reached == [
        window.search,
        window.list,
        detail.text,
        detail.copy,
        detail.insert,
        detail.play,
        detail.delete,
        detail.again,
        foot.export,
        foot.delete_all,
        foot.close_button,
    ]


# Doing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "copy",
    [
        lambda window: QTest.keyClick(window.list, Qt.Key.Key_Return),
        lambda window: QTest.keyClick(window.list, Qt.Key.Key_C, CTRL),
        lambda window: QTest.keyClick(window, Qt.Key.Key_C, ALT),
        lambda window: QTest.mouseClick(window.detail.copy, Qt.MouseButton.LeftButton),
    ],
)
def test_copying(
    qtbot: QtBot, fill: Fill, open_history: OpenHistory, copy: Callable[[HistoryWindow], None]
) -> None:
    fill("older", "Grüße, 你好 👋")
    window = open_history(2)
    QTest.keyClick(window.search, Qt.Key.Key_Down)
    assert window.list.hasFocus()
    QGuiApplication.clipboard().setText("before")
    copy(window)
    clipboard = QGuiApplication.clipboard()
    qtbot.waitUntil(lambda: clipboard.text() == "Grüße, 你好 👋", timeout=WAIT_MS)
    assert window.foot.news == "Copied."
    assert window.isVisible()


def test_inserting_again_gives_way(fill: Fill, open_history: OpenHistory) -> None:
    fill("older", "newer")
    window = open_history(2)
    asked: list[tuple[str, bool]] = []
    window.insert_requested.connect(lambda text: asked.append((text, window.isVisible())))
    window.list.selectAll()
    QTest.mouseClick(window.detail.insert, Qt.MouseButton.LeftButton)
    assert asked == [("older\nnewer", False)]


def test_deleting_asks_and_selects_what_comes_next(
    qtbot: QtBot, path: Path, fill: Fill, open_history: OpenHistory
) -> None:
    fill("one", "two ♪", "three")
    window = open_history(3)
    window.list.setFocus()
    QTest.keyClick(window.list, Qt.Key.Key_Down)
    QTest.keyClick(window.list, Qt.Key.Key_Delete)
    said = answer(qtbot, window, "&Keep")
    assert said == "Delete this text? The text and its sound cannot be brought back."
    QTest.keyClick(window.list, Qt.Key.Key_Delete)
    answer(qtbot, window, "&Delete")
    wait_for_list(qtbot, window, ["three", "one"])
    assert selected(window) == ["one"]
    assert window.foot.news == "1 text deleted."
    assert stored(path) == ["three", "one"]
    assert not list(path.parent.rglob("*.flac"))


def test_deleting_all_deletes_what_is_not_listed_too(
    qtbot: QtBot, path: Path, fill: Fill, open_history: OpenHistory
) -> None:
    fill("one", "two")
    window = open_history(2)
    QTest.keyClicks(window.search, "two")
    wait_for_list(qtbot, window, ["two"])
    QTest.mouseClick(window.foot.delete_all, Qt.MouseButton.LeftButton)
    assert "not only those that are listed" in answer(qtbot, window, "&Delete all")
    qtbot.waitUntil(window.empty.isVisible, timeout=WAIT_MS)
    assert stored(path) == []


def test_playing_and_stopping(
    qtbot: QtBot, fill: Fill, open_history: OpenHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths: list[int] = []
    stopped = threading.Event()

    def play(pcm: object, rate: int, should_stop: Callable[[], bool]) -> None:
        lengths.append(len(pcm))  # type: ignore[arg-type]  # samples
        while not should_stop():
            stopped.wait(0.01)
        stopped.set()

    monkeypatch.setattr(player, "play", play)
    fill("other", "a sound ♪")
    window = open_history(2)
    QTest.mouseClick(window.detail.play, Qt.MouseButton.LeftButton)
    assert window.detail.play.text() == "&Stop"
    qtbot.waitUntil(lambda: lengths == [16_000], timeout=WAIT_MS)
    with qtbot.waitSignal(window.model.found, timeout=WAIT_MS):
        window.refresh()
    assert window.player.is_playing
    QTest.mouseClick(window.detail.play, Qt.MouseButton.LeftButton)
    assert window.detail.play.text() == "&Play"
    qtbot.waitUntil(stopped.is_set, timeout=WAIT_MS)
    QTest.mouseClick(window.detail.play, Qt.MouseButton.LeftButton)
    window.list.setFocus()
    QTest.keyClick(window.list, Qt.Key.Key_Down)
    assert not window.player.is_playing


def test_a_sound_that_is_gone_is_told(
    qtbot: QtBot, path: Path, fill: Fill, open_history: OpenHistory
) -> None:
    fill("a sound ♪")
    window = open_history(1)
    for sound in path.parent.rglob("*.flac"):
        sound.unlink()
    QTest.mouseClick(window.detail.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.banners.message("sound") is not None, timeout=WAIT_MS)
    assert window.detail.play.text() == "&Play"


# Exporting ----------------------------------------------------------------------------------


def test_all_that_is_listed_is_exported_for_the_user_alone(
    qtbot: QtBot, tmp_path: Path, fill: Fill, open_history: OpenHistory
) -> None:
    fill("one", "two", "other")
    window = open_history(3)
    QTest.keyClicks(window.search, "o")
    target = tmp_path / "said.srt"
    window.foot.export_found.trigger()
    dialog = child(window, QFileDialog)
    dialog.fileSelected.emit(str(target))
    qtbot.waitUntil(lambda: window.foot.news == "Exported to said.srt.", timeout=WAIT_MS)
    assert target.read_text(encoding="utf-8").count("-->") == 3
    assert target.stat().st_mode & 0o777 == 0o600


def test_the_selected_texts_are_exported(
    qtbot: QtBot, tmp_path: Path, fill: Fill, open_history: OpenHistory
) -> None:
    fill("one", "two")
    window = open_history(2)
    window.foot.export_selected.trigger()
    child(window, QFileDialog).fileSelected.emit(str(tmp_path / "said.json"))
    qtbot.waitUntil(lambda: window.foot.news == "Exported to said.json.", timeout=WAIT_MS)
    document = json.loads((tmp_path / "said.json").read_text(encoding="utf-8"))
    assert [each["text"] for each in document["segments"]] == ["two"]


@pytest.mark.parametrize("names", [("said", "said.vtt"), ("said.2026", "said.2026.vtt")])
def test_the_format_chosen_gives_the_suffix(
    qtbot: QtBot, tmp_path: Path, fill: Fill, open_history: OpenHistory, names: tuple[str, str]
) -> None:
    fill("one")
    window = open_history(1)
    chosen, written = names
    window.foot.export_found.trigger()
    dialog = child(window, QFileDialog)
    dialog.selectNameFilter("WebVTT subtitles (*.vtt)")
    dialog.fileSelected.emit(str(tmp_path / chosen))
    qtbot.waitUntil(lambda: window.foot.news == f"Exported to {written}.", timeout=WAIT_MS)
    assert (tmp_path / written).read_text(encoding="utf-8").startswith("WEBVTT")


def test_no_file_is_replaced_without_asking(
    qtbot: QtBot, tmp_path: Path, fill: Fill, open_history: OpenHistory
) -> None:
    fill("one")
    target = tmp_path / "said.txt"
    target.write_text("precious")
    window = open_history(1)
    window.exports.save(target, lambda history: history.search())
    assert answer(qtbot, window, "&Keep").startswith("There is a file named said.txt already.")
    assert target.read_text() == "precious"
    window.exports.save(target, lambda history: history.search())
    answer(qtbot, window, "&Replace")
    qtbot.waitUntil(lambda: target.read_text() == "one\n", timeout=WAIT_MS)


def test_an_export_that_fails_is_told(
    qtbot: QtBot, tmp_path: Path, fill: Fill, open_history: OpenHistory
) -> None:
    fill("one")
    (tmp_path / "file").touch()
    window = open_history(1)
    window.exports.save(tmp_path / "file" / "said.txt", lambda history: history.search())
    qtbot.waitUntil(lambda: window.banners.message("history") is not None, timeout=WAIT_MS)
    assert window.model.rowCount() == 1


# A second hearing -------------------------------------------------------------------------------


def hear_again(qtbot: QtBot, window: HistoryWindow) -> None:
    """Press the button, and agree with what is offered."""
    window.detail.again.click()
    dialog = child(window, AgainDialog)
    dialog.buttons.accepted.emit()
    qtbot.waitUntil(lambda: not window.second_hearing.is_busy, timeout=10 * WAIT_MS)


def test_a_sound_is_recognised_again_with_another_model(
    qtbot: QtBot, path: Path, open_history: OpenHistory
) -> None:
    person = human_clips()[17]  # LJ001-0018, of which every word is heard
    history = History(path)
    history.add(Dictated("Nonsense.", 0.0, 8.0, "one"), person.pcm(), passes=True)
    history.close()
    window = open_history(1)
    model = str(official("tiny.en"))
    window.set_models((Model(model, ("en",), is_starter=False, label="tiny.en"),))
    hear_again(qtbot, window)
    qtbot.waitUntil(lambda: listed(window) != ["Nonsense."], timeout=WAIT_MS)
    (text,) = stored(path)
    assert text.startswith("The first books were printed in")
    assert listed(window) == [text]
    assert window.foot.news == "Recognised again."


def test_a_sound_that_cannot_be_recognised_leaves_the_text(
    qtbot: QtBot, path: Path, fill: Fill, open_history: OpenHistory
) -> None:
    fill("one ♪")
    window = open_history(1)
    window.set_models((Model("no-such-model", (), is_starter=False),))
    hear_again(qtbot, window)
    message = window.banners.message("sound")
    assert message is not None
    assert "no-such-model" in message
    assert stored(path) == ["one ♪"]


def test_without_sound_there_is_no_second_hearing(fill: Fill, open_history: OpenHistory) -> None:
    fill("one")
    assert not open_history(1).detail.again.isVisible()
