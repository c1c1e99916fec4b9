"""`--watch`: what comes into a folder is transcribed as it comes.

The folder is looked at once a second: that works on every disk, also on those of other machines,
where the system tells nothing of changes.
"""

import time
from pathlib import Path

from sotto.app.cli import terminal
from sotto.app.cli.transcribing.output import Output
from sotto.app.cli.transcribing.work import Work
from sotto.app.core.recordings.arrivals import Arrivals, Stamp
from sotto.app.core.recordings.done import done
from sotto.app.core.recordings.given import Recording, recordings_in
from sotto.app.core.recordings.names import possible_bases
from sotto.app.core.recordings.open_files import is_being_written
from sotto.app.core.transcription_files.writing import outputs
from sotto.app.core.user_path import exists, is_folder
from sotto.errors import UsageError

LOOK_S = 1.0


def watch(folder: Path, work: Work, output: Output, *, recursive: bool) -> None:
    """Transcribe all recordings that are in a folder or come into it, each once, until Ctrl+C.

    Raises:
        UsageError: there is no such folder.
    """
    if not is_folder(folder):
        raise UsageError(f"“{folder}” is no folder that can be watched; make it first")
    watching = _Watching(folder, work, output, recursive=recursive)
    terminal.note(f"Watching “{folder}”. Ctrl+C ends it.")
    while True:
        watching.look()
        time.sleep(LOOK_S)


class _Watching:
    """Remembers what came and where its texts went."""

    def __init__(self, folder: Path, work: Work, output: Output, *, recursive: bool) -> None:
        self._folder = folder
        self._work = work
        self._output = output
        self._recursive = recursive
        self._arrivals = Arrivals()
        self._bases: dict[Path, tuple[int, Path]] = {}  # by path, with the inode that had it
        self._is_there = True
        here = self._seen()
        for recording in done(list(here), output.folder, output.formats):
            self._arrivals.deal_with(here[recording])

    def look(self) -> None:
        """Transcribe what has arrived whole since the last time."""
        seen = self._seen()
        self._tell_if_gone()
        by_path = {recording.path: recording for recording in seen}
        self._bases = {path: base for path, base in self._bases.items() if path in by_path}
        stamps = {recording.path: stamp for recording, stamp in seen.items()}
        for path in self._arrivals.whole(stamps, time.monotonic()):
            if not _is_open(path):
                self._take(by_path[path], stamps[path])

    def _take(self, recording: Recording, stamp: Stamp) -> None:
        """Transcribe one; if it has changed by then, it was not whole and has another turn."""
        if not exists(recording.path):  # removed while those before it were heard
            return
        base = self._base(recording, stamp)
        self._bases[recording.path] = stamp.inode, base
        self._work.do(recording, base)
        if _stamp(recording.path) in {stamp, None}:
            self._arrivals.deal_with(stamp)

    def _base(self, recording: Recording, stamp: Stamp) -> Path:
        """Return where its texts go: to those of the same file before it changed, or to new ones.

        A program may give one name to recording after recording; no text of an earlier one is lost.
        """
        inode, base = self._bases.get(recording.path, (None, Path()))
        if inode == stamp.inode:
            return base
        taken = {base for _, base in self._bases.values()}
        possible = possible_bases(recording, self._output.folder)
        return next(each for each in possible if each not in taken and not self._is_used(each))

    def _is_used(self, base: Path) -> bool:
        return any(exists(path) for path in outputs(base, self._output.formats))

    def _seen(self) -> dict[Recording, Stamp]:
        found = recordings_in(self._folder, recursive=self._recursive)
        stamps = ((recording, _stamp(recording.path)) for recording in found)
        return {recording: stamp for recording, stamp in stamps if stamp is not None}

    def _tell_if_gone(self) -> None:
        is_there = is_folder(self._folder)
        if self._is_there and not is_there:
            terminal.tell(f"“{self._folder}” is gone; Sotto waits until it is back")
        self._is_there = is_there


def _stamp(path: Path) -> Stamp | None:
    try:
        return Stamp.of(path)
    except OSError:
        return None


def _is_open(path: Path) -> bool:
    try:
        return is_being_written(path)
    except OSError:  # which is told of when it is read
        return False
