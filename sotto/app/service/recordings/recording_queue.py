"""The queue of recordings: one is transcribed at a time, the others wait for their turn."""

import contextlib
import shutil
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from sotto.app.core.projects.names import TEXT
from sotto.app.core.projects.queued import Queued, State, save_queue, tidied_queue
from sotto.app.core.projects.wanted import AS_USUAL, Wanted
from sotto.app.core.recordings.given import recordings_in
from sotto.app.service.background import Background
from sotto.app.service.recordings.track_finder import Found, TrackFinder
from sotto.app.service.recordings.transcriber import Ending, Transcriber
from sotto.errors import SottoError

# Progress is drawn, not read: more often would cost and not be seen.
_SHOWN_EVERY_MS = 100


class RecordingQueue(QObject):
    """The list, which it alone changes. Lives on Qt's thread; files are written on another.

    Args:
        folder: Of all projects.
        parent: Qt's.
        transcriber: Does the work; None for the process.
    """

    listed = Signal()  # rows came or went
    changed = Signal(str)  # a row's id
    finished = Signal(str)  # a row's id: nothing more becomes of it, done or failed
    replaced = Signal(str, str)  # a row's id: it is about to go, for that of the other id is there
    failed = Signal(str)  # the list itself could not be kept

    def __init__(
        self, folder: Path, parent: QObject | None = None, transcriber: Transcriber | None = None
    ) -> None:
        super().__init__(parent)
        self.folder = folder
        self._rows: tuple[Queued, ...] = ()
        self._working = ""
        self._disk = Background("sotto-recordings", self)
        self._tracks = TrackFinder(self)
        self._tracks.found.connect(self._take_tracks)
        self._transcriber = transcriber or Transcriber(self)
        self._transcriber.told.connect(self._told)
        self._transcriber.ended.connect(self._ended)
        self._unseen = QTimer(self, singleShot=True, interval=_SHOWN_EVERY_MS)
        self._unseen.timeout.connect(lambda: self.changed.emit(self._working))
        self._is_started = self._is_read = False

    @property
    def rows(self) -> tuple[Queued, ...]:
        """All recordings, in the order in which they came."""
        return self._rows

    def __getitem__(self, row_id: str) -> Queued:
        return next(row for row in self._rows if row.id == row_id)

    def start(self) -> None:
        """Read what was there when Sotto ended, and go on with it. Idempotent."""
        if self._is_started:
            return
        self._is_started = True
        self._disk.run(lambda: tidied_queue(self.folder), self._take_list, self._fail)

    def add(self, sources: Iterable[Path], wanted: Wanted = AS_USUAL) -> tuple[str, ...]:
        """Add recordings and return their ids; what waits or is at work already is not added again.

        Whether they can be read is told at their rows when their turn comes. What is in folders
        is added once it is found.

        Args:
            sources: Files and folders.
            wanted: What is to be heard of all of them, and how.
        """
        self.start()
        files: list[Path] = []
        for path in sources:
            if path.is_dir():
                self._add_folder(path, wanted)
            else:
                files.append(path)
        return self._add_files(files, wanted)

    def _add_folder(self, folder: Path, wanted: Wanted) -> None:
        def add(found: tuple[Path, ...]) -> None:
            if not found:
                self.failed.emit(f"There is no recording in “{folder}”.")
            self._add_files(found, wanted)

        self._disk.run(
            lambda: tuple(each.path for each in recordings_in(folder, recursive=True)),
            add,
            self._fail,
        )

    def _add_files(self, sources: Iterable[Path], wanted: Wanted) -> tuple[str, ...]:
        pending = {row.source for row in self._rows if not row.is_over and row.wanted == wanted}
        new = [path for path in dict.fromkeys(map(_absolute, sources)) if path not in pending]
        rows = tuple(Queued(uuid.uuid4().hex, path, wanted=wanted) for path in new)
        self._list((*self._rows, *rows))
        for path in new:
            self._tracks.look(path)
        return tuple(row.id for row in rows)

    def cancel(self, row_id: str) -> None:
        """Let a recording wait no more, or give up what is done of it; the others go on."""
        row = self[row_id]
        if row.is_over:
            return
        self._change(replace(row, state=State.CANCELLED, message="Cancelled", left_s=None))
        self._give_up(row_id)
        self._tidy(row_id)
        self._keep()
        self._go_on()

    def _give_up(self, row_id: str) -> None:
        if row_id == self._working:
            self._transcriber.cancel()
            self._working = ""

    def _tidy(self, row_id: str) -> None:
        """Remove what there is of a recording without a text, such as hours of its sound."""
        folder = self.folder / row_id
        self.write(
            lambda: None if (folder / TEXT).exists() else shutil.rmtree(folder, ignore_errors=True)
        )

    def again(self, row_id: str, wanted: Wanted | None = None, *, keeps: bool = False) -> str:
        """Transcribe a recording once more, and return the id of the row in which that is done.

        A text that is there stays until the new one is, so that nothing is lost if that fails.

        Args:
            row_id: The recording's.
            wanted: What of it, and how; None for as before.
            keeps: Whether the text that is there stays for good, beside the new one.
        """
        row = self[row_id]
        wanted = row.wanted if wanted is None else wanted
        if row.state is State.DONE:
            return self._beside(row, wanted, "" if keeps else row.id)
        self._give_up(row_id)
        self._change(
            replace(row, state=State.WAITING, message="", share=0.0, left_s=None, wanted=wanted)
        )
        self._keep()
        self._go_on()
        return row_id

    def _beside(self, row: Queued, wanted: Wanted, replaces: str) -> str:
        new = Queued(
            uuid.uuid4().hex, row.source, wanted=wanted, replaces=replaces, n_tracks=row.n_tracks
        )
        at = self._rows.index(row) + 1
        self._list((*self._rows[:at], new, *self._rows[at:]))
        return new.id

    def remove(self, row_id: str) -> None:
        """Take a recording off the list, with its text; the recording itself stays."""
        self.cancel(row_id)
        self._list(tuple(row for row in self._rows if row.id != row_id))
        folder = self.folder / row_id
        self.write(lambda: shutil.rmtree(folder, ignore_errors=True))

    def write(self, job: Callable[[], None]) -> None:
        """Write something of a project, before anything that is written later."""
        self._disk.run(job, lambda _: None, self._fail)

    def close(self, done: Callable[[], None] = lambda: None) -> None:
        """Stop at once; what was at work waits for the next start. Call `done` once all is kept."""
        self._transcriber.close()
        self._working = ""
        self._disk.run(lambda: None, lambda _: done(), lambda _: done())

    # What comes back -----------------------------------------------------------------------

    def _take_list(self, rows: tuple[Queued, ...]) -> None:
        self._is_read = True
        self._list((*rows, *self._rows))
        for row in rows:
            if not row.is_over and not row.n_tracks:
                self._tracks.look(row.source)

    def _take_tracks(self, found: Found) -> None:
        for row in self._rows:
            if row.source == found.source and row.n_tracks != len(found.tracks):
                self._change(replace(row, n_tracks=len(found.tracks)))

    def _told(self, event: dict[str, Any]) -> None:
        row = self[self._working]
        if event["event"] == "read":
            row = replace(row, duration_s=event["duration"])
        elif event["event"] == "doing":
            row = replace(row, message=event["what"], left_s=event.get("left"))
        elif event["event"] == "progress":
            row = replace(row, share=event["share"], left_s=event["left"])
        self._rows = tuple(row if each.id == row.id else each for each in self._rows)
        if not self._unseen.isActive():
            self._unseen.start()

    def _ended(self, ending: Ending) -> None:
        row, self._working = self[self._working], ""
        state = State.FAILED if ending.fault else State.DONE
        message = _without_name(ending.fault or ending.damage, row.source)
        share = row.share if ending.fault else 1.0
        self._change(replace(row, state=state, message=message, share=share, left_s=None))
        self._keep()
        self.finished.emit(row.id)
        if state is State.DONE:
            self._give_way(row)
        else:
            self._tidy(row.id)
        self._go_on()

    def _give_way(self, row: Queued) -> None:
        """Let the text go that this one was to replace."""
        if any(each.id == row.replaces for each in self._rows):
            self.replaced.emit(row.replaces, row.id)
            self.remove(row.replaces)

    # Changing ------------------------------------------------------------------------------

    def _list(self, rows: tuple[Queued, ...]) -> None:
        self._rows = rows
        self.listed.emit()
        self._keep()
        self._go_on()

    def _change(self, row: Queued) -> None:
        self._rows = tuple(row if each.id == row.id else each for each in self._rows)
        self.changed.emit(row.id)

    def _go_on(self) -> None:
        """Begin with the next one, unless one is at work; without any, let the process end."""
        if self._working or not self._is_read:
            return
        waiting = next((row for row in self._rows if row.state is State.WAITING), None)
        if waiting is None:
            self._transcriber.rest()
            return
        self._working = waiting.id
        self._change(replace(waiting, state=State.WORKING, message="Starting"))
        self._transcriber.begin(waiting.source, self.folder / waiting.id, waiting.wanted)

    def _keep(self) -> None:
        if not self._is_read:  # what was there before would be lost
            return
        rows = self._rows
        self.write(lambda: save_queue(rows, self.folder))

    def _fail(self, error: SottoError) -> None:
        self.failed.emit(str(error))


def _without_name(message: str, source: Path) -> str:
    """Return an error without the file that it begins with: it stands beside its row."""
    words = message.removeprefix(f"“{source}” ")
    return words[:1].upper() + words[1:]


def _absolute(path: Path) -> Path:
    with contextlib.suppress(OSError):
        return path.absolute()
    return path
