"""Journals that a crash, a power cut or a kill left."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from sotto.app.core.journal.pages import Pages
from sotto.app.core.journal.places import journals
from sotto.app.core.journal.record import Passage, Record
from sotto.app.core.traces import logger
from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.errors import OutputError

# Of a model that crashes on this very sound Sotto must not die at every start.
MOST_TRIES = 5
KEPT_DAYS = 30  # for who comes back from a holiday; nobody wants older words
_DAY_S = 86_400
_STEP = np.float32(1 / 32_768)  # of 16-bit samples

_log = logger(__name__)


class LeftJournal:
    """A journal that is being recovered; no other process has it. Used by one thread.

    What is recovered is written down at once: whoever is killed here, too, goes on where it was.
    Methods that write may raise `OSError`.
    """

    def __init__(self, pages: Pages, record: Record) -> None:
        self._pages = pages
        self.record = record

    @property
    def is_worth_trying(self) -> bool:
        """Whether recognition did not end the process each time so far."""
        return self.record.tries < MOST_TRIES

    def begin(self) -> None:
        """Note that somebody tries."""
        self._write(replace(self.record, tries=self.record.tries + 1))

    def forgive(self) -> None:
        """Count the last try for nothing: it was not the sound that ended it."""
        self._write(replace(self.record, tries=max(0, self.record.tries - 1)))

    def tell_once(self) -> bool:
        """Return whether it is the first time that nobody tries any more."""
        is_first = self.record.tries == MOST_TRIES
        self._write(replace(self.record, tries=MOST_TRIES + 1, committed=""))
        return is_first

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self._pages.folder

    def sound(self) -> Pcm:
        """Return the sound that is no text yet: (n_samples,), 16 kHz, [-1, 1]."""
        return self._pages.sound(self.record.until).astype(np.float32) * _STEP

    @property
    def sound_start_s(self) -> float:
        """Where that sound begins in the session."""
        return self.record.until / SAMPLE_RATE

    def kept(self, passage: Passage) -> None:
        """A text of the journal is kept elsewhere now."""
        self._write(self.record.kept(passage.utterance))

    def settle(self, until_s: float) -> None:
        """All before this time of the session is text, and kept."""
        settled = self.record.settled(round(until_s * SAMPLE_RATE))
        # Whoever came so far was not ended by what lies behind.
        self._write(replace(settled, tries=0, committed=""))

    def remove(self) -> None:
        """Delete it: all is kept."""
        self._pages.remove()

    def give_up(self) -> None:
        """Leave the rest to the next start."""
        self._pages.give_up()

    def _write(self, record: Record) -> None:
        self.record = record
        self._pages.write(record)
        self._pages.forget(record.until)


def sound_of(folder: Path, start: int) -> Pcm:
    """Return the sound of a journal that another process owns, from a sample on.

    Raises:
        OutputError: it cannot be read.
    """
    try:
        return Pages(folder).sound(start).astype(np.float32) * _STEP
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise OutputError(f"{folder} cannot be read ({why}).") from error


def left_journals(folder: Path, face: str) -> Iterator[LeftJournal]:
    """Yield those that a process of this face left, oldest first, each taken over.

    One that cannot be used is skipped: damage costs its own words only.
    """
    for path in sorted(journals(folder), key=_age):
        pages = Pages(path)
        with contextlib.suppress(OSError):
            if pages.take():
                left = _opened(pages, face)
                if left is not None:
                    yield left


def _opened(pages: Pages, face: str) -> LeftJournal | None:
    """Return a journal that is owned now, unless there is nothing to recover."""
    record = _record(pages, face)
    if record is None or time.time() - record.when.timestamp() > KEPT_DAYS * _DAY_S:
        pages.remove()
        return None
    if record.face != face:
        pages.give_up()
        return None
    return LeftJournal(pages, record)


def _record(pages: Pages, face: str) -> Record | None:
    """Return the record; where it is damaged, one that asks for all the sound there is."""
    if not pages.folder.is_dir():  # another process recovered it just now
        return None
    try:
        record = pages.record()
    except ValueError as error:
        _log.warning("a journal's record is damaged", exc_info=error)
        record = None
    if record is None and any(pages.folder.iterdir()):
        return Record(face)
    return record


def _age(path: Path) -> float:
    try:
        return path.stat().st_ctime
    except OSError:
        return 0.0
