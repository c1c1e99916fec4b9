"""What the user does with the chosen recording of the list: again, cancel, remove."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from sotto.app.core.projects.queued import State
from sotto.app.dictating.engine import Model
from sotto.app.service.recordings.recording_queue import RecordingQueue
from sotto.app.ui.files.again_dialog import AgainDialog
from sotto.app.ui.files.queue.queue_list import QueueList
from sotto.app.ui.files.track_finder import TrackFinder
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

    def again(self) -> None:
        """Ask how the chosen recording is to be transcribed once more, and return at once."""
        row = self._list.current
        if row is None:
            return
        dialog = AgainDialog(row, self.models, self._window)
        dialog.chosen.connect(
            lambda wanted, keeps: self._list.choose(self._queue.again(row.id, wanted, keeps=keeps))
        )
        self._tracks.found.connect(dialog.offer_tracks)
        self._tracks.look(row.source)
        dialog.open()

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
