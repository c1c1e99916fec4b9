"""Recordings, one after another: what becomes of one is no matter to the others."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sotto.app.cli import failure, terminal
from sotto.app.cli.transcribing.display import Display
from sotto.app.cli.transcribing.inputs import as_file, called
from sotto.app.cli.transcribing.output import Output
from sotto.app.core.recordings.given import Recording
from sotto.app.core.recordings.tally import Tally
from sotto.app.core.recordings.workload import Workload
from sotto.app.core.traces.logger import DEFECT, logger
from sotto.audio.files.missing import Missing
from sotto.audio.files.reading import damage
from sotto.errors import ModelError, OutputError, SottoError
from sotto.inference.decoding import Transcription
from sotto.inference.decoding.transcribe import Progress

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """What comes of a recording.

    Attributes:
        transcription: Its text.
        length_s: Seconds of sound.
        missing: What of it cannot be read.
    """

    transcription: Transcription
    length_s: float
    missing: tuple[Missing, ...]


# From a file and what it is called; raises a `SottoError` where nothing can be read.
Hear = Callable[[Path, str, Progress], Heard]


class Work:
    """Transcribes recordings. Used by one thread, which it keeps for as long as it takes."""

    def __init__(
        self, hear: Hear, output: Output, display: Display, workload: Workload, tally: Tally
    ) -> None:
        self._hear = hear
        self._output = output
        self._display = display
        self._workload = workload
        self._tally = tally

    def do(self, recording: Recording, base: Path) -> bool:
        """Transcribe one, and write its texts at once; tell what goes wrong, and return if nothing.

        Raises:
            ModelError: there is nothing that could hear any of them.
            OSError: nobody reads the standard output any more.
        """
        started = time.monotonic()
        heard = self._heard(recording)
        is_whole = heard is not None and self._is_kept(recording, heard, base)
        length_s = heard.length_s if heard is not None else 0.0
        self._count(is_whole, length_s, time.monotonic() - started)
        self._workload.finish(recording.path, length_s)
        self._display.finish(
            called(recording),
            self._tally,
            length_s,
            time.monotonic() - started,
            self._workload.left_s,
        )
        return is_whole

    def _heard(self, recording: Recording) -> Heard | None:
        others_s = self._workload.left_s - self._workload.seconds(recording.path)
        try:
            with (
                as_file(recording) as (path, name),
                self._display.recording(Path(name).name, others_s) as show,
            ):
                return self._hear(path, name, show)
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 (a recording that does this costs no other)
            _tell(error)
            return None

    def _is_kept(self, recording: Recording, heard: Heard, base: Path) -> bool:
        """Write and show a text; return whether there is all of it."""
        is_whole = not heard.missing
        try:
            self._output.save(heard.transcription, base)
        except OutputError as error:
            _tell(error)
            is_whole = False
        self._output.show(heard.transcription)
        if heard.missing:
            terminal.tell(damage(called(recording), heard.missing))
        return is_whole

    def _count(self, is_whole: bool, length_s: float, work_s: float) -> None:
        self._tally.n_left = max(0, self._tally.n_left - 1)  # watched ones were never counted
        self._tally.n_done += is_whole
        self._tally.n_failed += not is_whole
        if length_s:
            self._tally.sound_s += length_s
            self._tally.work_s += work_s


def _tell(error: Exception) -> None:
    if failure.is_defect(error):
        _log.log(DEFECT, "a recording could not be transcribed", exc_info=error)
    told: SottoError = failure.in_words(error)
    terminal.tell(str(told))
