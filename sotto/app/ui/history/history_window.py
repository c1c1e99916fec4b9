"""Everything that was dictated: found, read, copied, inserted again, exported, deleted."""

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sotto.app.core.history import Entry
from sotto.app.dictating.engine import Model
from sotto.app.ui.history.again_dialog import AgainDialog
from sotto.app.ui.history.detail import Detail, joined_text
from sotto.app.ui.history.empty import Empty
from sotto.app.ui.history.entries.entry_list import EntryList
from sotto.app.ui.history.entries.entry_model import EntryModel
from sotto.app.ui.history.entries.time_words import count_words
from sotto.app.ui.history.export_dialog import ExportDialog
from sotto.app.ui.history.foot import Foot
from sotto.app.ui.history.player import Player
from sotto.app.ui.history.records import Records
from sotto.app.ui.history.search_field import SearchField
from sotto.app.ui.history.second_hearing import SecondHearing
from sotto.app.ui.widgets.banner import BannerArea, Kind, Notice
from sotto.app.ui.widgets.confirm import Question, confirm
from sotto.app.ui.widgets.theme.colours import Colours

_NO_LIMIT = -1  # SQLite's


class HistoryWindow(QWidget):
    """The history. The file is open as long as the window is.

    Args:
        path: the file of the history, which is opened on a thread of its own.
        colours: to paint in.
        parent: above which it stands, if any.
    """

    insert_requested = Signal(str)  # a text, to go where the user was writing before

    def __init__(self, path: Path, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("History")
        self.setAccessibleName("History")
        self.resize(900, 620)
        self.setMinimumHeight(420)
        self.records = Records(path, self)
        self.model = EntryModel(self.records, self)
        self.player = Player(self)
        self.second_hearing = SecondHearing(self)
        self._models: tuple[Model, ...] = ()
        self.exports = ExportDialog(self.records, self)
        self.search = SearchField(self)
        self.banners = BannerArea(self.search, self)
        self.list = EntryList(self.model, self)
        self.detail = Detail(self)
        self.empty = Empty(self)
        self.foot = Foot(self)
        self._shown: tuple[Entry, ...] = ()
        self._arrange()
        self._connect()
        self.set_colours(colours)

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        for line in self.findChildren(QFrame, "hairline"):
            line.setStyleSheet(f"background: {colours.hairline};")
        for part in (self.search, self.banners, self.list, self.detail, self.empty):
            part.set_colours(colours)

    def set_models(self, models: tuple[Model, ...]) -> None:
        """Offer these for a second hearing."""
        self._models = models

    def refresh(self) -> None:
        """List what has come since, and keep the place."""
        if self.isVisible():
            self.model.refresh()

    # Making --------------------------------------------------------------------------------

    def _arrange(self) -> None:
        texts = QWidget()
        beside = QHBoxLayout(texts)
        beside.setContentsMargins(12, 0, 0, 0)
        beside.setSpacing(8)
        beside.addWidget(self.list, 5)
        beside.addWidget(_hairline())
        beside.addWidget(self.detail, 6)
        self.pages = QStackedWidget()
        self.pages.addWidget(texts)
        self.pages.addWidget(self.empty)
        head = QHBoxLayout()
        head.setContentsMargins(20, 18, 20, 12)
        head.addWidget(self.search)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.banners)
        layout.addWidget(self.pages, 1)
        layout.addSpacing(12)
        layout.addWidget(_hairline())
        layout.addWidget(self.foot)
        order = (self.search, self.list, *self.detail.controls, *self.foot.controls)
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def _connect(self) -> None:
        self.records.failed.connect(self._fail)
        self.records.warned.connect(self._warn)
        self.player.failed.connect(self._cannot_play)
        self.player.playing_changed.connect(lambda on: self.detail.show_playing(is_playing=on))
        self.second_hearing.failed.connect(self._cannot_play)
        self.second_hearing.recognised.connect(self._take_text)
        self.second_hearing.busy_changed.connect(self._show_hearing)
        self.exports.exported.connect(lambda name: self.foot.say(f"Exported to {name}."))
        self.model.found.connect(self._show_found)
        self.search.wanted.connect(self.model.search)
        self.search.left.connect(self.list.setFocus)
        self.list.selection_changed.connect(self._show_selection)
        self.list.copy_requested.connect(self.copy)
        self.list.delete_requested.connect(self.delete)
        self.detail.copy.clicked.connect(self.copy)
        self.detail.insert.clicked.connect(self.insert)
        self.detail.play.clicked.connect(self.play_or_stop)
        self.detail.again.clicked.connect(self.ask_to_recognise)
        self.detail.delete.clicked.connect(self.delete)
        self.foot.export_selected.triggered.connect(self._export_selected)
        self.foot.export_found.triggered.connect(self._export_found)
        self.foot.delete_all.clicked.connect(self.delete_all)
        self.foot.close_button.clicked.connect(self.close)
        QShortcut(QKeySequence.StandardKey.Find, self, self._go_to_search)

    # Showing -------------------------------------------------------------------------------

    def _show_found(self) -> None:
        self.banners.dismiss("history")
        has_texts = self.model.rowCount() > 0
        self.empty.show_search(self.model.words)
        self.pages.setCurrentIndex(0 if has_texts else 1)
        self.detail.mark(self.model.words)

    def _show_selection(self) -> None:
        entries = self.list.selected()
        if entries != self._shown:
            self._shown = entries
            self.player.stop()
            self.detail.show_entries(entries)
            self.detail.mark(self.model.words)
            self.detail.setEnabled(bool(entries))
        self.foot.set_available(has_texts=self.model.rowCount() > 0, n_selected=len(entries))

    def _fail(self, message: str) -> None:
        self.banners.show_notice("history", Notice(Kind.ERROR, message))
        if self.model.rowCount() == 0:
            self.empty.show_failure()
            self.pages.setCurrentIndex(1)

    def _warn(self, message: str) -> None:
        self.banners.show_notice("damaged", Notice(Kind.WARNING, message))

    def _cannot_play(self, message: str) -> None:
        self.banners.show_notice("sound", Notice(Kind.ERROR, message))

    def _go_to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    # Doing ---------------------------------------------------------------------------------

    def copy(self) -> None:
        """Put the selected texts on the clipboard."""
        entries = self.list.selected()
        if entries:
            QGuiApplication.clipboard().setText(joined_text(entries))
            self.foot.say("Copied." if len(entries) == 1 else f"{_counted(entries)} copied.")

    def insert(self) -> None:
        """Give way to the window that had the focus before, and ask for the texts to go there."""
        text = joined_text(self.list.selected())
        if text:
            self.close()
            self.insert_requested.emit(text)

    def play_or_stop(self) -> None:
        """Play the sound of the selected text, or stop it."""
        (entry, *_) = self.list.selected()
        if self.player.is_playing:
            self.player.stop()
        elif entry.sound is not None:
            self.banners.dismiss("sound")
            self.player.play(entry.sound)

    def ask_to_recognise(self) -> None:
        """Ask with what the sound of the selected text is to be recognised again."""
        (entry, *_) = self.list.selected()
        self.banners.dismiss("sound")
        dialog = AgainDialog(self._models, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(lambda manner: self.second_hearing.begin(entry, manner))
        dialog.open()

    def _take_text(self, number: int, text: str) -> None:
        self.records.run(
            lambda history: history.change_text(number, text),
            lambda _: self._changed(),
        )

    def _changed(self) -> None:
        self.foot.say("Recognised again.")
        self.model.refresh()

    def _show_hearing(self, is_busy: bool) -> None:
        self.detail.again.setEnabled(not is_busy)
        if is_busy:
            self.foot.say("Recognising…")

    def delete(self) -> None:
        """Delete the selected texts, once the user has agreed."""
        entries = self.list.selected()
        if not entries:
            return
        one = len(entries) == 1
        question = Question(
            "Delete?",
            "Delete this text?" if one else f"Delete {_counted(entries)}?",
            f"{_loss(entries)} cannot be brought back.",
            "&Delete",
        )
        confirm(self, question, lambda: self._delete(entries))

    def delete_all(self) -> None:
        """Delete the whole history, once the user has agreed."""
        question = Question(
            "Delete all?",
            "Delete the whole history?",
            "All dictated texts and their sounds are deleted, not only those that are listed. "
            "They cannot be brought back.",
            "&Delete all",
        )
        confirm(self, question, self._delete_all)

    def _delete(self, entries: tuple[Entry, ...]) -> None:
        ids = [entry.id for entry in entries]
        self.player.stop()
        self.records.run(
            lambda history: history.delete(ids),
            lambda _: self._deleted(f"{_counted(entries)} deleted."),
        )

    def _delete_all(self) -> None:
        self.player.stop()
        self.records.run(
            lambda history: history.delete_all(), lambda _: self._deleted("All texts deleted.")
        )

    def _deleted(self, news: str) -> None:
        self.foot.say(news)
        self.model.refresh()

    def _export_selected(self) -> None:
        entries = self.list.selected()
        self.exports.ask(lambda _history: entries)

    def _export_found(self) -> None:
        words = self.model.words
        self.exports.ask(lambda history: history.search(words, limit=_NO_LIMIT))

    # Keys and closing ----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Escape ends the search first, then closes."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.search.text():
            self.search.start_over()
        else:
            self.close()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Begin with all texts and the keyboard in the search field."""
        super().showEvent(event)
        self.search.start_over()
        self.model.search("")

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """Fall silent and close the file."""
        self.player.stop()
        self.second_hearing.stop()
        self.records.close()
        super().closeEvent(event)


def _hairline() -> QFrame:
    line = QFrame()
    line.setObjectName("hairline")
    line.setMinimumSize(1, 1)
    return line


def _counted(entries: tuple[Entry, ...]) -> str:
    return count_words(len(entries))


def _loss(entries: tuple[Entry, ...]) -> str:
    """Name what a deletion takes."""
    with_sound = any(entry.sound for entry in entries)
    if len(entries) == 1:
        return "The text and its sound" if with_sound else "The text"
    return "The texts and their sounds" if with_sound else "The texts"
