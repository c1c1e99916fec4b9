"""Recordings: the queue at the left, the chosen one's text at the right."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sotto.app.core.projects.queued import State
from sotto.app.dictating.engine import Model
from sotto.app.service.recordings.recording_queue import RecordingQueue
from sotto.app.ui.files.again_dialog import AgainDialog
from sotto.app.ui.files.export_dialog import ExportDialog
from sotto.app.ui.files.opened import Opened, Openings
from sotto.app.ui.files.queue.queue_list import QueueList
from sotto.app.ui.files.queue.queue_model import QueueModel
from sotto.app.ui.files.track_finder import TrackFinder
from sotto.app.ui.files.view.file_view import FileView
from sotto.app.ui.files.waiting import Waiting
from sotto.app.ui.widgets import icons
from sotto.app.ui.widgets.banner import BannerArea, Kind, Notice
from sotto.app.ui.widgets.colours import Colours
from sotto.app.ui.widgets.confirm import Question, confirm
from sotto.app.ui.widgets.dropped import dropped_files

_LIST_WIDTH = 272


class FilesWindow(QWidget):
    """The queue goes on while this window is closed.

    Args:
        queue: Of recordings, which is not the window's.
        colours: To paint in.
        parent: Above which it stands, if any.
    """

    def __init__(
        self, queue: RecordingQueue, colours: Colours, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Recordings")
        self.setAccessibleName("Recordings")
        self.resize(1080, 720)
        self.setMinimumSize(QSize(760, 480))
        self.setAcceptDrops(True)
        self.queue = queue
        self._shown = ""  # the id of the recording in the view
        self._openings = Openings(queue, self)
        self._exports = ExportDialog(self)
        self._tracks = TrackFinder(self)
        self._models: tuple[Model, ...] = ()
        self.list = QueueList(QueueModel(queue, self), self)
        self.view = FileView(self)
        self.waiting = Waiting(self)
        self.pages = QStackedWidget()
        self.add_button = _tool("Open recordings", "Ctrl+O", self)
        self.again_button = _tool("Transcribe again, otherwise", "Ctrl+R", self)
        self.remove_button = _tool("Remove from the list", "Del", self)
        self.banners = BannerArea(self.remove_button, self)
        self._arrange()
        self._connect()
        self._add_shortcuts()
        self.set_colours(colours)
        self.list.choose("")
        self._show_current()
        self.list.setFocus()

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        for line in self.findChildren(QFrame, "hairline"):
            line.setStyleSheet(f"background: {colours.hairline};")
        for part in (self.list, self.view, self.waiting, self.banners):
            part.set_colours(colours)
        for button, name in (
            (self.add_button, "add"),
            (self.again_button, "again"),
            (self.remove_button, "clear"),
        ):
            button.setIcon(icons.icon(name, colours.text))

    def set_font_size(self, points: int) -> None:
        """Write texts in another size."""
        self.view.set_font_size(points)

    def set_models(self, models: tuple[Model, ...]) -> None:
        """Offer these to transcribe again with."""
        self._models = models

    def add(self, paths: Iterable[Path]) -> None:
        """Add recordings to the queue, and show the first of them."""
        ids = self.queue.add(paths)
        if ids:
            self.list.choose(ids[0])

    # Making --------------------------------------------------------------------------------

    def _arrange(self) -> None:
        title = QLabel("Recordings")
        title.setObjectName("section")
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 10, 6)
        head.addWidget(title, 1)
        head.addWidget(self.add_button)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 6, 10, 10)
        foot.addStretch(1)
        foot.addWidget(self.again_button)
        foot.addWidget(self.remove_button)
        left = QWidget()
        left.setFixedWidth(_LIST_WIDTH)
        beside = QVBoxLayout(left)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addLayout(head)
        listed = QHBoxLayout()
        listed.setContentsMargins(8, 0, 4, 0)
        listed.addWidget(self.list)
        beside.addLayout(listed, 1)
        beside.addLayout(foot)
        self.pages.addWidget(self.waiting)
        self.pages.addWidget(self.view)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.banners)
        right.addWidget(self.pages, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(left)
        layout.addWidget(_hairline())
        layout.addLayout(right, 1)
        order = (
            self.add_button,
            self.list,
            self.again_button,
            self.remove_button,
            self.waiting.button,
            *self.view.controls,
        )
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def _connect(self) -> None:
        self.queue.changed.connect(self._row_changed)
        self.queue.listed.connect(self._show_current)
        self.queue.replaced.connect(self._follow_replaced)
        self.queue.failed.connect(lambda message: self._tell(message, Kind.ERROR))
        self.list.chosen.connect(lambda _: self._show_current())
        self.list.remove_requested.connect(self.remove)
        self.list.left.connect(self._go_into_text)
        self.add_button.clicked.connect(self.ask_for_files)
        self.again_button.clicked.connect(self.again)
        self.remove_button.clicked.connect(self.remove)
        self.waiting.open_requested.connect(self.ask_for_files)
        self.waiting.cancel_requested.connect(self._cancel)
        self.waiting.again_requested.connect(self._try_again)
        self._openings.opened.connect(self._show_opened)
        self._openings.sound_read.connect(self.view.give_sound)
        self._openings.failed.connect(lambda message: self._tell(message, Kind.ERROR))
        self.view.edited.connect(self._openings.keep)
        self.view.export_requested.connect(self._exports.ask)
        self.view.player.failed.connect(lambda message: self._tell(message, Kind.ERROR))
        self._exports.exported.connect(lambda name: self._tell(f"Exported to {name}.", Kind.INFO))
        self._exports.failed.connect(lambda message: self._tell(message, Kind.ERROR))

    def _add_shortcuts(self) -> None:
        view = self.view
        for keys, act in (
            ("Ctrl+O", self.ask_for_files),
            ("Ctrl+R", self.again),
            ("Ctrl+Z", view.model.undo),
            ("Ctrl+Shift+Z", view.model.redo),
            ("Ctrl+Y", view.model.redo),
            ("Ctrl+S", self._export),
            ("Ctrl+E", self._export),
            ("Ctrl+F", self._search),
            ("F3", lambda: view.go_on_searching(1)),
            ("Shift+F3", lambda: view.go_on_searching(-1)),
            ("F4", lambda: self._go_to_doubt(1)),
            ("Shift+F4", lambda: self._go_to_doubt(-1)),
            ("Ctrl+Shift+C", self._copy),
            ("F2", self._correct),
            ("Ctrl+W", self.close),
        ):
            QShortcut(QKeySequence(keys), self, act)

    # Showing -------------------------------------------------------------------------------

    def _show_current(self) -> None:
        row = self.list.current
        self.again_button.setEnabled(row is not None)
        self.remove_button.setEnabled(row is not None)
        if row is None or row.state is not State.DONE:
            self._show_waiting()
        elif row.id != self._shown:
            self._leave()
            self._shown = row.id
            self._openings.open(row.id)
        else:
            self.pages.setCurrentWidget(self.view)

    def _show_waiting(self) -> None:
        self._leave()
        self.waiting.show_row(self.list.current)
        self.pages.setCurrentWidget(self.waiting)

    def _leave(self) -> None:
        """What was shown is not shown any more: it falls silent, and is kept."""
        if self._shown:
            self.view.player.stop()
            self.view.save()
            self._openings.forget()
            self._shown = ""

    def _show_opened(self, opened: Opened) -> None:
        self.banners.dismiss("recording")
        self.view.show_project(opened.id, opened.project, opened.peaks)
        self.pages.setCurrentWidget(self.view)
        if opened.project.damage:
            self._tell(opened.project.damage, Kind.WARNING)

    def _row_changed(self, row_id: str) -> None:
        row = self.list.current
        if row is not None and row.id == row_id:
            if row.state is not State.DONE and self._shown == row_id:
                self.view.forget_changes()
            self._show_current()

    def _tell(self, message: str, kind: Kind) -> None:
        self.banners.show_notice("recording", Notice(kind, message))

    # Doing ---------------------------------------------------------------------------------

    def ask_for_files(self) -> None:
        """Ask for recordings, and return at once."""
        dialog = QFileDialog(self, "Open recordings", str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda chosen: self.add(map(Path, chosen)))
        dialog.open()

    def again(self) -> None:
        """Ask how the chosen recording is to be transcribed once more, and return at once."""
        row = self.list.current
        if row is None:
            return
        dialog = AgainDialog(row, self._models, self)
        dialog.chosen.connect(
            lambda wanted, keeps: self.list.choose(self.queue.again(row.id, wanted, keeps=keeps))
        )
        self._tracks.found.connect(dialog.offer_tracks)
        self._tracks.look(row.source)
        dialog.open()

    def _try_again(self) -> None:
        if (row := self.list.current) is not None:
            self.queue.again(row.id)

    def _follow_replaced(self, old: str, new: str) -> None:
        """Who looked at a text that goes is shown the one that came for it."""
        row = self.list.current
        if row is not None and row.id == old:
            self._forget(old)
            self.list.choose(new)

    def remove(self) -> None:
        """Take the chosen recording off the list; ask first where there is a text."""
        row = self.list.current
        if row is None:
            return
        if row.state is not State.DONE:
            self.queue.remove(row.id)
            return
        question = Question(
            "Remove?",
            f"Remove {row.source.name} from the list?",
            "Its text is deleted, with all that was corrected in it. The recording itself stays.",
            "&Remove",
        )
        confirm(self, question, lambda: self._remove(row.id))

    def _remove(self, row_id: str) -> None:
        self._forget(row_id)
        self.queue.remove(row_id)

    def _forget(self, row_id: str) -> None:
        """Let go of a text that is about to be deleted."""
        if row_id == self._shown:
            self.view.forget_changes()
            self.view.player.load(None)

    def _cancel(self) -> None:
        if (row := self.list.current) is not None:
            self.queue.cancel(row.id)

    @property
    def _has_text(self) -> bool:
        return self.pages.currentWidget() is self.view

    def _export(self) -> None:
        if self._has_text:
            self.view.export()

    def _copy(self) -> None:
        if self._has_text:
            self.view.copy()

    def _go_to_doubt(self, step: int) -> None:
        if self._has_text:
            self.view.go_to_doubt(step)

    def _search(self) -> None:
        if self._has_text:
            self.view.search.open()

    def _correct(self) -> None:
        if self._has_text:
            self.view.text.correct()

    def _go_into_text(self) -> None:
        (self.view.text if self._has_text else self.waiting.button).setFocus()

    # Keys, dropping and closing ------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Space plays, plus and minus zoom, < and > change the tempo, Escape ends the search.

        Wherever nothing else is meant by them.
        """
        deeds: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Space: self.view.play_or_pause,
            Qt.Key.Key_Plus: self.view.waveform.zoom_in,
            Qt.Key.Key_Equal: self.view.waveform.zoom_in,
            Qt.Key.Key_Minus: self.view.waveform.zoom_out,
            Qt.Key.Key_Less: lambda: self.view.tempo_button.step(-1),
            Qt.Key.Key_Greater: lambda: self.view.tempo_button.step(1),
        }
        deed = deeds.get(Qt.Key(event.key()))
        control = Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            if self.view.search.isVisible():
                self.view.close_search()
            else:
                self.close()
        elif deed is not None and self._has_text and not event.modifiers() & control:
            deed()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  # Qt's name
        """Take files."""
        if dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  # Qt's name
        """Transcribe what was dropped."""
        event.acceptProposedAction()
        self.add(dropped_files(event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """Fall silent, and keep what was corrected."""
        self.view.player.stop()
        self.view.save()
        super().closeEvent(event)


def _hairline() -> QFrame:
    line = QFrame()
    line.setObjectName("hairline")
    line.setMinimumSize(1, 1)
    return line


def _tool(words: str, keys: str, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setAccessibleName(words)
    button.setToolTip(f"{words} ({keys})" if keys else words)
    button.setIconSize(QSize(20, 20))
    return button
