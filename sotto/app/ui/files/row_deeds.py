"""What the user does with recordings of the list: otherwise, again, cancel, remove."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from sotto.app.core.projects.queued import Queued, State
from sotto.app.core.projects.wanted import Wanted
from sotto.app.dictating.engine import Model
from sotto.app.service.recordings.recording_queue import RecordingQueue
from sotto.app.service.recordings.track_finder import TrackFinder
from sotto.app.ui.files.queue.queue_list import QueueList
from sotto.app.ui.files.wanted_dialog import Asked, WantedDialog
from sotto.app.ui.widgets.confirm import Question, confirm


class RowDeeds(QObject):
    """Asks first where a text would be lost.

    Args:
        queue: Of recordings.
        listed: In which one is chosen.
        window: Above which it asks.

    Attributes:
        models: On this machine, to transcribe again with.
    """

    leaving = Signal(str)  # the id of a row whose text is about to be deleted

    def __init__(self, queue: RecordingQueue, listed: QueueList, window: QWidget) -> None:
        super().__init__(window)
        self._queue = queue
        self._list = listed
        self._window = window
        self._tracks = TrackFinder(self)
        self.models: tuple[Model, ...] = ()
        queue.replaced.connect(self._follow_replaced)
        listed.menu_requested.connect(self.show_menu)

    def again(self) -> None:
        """Ask how the chosen recording is to be transcribed, if it is to be otherwise.

        Returns at once; one that waits still waits, with what was chosen.
        """
        if (row := self._list.current) is not None:
            self._ask(Asked.of(row), lambda wanted, keeps: self._again(row, wanted, keeps=keeps))

    def add(self, sources: tuple[Path, ...]) -> None:
        """Ask how recordings are to be transcribed, and add them then."""
        if sources:
            self._ask(Asked(sources), lambda wanted, _: self._add(sources, wanted))

    def _ask(self, asked: Asked, then: Callable[[Wanted, bool], None]) -> None:
        dialog = WantedDialog(asked, self.models, self._window)
        dialog.chosen.connect(then)
        self._tracks.found.connect(dialog.offer_tracks)
        for source in asked.sources:
            self._tracks.look(source)
        dialog.open()

    def _again(self, row: Queued, wanted: Wanted, *, keeps: bool) -> None:
        if any(each.id == row.id for each in self._queue.rows):
            self._list.choose(self._queue.again(row.id, wanted, keeps=keeps))
        else:  # its text came meanwhile, and gave way to another
            self._add((row.source,), wanted)

    def _add(self, sources: tuple[Path, ...], wanted: Wanted) -> None:
        if ids := self._queue.add(sources, wanted):
            self._list.choose(ids[0])

    def show_menu(self, at: QPoint) -> None:
        """Offer what can be done with the chosen recording, at a place of the screen."""
        row = self._list.current
        if row is None:
            return
        menu = QMenu(self._window)
        menu.setAccessibleName(row.source.name)
        is_done, is_pending = row.state is State.DONE, not row.is_over
        menu.addAction("&Transcribe again…" if is_done else "&Transcribe with…", self.again)
        if is_pending:
            menu.addAction("&Cancel", self.cancel)
        elif not is_done:
            menu.addAction("Try a&gain", self.try_again)
        menu.addSeparator()
        menu.addAction("&Remove from the list", self.remove)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def try_again(self) -> None:
        """Transcribe the chosen recording as it was to be."""
        if (row := self._list.current) is not None:
            self._queue.again(row.id)

    def cancel(self) -> None:
        """Give up what is done of the chosen recording."""
        if (row := self._list.current) is not None:
            self._queue.cancel(row.id)

    def remove(self) -> None:
        """Take the chosen recording off the list; ask first where there is a text."""
        row = self._list.current
        if row is None:
            return
        if row.state is not State.DONE:
            self._queue.remove(row.id)
            return
        question = Question(
            "Remove?",
            f"Remove {row.source.name} from the list?",
            "Its text is deleted, with all that was corrected in it. The recording itself stays.",
            "&Remove",
        )
        confirm(self._window, question, lambda: self._remove(row.id))

    def _remove(self, row_id: str) -> None:
        self.leaving.emit(row_id)
        self._queue.remove(row_id)

    def _follow_replaced(self, old: str, new: str) -> None:
        """Who looked at a text that goes is shown the one that came for it."""
        row = self._list.current
        self.leaving.emit(old)
        if row is not None and row.id == old:
            self._list.choose(new)
