"""Recordings: the queue at the left, the chosen one's text at the right."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sotto.app.core.projects.project import Project
from sotto.app.core.projects.queued import State
from sotto.app.dictating.engine import Model
from sotto.app.service.recordings.recording_queue import RecordingQueue
from sotto.app.ui.files.export_dialog import ExportDialog
from sotto.app.ui.files.keys import add_shortcuts, press
from sotto.app.ui.files.opened import Opened, Openings
from sotto.app.ui.files.queue.queue_panel import QueuePanel
from sotto.app.ui.files.row_deeds import RowDeeds
from sotto.app.ui.files.view.file_view import FileView
from sotto.app.ui.files.waiting import Waiting
from sotto.app.ui.widgets.banner import BannerArea, Kind, Notice
from sotto.app.ui.widgets.drop_hint import DropHint
from sotto.app.ui.widgets.dropped import dropped_files
from sotto.app.ui.widgets.theme.colours import Colours
from sotto.app.ui.widgets.theme.sizes import window_size


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
        self.resize(window_size(1080, 720))
        self.setMinimumSize(QSize(760, 480))
        self.setAcceptDrops(True)
        self.queue = queue
        self._shown = ""  # the id of the recording in the view
        self._openings = Openings(queue, self)
        self._exports = ExportDialog(self)
        self.panel = QueuePanel(queue, self)
        self.list = self.panel.list
        self.deeds = RowDeeds(queue, self.list, self)
        self.view = FileView(self)
        self.waiting = Waiting(self)
        self.pages = QStackedWidget()
        self.banners = BannerArea(self.panel.remove_button, self)
        self._drop_hint = DropHint(self)
        self._arrange()
        self._connect()
        add_shortcuts(self)
        self.set_colours(colours)
        self.list.choose("")
        self._show_current()
        self.list.setFocus()

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        for line in self.findChildren(QFrame, "hairline"):
            line.setStyleSheet(f"background: {colours.hairline};")
        for part in (self.panel, self.view, self.waiting, self.banners):
            part.set_colours(colours)

    def set_font_size(self, points: int) -> None:
        """Write texts in another size."""
        self.view.set_font_size(points)

    def set_models(self, models: tuple[Model, ...]) -> None:
        """Offer these to transcribe again with."""
        self.deeds.models = models

    def add(self, paths: Iterable[Path]) -> None:
        """Add recordings to the queue, and show the first of them."""
        ids = self.queue.add(paths)
        if ids:
            self.list.choose(ids[0])

    # Making --------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.pages.addWidget(self.waiting)
        self.pages.addWidget(self.view)
        right = QVBoxLayout()
        right.setSpacing(0)
        self.banners.set_margin(10)  # below the window's frame
        right.addWidget(self.banners)
        right.addWidget(self.pages, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.panel)
        layout.addWidget(_hairline())
        layout.addLayout(right, 1)
        order = (*self.panel.controls, *self.waiting.controls, *self.view.controls)
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def _connect(self) -> None:
        self.queue.changed.connect(self._row_changed)
        self.queue.listed.connect(self._show_current)
        self.deeds.leaving.connect(self._forget)
        self.queue.failed.connect(lambda message: self._tell(message, Kind.ERROR))
        self.list.chosen.connect(lambda _: self._show_current())
        self.list.remove_requested.connect(self.deeds.remove)
        self.list.left.connect(self._go_into_text)
        self.panel.add_button.clicked.connect(self.ask_for_files)
        self.panel.add_with_button.clicked.connect(self.ask_for_files_with)
        self.panel.again_button.clicked.connect(self.deeds.again)
        self.panel.remove_button.clicked.connect(self.deeds.remove)
        self.waiting.open_requested.connect(self.ask_for_files)
        self.waiting.cancel_requested.connect(self.deeds.cancel)
        self.waiting.others_requested.connect(self._ask_for_other_settings)
        self.waiting.again_requested.connect(self.deeds.try_again)
        self._openings.opened.connect(self._show_opened)
        self._openings.sound_read.connect(self.view.give_sound)
        self._openings.failed.connect(lambda message: self._tell(message, Kind.ERROR))
        self.view.edited.connect(self._openings.keep)
        self.view.export_requested.connect(self._exports.ask)
        self.view.player.failed.connect(lambda message: self._tell(message, Kind.ERROR))
        self._exports.exported.connect(lambda name: self._tell(f"Exported to {name}.", Kind.INFO))
        self._exports.failed.connect(lambda message: self._tell(message, Kind.ERROR))

    # Showing -------------------------------------------------------------------------------

    def _show_current(self) -> None:
        row = self.list.current
        self.panel.set_available(row)
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
            self.banners.dismiss("damage")
            self._shown = ""

    def _show_opened(self, opened: Opened) -> None:
        self.banners.dismiss("recording")
        self.view.show_project(opened.id, opened.project, opened.peaks)
        self.pages.setCurrentWidget(self.view)
        if opened.project.damage:
            self.banners.show_notice("damage", Notice(Kind.WARNING, _damage(opened.project)))

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
        self._choose_files("Open recordings", self.add)

    def ask_for_files_with(self) -> None:
        """Ask for recordings, then how they are to be transcribed; return at once."""
        self._choose_files("Open recordings with other settings", self.deeds.add)

    def _choose_files(self, title: str, then: Callable[[tuple[Path, ...]], None]) -> None:
        dialog = QFileDialog(self, title, str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda chosen: then(tuple(map(Path, chosen))))
        dialog.open()

    def _ask_for_other_settings(self) -> None:
        (self.deeds.again if self.list.current else self.ask_for_files_with)()

    def _forget(self, row_id: str) -> None:
        """Let go of a text that is about to be deleted."""
        if row_id == self._shown:
            self.view.forget_changes()
            self.view.player.load(None)

    @property
    def has_text(self) -> bool:
        """Whether a text is shown, with which something can be done."""
        return self.pages.currentWidget() is self.view

    def _go_into_text(self) -> None:
        (self.view.text if self.has_text else self.waiting.button).setFocus()

    # Keys, dropping and closing ------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Do what keys mean that nothing in the window has taken."""
        if not press(self, event):
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  # Qt's name
        """Take recordings, and say so."""
        if dropped_files(event.mimeData()):
            event.acceptProposedAction()
            self._drop_hint.appear()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802  # Qt's name
        """They go elsewhere."""
        super().dragLeaveEvent(event)
        self._drop_hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  # Qt's name
        """Transcribe what was dropped."""
        self._drop_hint.hide()
        event.acceptProposedAction()
        self.add(dropped_files(event.mimeData()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Give the list its share."""
        super().resizeEvent(event)
        self.panel.fit(event.size().width())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """Fall silent, and keep what was corrected."""
        self.view.player.stop()
        self.view.save()
        super().closeEvent(event)


def _damage(project: Project) -> str:
    """Return what cannot be read of a recording, which is called as in the list."""
    return project.damage.replace(f"“{project.source}”", f"“{project.source.name}”", 1)


def _hairline() -> QFrame:
    line = QFrame()
    line.setObjectName("hairline")
    line.setMinimumSize(1, 1)
    return line
