"""Recordings in the queue: what becomes of them when somebody speaks, fails or leaves."""

import asyncio
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np
import pytest
import soundfile

from sotto.app.server.api_error import ApiError
from sotto.app.server.figures import Figures
from sotto.app.server.limits import Limits
from sotto.app.server.requests.upload import SoundFile
from sotto.app.server.sharing import file_queue
from sotto.app.server.sharing.file_queue import FileQueue, GoneError, Job, Work
from sotto.app.server.sharing.turns import Turns
from sotto.inference.decoding import TranscribeOptions
from sotto.inference.interfaces import Array
from tests.helpers.scripted_model import ScriptedModel
from tools.fixtures.clips import CLIPS, human_clips

SPEECH = CLIPS / human_clips()[16].name
OPTIONS = TranscribeOptions(language="en", temperatures=(0.0,))
# Without looking for speech, which takes a while.
ALL_OF_IT = TranscribeOptions(language="en", temperatures=(0.0,), clip_timestamps=(0.0,))


class SlowModel(ScriptedModel):
    """Says nothing, and waits before each window until the test lets it."""

    def __init__(self, n_windows: int = 1000) -> None:
        super().__init__(self._silence)
        self.began = threading.Semaphore(0)
        self.may_go_on = threading.Semaphore(n_windows)
        self.order: list[str] = []

    def encode(self, mel: Array) -> Any:
        self.order.append("file")
        self.began.release()
        self.may_go_on.acquire()
        return super().encode(mel)

    def _silence(self, _window: int, _tokens: Sequence[int]) -> dict[int, float]:
        return {self.checkpoint.tokenizer.eot: 0.0}


def uploaded(n_seconds: float | None = None) -> SoundFile:
    pcm, rate = soundfile.read(SPEECH, dtype="float32")
    if n_seconds is not None:
        pcm = np.resize(pcm, round(n_seconds * rate))
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (the queue closes it)
    soundfile.write(file, pcm, rate, format="WAV")
    file.flush()
    return SoundFile(file, ".wav")


@contextmanager
def queue_of(model: ScriptedModel, **limits: Any) -> Any:
    turns = Turns()
    queue = FileQueue(model, turns, Figures(), Limits(**limits))
    yield queue, turns
    queue.close()


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.005)


def test_somebody_who_speaks_waits_for_no_more_than_one_run() -> None:
    model = SlowModel(n_windows=0)

    async def run() -> None:
        with queue_of(model) as (queue, turns):
            work = queue.begin(Job(uploaded(100), ALL_OF_IT))
            await asyncio.to_thread(model.began.acquire)  # the first window of several is encoded

            def speak() -> None:
                with turns.live():
                    model.order.append("live")

            speaking = asyncio.ensure_future(asyncio.to_thread(speak))
            await until(lambda: len(turns._live) == 1)
            model.may_go_on.release(1000)
            await speaking
            await work.finished()
            assert work._job.file.file.closed

    asyncio.run(run())
    assert model.order[:2] == ["file", "live"]
    assert model.order.count("file") > 2


def test_who_leaves_stops_the_work_and_leaves_no_file() -> None:
    model = SlowModel(n_windows=0)

    async def run() -> None:
        with queue_of(model, files_at_once=1) as (queue, _):
            first, second = (queue.begin(Job(uploaded(100), ALL_OF_IT)) for _ in range(2))
            await asyncio.to_thread(model.began.acquire)
            second.end()  # which waits
            assert second._job.file.file.closed
            first.end()
            model.may_go_on.release(1000)
            with pytest.raises(GoneError):
                await first.finished()
            assert first._job.file.file.closed
            with pytest.raises((CancelledError, asyncio.CancelledError)):
                await second.finished()

    asyncio.run(run())
    assert model.order == ["file"]


def test_beyond_the_places_clients_are_asked_to_come_back() -> None:
    with queue_of(SlowModel(), files_waiting=2) as (queue, _):
        with queue.place(), queue.place():
            with pytest.raises(ApiError) as error, queue.place():
                pass
            assert (error.value.status, error.value.code) == (503, "server_overloaded")
            assert error.value.response.headers["retry-after"].isdigit()
        assert queue.n_taken == 0
        with queue.place():
            assert queue.n_taken == 1


ADA, BEN = ("127.0.0.1", "ada"), ("127.0.0.1", "ben")


def test_a_client_with_many_recordings_leaves_room_for_one_with_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ben's answer comes after at most two of Ada's twenty."""
    monkeypatch.setattr(file_queue, "SHORT_BYTES", 0)
    model, order = SlowModel(n_windows=0), []

    async def finish(name: str, work: Work) -> None:
        await work.finished()
        order.append(name)

    async def run() -> None:
        with queue_of(model, files_at_once=1) as (queue, _):
            works = [("ada", queue.begin(Job(uploaded(2), ALL_OF_IT), ADA)) for _ in range(20)]
            await asyncio.to_thread(model.began.acquire)
            works.append(("ben", queue.begin(Job(uploaded(2), ALL_OF_IT), BEN)))
            finishing = [asyncio.ensure_future(finish(*work)) for work in works]
            model.may_go_on.release(1000)
            await asyncio.gather(*finishing)

    asyncio.run(run())
    assert len(order) == 21
    assert order.index("ben") <= 2


@dataclass(frozen=True, slots=True)
class HeldJob(Job):
    """One that takes until the test lets it go on, while others can have the model."""

    began: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        self.began.set()
        self.may_go_on.wait()


def test_short_recordings_do_not_wait_for_long_ones() -> None:
    held = HeldJob(uploaded(100), ALL_OF_IT)

    async def run() -> None:
        with queue_of(SlowModel(), files_at_once=1) as (queue, _):
            long = queue.begin(held, ADA)
            await asyncio.to_thread(held.began.wait)
            assert held.file.n_bytes > file_queue.SHORT_BYTES
            short = [queue.begin(Job(uploaded(2), ALL_OF_IT), who) for who in (ADA, BEN, ADA)]
            try:
                for each in short:
                    await each.finished()
                assert not long._future.done()
            finally:
                held.may_go_on.set()
            await long.finished()

    asyncio.run(run())


def test_no_more_is_read_of_a_recording_than_is_taken() -> None:
    async def run() -> None:
        with queue_of(SlowModel(), audio_s=3) as (queue, _):
            with pytest.raises(ApiError, match="longer than 3 s"):
                await queue.begin(Job(uploaded(4), OPTIONS)).finished()
            await queue.begin(Job(uploaded(2), OPTIONS)).finished()

    asyncio.run(run())


def test_a_defect_is_an_error_of_the_servers() -> None:
    class BrokenModel(SlowModel):
        def encode(self, mel: Array) -> Any:
            raise ZeroDivisionError(mel)

    async def run() -> None:
        with queue_of(BrokenModel()) as (queue, _):
            work = queue.begin(Job(uploaded(), OPTIONS))
            with pytest.raises(ApiError, match="ZeroDivisionError") as error:
                await work.finished()
            assert error.value.status == 500
            assert error.value.body["error"]["type"] == "server_error"
            assert work._job.file.file.closed

    asyncio.run(run())
