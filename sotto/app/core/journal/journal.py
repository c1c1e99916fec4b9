"""The journal of a session that listens."""

import contextlib
import errno
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue

import numpy as np

from sotto.app.core.events import Dropped, Event, Final, Partial
from sotto.app.core.journal.pages import Pages, Pcm16
from sotto.app.core.journal.record import Record
from sotto.app.core.journal.syncing import Syncing
from sotto.app.core.traces import logger
from sotto.audio.input.source import SAMPLE_RATE, Pcm

SYNC_S = 0.5  # what a power cut costs at most
SETTLES = SAMPLE_RATE  # silence that is worth a new record
# Sound is written so often, texts at once: waking a thread costs more than writing does.
_WRITE_S = 0.1
_FULL_SCALE = 32_768
_RETRY_S = 2.0  # after which a disk that was full is tried again

_IS_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}

_log = logger(__name__)


class Journal:
    """Writes what is heard and understood until it is kept elsewhere.

    Threads: every method returns at once; one thread calls `append`, one `settle`, any the others.
    `sotto-journal` alone touches the files. What a full disk refuses is held and written when
    there is room.

    Args:
        folder: of all journals.
        record: what is known of the session when it begins.
        tell: called once, in the journal's thread, with a line about why nothing is written;
            again only after something was.
    """

    def __init__(
        self, folder: Path, record: Record, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self._notes: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._sound: deque[Pcm] = deque()
        self._settled = 0
        self._book = _Book(folder, record, tell)
        self._thread = threading.Thread(target=self._work, name="sotto-journal", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def append(self, pcm: Pcm) -> None:
        """Add the next samples (n,), 16 kHz, [-1, 1]."""
        self._sound.append(pcm)

    def hear(self, event: Event) -> None:
        """Note a text; a final one is held until it is `kept`."""
        if isinstance(event, Partial | Final | Dropped):
            self._notes.put(lambda: self._book.hear(event))

    def settle(self, until: int) -> None:
        """Forget the sound before a sample, by and by: nobody speaks in it."""
        if until - self._settled >= SETTLES:
            self._settled = until
            self._notes.put(lambda: self._book.settle(until))

    def kept(self, utterance: int) -> None:
        """Forget the text of an utterance: it is kept elsewhere."""
        self._notes.put(lambda: self._book.kept(utterance))

    def end(self, *, is_whole: bool) -> None:
        """The session is over. What is not kept by then stays until it is.

        Args:
            is_whole: whether all sound became text, or the user wants none of it. What is cut off
                is left for the next start to recover.
        """
        self._notes.put(lambda: self._book.end(is_whole=is_whole))

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until nothing is left to do; return whether that is so."""
        if self._thread.ident is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        next_s = time.monotonic() + SYNC_S
        while not self._book.is_closed:
            self._take_notes()
            is_due = time.monotonic() >= next_s
            self._book.write(syncs=is_due)
            if is_due:
                next_s = time.monotonic() + SYNC_S

    def _take_notes(self) -> None:
        """Take sound and notes, in an order in which they may have come."""
        with contextlib.suppress(Empty):
            note = self._notes.get(timeout=_WRITE_S)
            while True:
                self._take_sound()
                note()
                note = self._notes.get_nowait()
        self._take_sound()

    def _take_sound(self) -> None:
        while self._sound:
            self._book.append(self._sound.popleft())


class _Book:
    """What is to be on disk, and how much of it is. Owned by the journal's thread."""

    def __init__(self, folder: Path, record: Record, tell: Callable[[str], None]) -> None:
        self._journals = folder
        self._pages: Pages | None = None
        self._syncing = Syncing()
        self._record = record
        self._written: Record | None = None  # what the file says
        self._unwritten: list[Pcm16] = []
        self._end = 0  # of the sound
        self._ending: bool | None = None  # whether it is whole, once the session is over
        self._tell = tell
        self._has_told = False
        self._try_after_s = 0.0
        self.is_closed = False

    def append(self, pcm: Pcm) -> None:
        scaled = np.rint(pcm * _FULL_SCALE).clip(-_FULL_SCALE, _FULL_SCALE - 1)
        self._unwritten.append(scaled.astype(np.int16))
        self._end += len(pcm)

    def hear(self, event: Event) -> None:
        self._record = self._record.after(event)

    def settle(self, until: int) -> None:
        self._record = self._record.settled(until)

    def kept(self, utterance: int) -> None:
        self._record = self._record.kept(utterance)

    def end(self, *, is_whole: bool) -> None:
        has_rest = self._record.until < self._end
        self._ending = is_whole or not has_rest
        if self._ending:
            self._record = self._record.settled(self._end)

    def write(self, *, syncs: bool) -> None:
        """Bring the disk up to date, or say why not."""
        if time.monotonic() < self._try_after_s and self._ending is None:
            self._drop_settled()
            return
        try:
            self._write(syncs=syncs)
        except OSError as error:
            self._fail(error)

    def _write(self, *, syncs: bool) -> None:
        if self._ending is not None and not self._record.passages:
            self._close()
            return
        if self._pages is None:
            self._pages = Pages.new(self._journals)
        self._drop_settled()
        self._write_sound(self._pages)
        if self._record != self._written:
            self._pages.write(self._record)
            self._written = self._record
        if syncs:
            self._sync(self._pages)
        self._has_told = False

    def _sync(self, pages: Pages) -> None:
        written, needless = pages.take_unsynced(), pages.needless(self._record.until)
        if written or needless:
            self._syncing.sync(written, needless)

    def _write_sound(self, pages: Pages) -> None:
        """Write all at once: on a slow disk each call takes its time."""
        if self._unwritten:
            sound = np.concatenate(self._unwritten)
            pages.append(self._end - len(sound), sound)
            self._unwritten.clear()

    def _drop_settled(self) -> None:
        """Let go of sound that waits for room and is text by now."""
        start = self._end - sum(map(len, self._unwritten))
        while self._unwritten and start + len(self._unwritten[0]) <= self._record.until:
            start += len(self._unwritten[0])
            del self._unwritten[0]

    def _close(self) -> None:
        """Nothing is to be kept any more, or it is to be recovered."""
        self.is_closed = True
        if self._ending:
            self._syncing.end()
            if self._pages is not None:
                self._pages.remove()
            return
        if self._pages is None:
            self._pages = Pages.new(self._journals)
        self._write_sound(self._pages)
        self._pages.write(self._record)
        self._syncing.finish()  # it deletes nothing that others may recover by now
        self._pages.sync()
        self._pages.give_up()

    def _fail(self, error: OSError) -> None:
        self._try_after_s = time.monotonic() + _RETRY_S
        if self._has_told:
            return
        self._has_told = True
        _log.warning("the journal cannot be written", exc_info=error)
        why = (error.strerror or str(error)).lower()
        remedy = "make room there" if error.errno in _IS_FULL else "make it a folder of your own"
        self._tell(
            f"{self._journals} cannot be written ({why}): dictation goes on, but a crash would "
            f"lose what is being said; {remedy}."
        )
