"""Recordings that become text: as many at once as there is memory for, the others in a queue."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from sotto.app.core.traces.logger import DEFECT, logger
from sotto.app.core.transcription import transcribe_recording
from sotto.app.server.api_error import ApiError
from sotto.app.server.figures import Figures
from sotto.app.server.limits import Limits
from sotto.app.server.shared_model import SharedModel
from sotto.app.server.sound import read_sound, told_damage
from sotto.app.server.turns import Turns
from sotto.app.server.upload import SoundFile
from sotto.audio.input.source import SAMPLE_RATE
from sotto.errors import InternalError, SottoError
from sotto.inference.decoding import Segment, TranscribeOptions, Transcription
from sotto.inference.interfaces import Model

_log = logger(__name__)

OnSegments = Callable[[tuple[Segment, ...]], None]


class GoneError(Exception):
    """Nobody waits for the text any more."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A recording's text.

    Attributes:
        transcription: it.
        audio_s: length of the recording.
        took_s: seconds from its sound to its text.
        damage: in a line, what of it could not be read; empty where all could.
    """

    transcription: Transcription
    audio_s: float
    took_s: float
    damage: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A recording to be transcribed. `give_up` may be called from any thread."""

    file: SoundFile
    options: TranscribeOptions
    on_segments: OnSegments | None = None
    _is_given_up: threading.Event = field(default_factory=threading.Event)

    def give_up(self) -> None:
        """Nobody waits for the text any more."""
        self._is_given_up.set()

    def check(self) -> None:
        """Go on only if somebody waits.

        Raises:
            GoneError: Nobody does.
        """
        if self._is_given_up.is_set():
            raise GoneError


class Work:
    """A recording in the queue. Owned by asyncio's thread."""

    def __init__(self, job: Job, future: "Future[Finished]") -> None:
        self._job = job
        self._future = future

    async def finished(self) -> Finished:
        """Return the text once it is there.

        Raises:
            ApiError: It cannot be had.
        """
        try:
            return await asyncio.wrap_future(self._future)
        except SottoError as error:
            raise ApiError.of(error) from error

    def end(self) -> None:
        """Nobody waits for the text any more, if it is not there yet. Idempotent."""
        self._job.give_up()
        if self._future.cancel():  # it was never begun
            self._job.file.close()


class FileQueue:
    """Takes recordings in the order in which they came, a few at once.

    Asyncio's thread owns the places; each of the threads here owns the recording that it works on,
    and the model while it has the turn.
    """

    def __init__(self, model: Model, turns: Turns, figures: Figures, limits: Limits) -> None:
        self._model = model
        self._turns = turns
        self._figures = figures
        self._limits = limits
        self._n_taken = 0  # places
        self._threads = ThreadPoolExecutor(limits.files_at_once, "sotto-file")

    @property
    def n_taken(self) -> int:
        """How many recordings are being sent, waiting, or worked on."""
        return self._n_taken

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place, from before a recording is sent until its text is.

        Raises:
            ApiError: None is free.
        """
        if self._n_taken >= self._limits.files_waiting:
            raise ApiError.busy(
                f"{self._n_taken} recordings are waiting already; try again in a few seconds"
            )
        self._n_taken += 1
        try:
            yield
        finally:
            self._n_taken -= 1

    def begin(self, job: Job) -> "Work":
        """Put a recording into the queue, which closes its file in the end."""
        return Work(job, self._threads.submit(self._run, job))

    def close(self) -> None:
        """Take no more, and let go of the queue."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _run(self, job: Job) -> Finished:
        try:
            return self._transcribe(job)
        except (SottoError, GoneError):
            raise
        except Exception as error:
            _log.log(DEFECT, "a recording failed", exc_info=error)
            raise InternalError.of(error) from error
        finally:
            job.file.close()

    def _transcribe(self, job: Job) -> Finished:
        job.check()
        recording = read_sound(job.file, self._limits.audio_s, job.check)
        model = SharedModel(self._model, self._figures, self._turns.file, job.check)
        started = time.monotonic()
        transcription = transcribe_recording(
            model, recording.pcm, job.options, on_segments=job.on_segments, check=job.check
        )
        audio_s = len(recording.pcm) / SAMPLE_RATE
        took_s = time.monotonic() - started
        self._figures.add(files=1, audio_s=audio_s, file_s=took_s)
        return Finished(transcription, audio_s, took_s, told_damage(recording, job.file))
