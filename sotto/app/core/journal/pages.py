"""A journal's files: a folder of sound in small pieces, the record, and the owner's lock.

journal/ID.lock         locked by whoever writes or recovers it; free once that process is gone
journal/ID/record.json  replaced in one step
journal/ID/N.pcm        16 kHz mono, 16-bit little-endian, from sample N on
"""

import contextlib
import os
import uuid
from itertools import pairwise
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from sotto.app.core.journal.record import Record, from_json
from sotto.app.core.journal.syncing import sync_files

FOLDER_MODE, FILE_MODE = 0o700, 0o600
SAMPLE_BYTES = 2
# A piece is the least that is deleted at once, and the most that is read for nothing.
PIECE = 16_000 * 5
_RECORD = "record.json"
_NEW_RECORD = "record.new"

Pcm16 = NDArray[np.int16]  # (n_samples,), 16 kHz


class Pages:
    """The files of one journal. Used by one thread at a time.

    Every method may raise `OSError`, and may then be called again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(
            folder.with_suffix(".lock"), timeout=0, mode=FILE_MODE, thread_local=False
        )
        self._piece: int | None = None  # the descriptor of the newest, its name as a number
        self._piece_start = 0
        self._piece_end = 0
        self._unsynced: set[Path] = set()

    @classmethod
    def new(cls, journals: Path) -> "Pages":
        """Begin a journal in the folder of all journals."""
        make_private(journals.parent)
        make_private(journals)
        pages = cls(journals / uuid.uuid4().hex)
        # Before there is a folder: nobody may take it for one that a dead process left.
        pages.take()
        pages._folder.mkdir(mode=FOLDER_MODE)
        return pages

    @property
    def folder(self) -> Path:
        """Where the files lie."""
        return self._folder

    def take(self) -> bool:
        """Become the owner; return False where another process is, or where there is nothing."""
        try:
            self._lock.acquire()
        except Timeout:
            return False
        return True

    def give_up(self) -> None:
        """Let others recover what is left."""
        self._close_piece()
        self._lock.release()

    # Writing -------------------------------------------------------------------------------

    def append(self, start: int, samples: Pcm16) -> None:
        """Add sound that begins at sample `start`; if this fails it may be given again."""
        if start < self._piece_end:
            n_there = self._piece_end - start
            start, samples = self._piece_end, samples[n_there:]
        while len(samples):
            if self._piece is None or start != self._piece_end or not self._room:
                self._begin_piece(start)
            assert self._piece is not None  # noqa: S101  # it was just begun
            written = os.write(self._piece, samples[: self._room].astype("<i2").tobytes())
            n_written = written // SAMPLE_BYTES
            if n_written * SAMPLE_BYTES != written:  # a full disk; half a sample shifts all others
                os.ftruncate(self._piece, (self._piece_end - self._piece_start) * SAMPLE_BYTES)
                raise OSError(28, os.strerror(28))
            self._piece_end += n_written
            self._unsynced.add(self._path(self._piece_start))
            start, samples = start + n_written, samples[n_written:]

    def write(self, record: Record) -> None:
        """Replace the record."""
        new = self._folder / _NEW_RECORD
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(record.to_json())
        new.replace(self._folder / _RECORD)
        self._unsynced.add(self._folder / _RECORD)

    def sync(self) -> None:
        """Have all that was written survive a power cut."""
        sync_files(self._unsynced)
        self._unsynced.clear()

    def take_unsynced(self) -> frozenset[Path]:
        """Return the files that were written since the last sync; another syncs them."""
        unsynced = frozenset(self._unsynced)
        self._unsynced.clear()
        return unsynced

    def needless(self, until: int) -> list[Path]:
        """Return the pieces that end before a sample; nothing is added to them any more.

        They may be deleted once the record that makes them so is synced: no power cut takes both.
        """
        gone = [self._path(start) for start, after in pairwise(self._starts()) if after <= until]
        if self._piece is not None and self._piece_end <= until:
            self._close_piece()
            gone.append(self._path(self._piece_start))
        self._unsynced.difference_update(gone)
        return gone

    def forget(self, until: int) -> None:
        """Delete the pieces that end before a sample."""
        needless = self.needless(until)
        if needless:
            self.sync()
        for path in needless:
            path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete the journal."""
        self._close_piece()
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                path.unlink(missing_ok=True)
            self._folder.rmdir()
        with contextlib.suppress(OSError):  # Windows deletes no file that is open
            Path(self._lock.lock_file).unlink(missing_ok=True)
        self._lock.release()
        with contextlib.suppress(OSError):
            Path(self._lock.lock_file).unlink(missing_ok=True)

    # Reading -------------------------------------------------------------------------------

    def record(self) -> Record | None:
        """Return the record; None where there is none.

        Raises:
            ValueError: it is damaged.
        """
        try:
            return from_json((self._folder / _RECORD).read_bytes())
        except FileNotFoundError:
            return None

    def sound(self, start: int) -> Pcm16:
        """Return what there is from a sample on; a sample that was half written is left out."""
        pieces = [np.zeros(0, np.int16)]
        for at in self._starts():
            data = self._path(at).read_bytes()
            samples = np.frombuffer(data[: len(data) // SAMPLE_BYTES * SAMPLE_BYTES], "<i2")
            pieces.append(samples[max(0, start - at) :].astype(np.int16))
        return np.concatenate(pieces)

    # ---------------------------------------------------------------------------------------

    @property
    def _room(self) -> int:
        """How many samples the newest piece still takes."""
        return PIECE - (self._piece_end - self._piece_start)

    def _begin_piece(self, start: int) -> None:
        self._close_piece()
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        self._piece = os.open(self._path(start), flags, FILE_MODE)
        self._piece_start = self._piece_end = start

    def _close_piece(self) -> None:
        if self._piece is not None:
            os.close(self._piece)
            self._piece = None

    def _path(self, start: int) -> Path:
        return self._folder / f"{start:015d}.pcm"

    def _starts(self) -> list[int]:
        names = (path.stem for path in self._folder.glob("*.pcm"))
        return sorted(int(name) for name in names if name.isdecimal())


def make_private(folder: Path) -> None:
    """Make a folder for the user alone, whatever the umask and whoever made it."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o777 != FOLDER_MODE:
        folder.chmod(FOLDER_MODE)
