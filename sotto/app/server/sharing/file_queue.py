"""Recordings that become text: as many at once as there is memory for, the others in a queue."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sotto.app.core.traces.logger import DEFECT, logger
from sotto.app.core.transcription import transcribe_recording
from sotto.app.server.api_error import ApiError
from sotto.app.server.figures import Figures
from sotto.app.server.limits import Limits
from sotto.app.server.requests.sound import read_sound, told_damage
from sotto.app.server.requests.upload import SoundFile
from sotto.app.server.sharing.fair_queue import Client, Entry, FairQueue
from sotto.app.server.sharing.shared_model import SharedModel
from sotto.app.server.sharing.turns import Turns
from sotto.audio.input.source import SAMPLE_RATE
from sotto.errors import InternalError, SottoError
from sotto.inference.decoding import Segment, TranscribeOptions, Transcription
from sotto.inference.interfaces import Model

SHORT_BYTES = 2_000_000
"""Of a short recording: a minute as 16-bit samples of 16 kHz, two as an MP3."""

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


@dataclass(frozen=True, slots=True)
class _Waiting:
    job: Job
    future: "Future[Finished]" = field(default_factory=Future)


class Work:
    """A recording in the queue. Owned by asyncio's thread."""

    def __init__(self, entry: Entry[_Waiting], queue: FairQueue[_Waiting]) -> None:
        self._entry = entry
        self._queue = queue
        self._job = entry.what.job
        self._future = entry.what.future

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
            self._queue.remove(self._entry)
            self._job.file.close()


class FileQueue:
    """Takes recordings of clients in turn, a few at once, and a short one beside them.

    Asyncio's thread owns the places; each of the threads here owns the recording that it works on,
    and the model while it has the turn.
    """

    def __init__(self, model: Model, turns: Turns, figures: Figures, limits: Limits) -> None:
        self._model = model
        self._turns = turns
        self._figures = figures
        self._limits = limits
        self._places: Counter[Client] = Counter()
        self._waiting: FairQueue[_Waiting] = FairQueue()
        self._threads = ThreadPoolExecutor(limits.files_at_once, "sotto-file")
        self._short_thread = ThreadPoolExecutor(1, "sotto-short-file")

    @property
    def n_taken(self) -> int:
        """How many recordings are being sent, waiting, or worked on."""
        return self._places.total()

    @contextmanager
    def place(self, client: Client = ()) -> Iterator[None]:
        """Hold a place, from before a recording is sent until its text is.

        Raises:
            ApiError: None is free, or those that are free are for other clients.
        """
        n_taken, n_own = self.n_taken, self._places[client]
        if n_taken >= self._limits.files_waiting:
            raise ApiError.busy(
                f"{n_taken} recordings are waiting already; try again in a few seconds"
            )
        if n_own >= self._limits.files_of_one:
            raise ApiError.busy(
                f"{n_own} of your recordings are waiting already; try again in a few seconds"
            )
        self._places[client] += 1
        try:
            yield
        finally:
            self._places[client] -= 1
            self._places += Counter()  # which forgets who has none

    def begin(self, job: Job, client: Client = ()) -> "Work":
        """Put a recording into the queue, which closes its file in the end."""
        entry = Entry(client, _Waiting(job), is_short=job.file.n_bytes <= SHORT_BYTES)
        self._waiting.put(entry)
        self._threads.submit(self._run_next, self._waiting.take)
        self._look_for_a_short_one()
        return Work(entry, self._waiting)

    def close(self) -> None:
        """Take no more, and let go of the queue."""
        for threads in (self._threads, self._short_thread):
            threads.shutdown(wait=False, cancel_futures=True)

    def _look_for_a_short_one(self) -> None:
        with suppress(RuntimeError):  # the server has ended
            self._short_thread.submit(self._run_next, self._waiting.take_short)

    def _run_next(self, take: Callable[[], Entry[_Waiting] | None]) -> None:
        """Work on what is next. Each recording that waits has a call of this one that waits, too.

        Whose turn it is, is not known before.
        """
        entry = take()
        if entry is None:
            return
        waiting = entry.what
        try:
            if waiting.future.set_running_or_notify_cancel():
                self._finish(waiting)
        finally:
            self._waiting.done(entry)
            self._look_for_a_short_one()  # of this client, perhaps

    def _finish(self, waiting: _Waiting) -> None:
        try:
            waiting.future.set_result(self._run(waiting.job))
        except BaseException as error:  # noqa: BLE001 (whoever waits for it gets it)
            waiting.future.set_exception(error)

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
