"""One opening of one device: PortAudio's callback at one end, 16 kHz samples at the other."""

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np

from sotto.audio.input.continuity import Continuity, Missing
from sotto.audio.input.devices import InputDevice
from sotto.audio.input.portaudio import BLOCK_S, InputStream, environment
from sotto.audio.input.ring import Frames, RingBuffer
from sotto.audio.input.source import SAMPLE_RATE, Loss, Pcm
from sotto.audio.resample import Resampler
from sotto.clock import Clock, SleeplessClock
from sotto.errors import DeviceError

# Speech spoken while the model is compiled for the first time must not be lost.
RING_S = 180
_UNHEARD = np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A block: frames kept before it, frames given up to its end, when, and after an overflow?"""

    kept: int
    n_given: int
    at_s: float
    overflow: bool


class DeviceStream:
    """A running stream from a device. Positions count from its first sample.

    `_hear` and `_finish` run on PortAudio's thread, which writes the ring, `_arrivals` and
    `finished`. It is made and released on a thread that may wait; all else belongs to the engine
    thread. Sound that comes after a stall is held back for the moment that it takes to know
    whether any is missing before it (see `Continuity`).

    Args:
        device: what to listen to.
        block_s: how much sound comes at once.
        clock: goes on while the machine sleeps.

    Raises:
        DeviceError: the device refuses to open.
    """

    def __init__(
        self, device: InputDevice, block_s: float = BLOCK_S, clock: Clock | None = None
    ) -> None:
        self._block_s = block_s
        self._clock = clock or SleeplessClock()
        self.finished = False  # no callback will come any more
        self._n_given = 0  # the callback's: frames that the device gave
        self._arrivals: deque[_Arrival] = deque()
        self._waiting: Frames = np.zeros((0, 1), np.float32)  # taken from the ring, held back
        self._n_passed = 0  # frames that went on to the resampler
        self._missing: list[Missing] = []
        self._closed = False
        self._drained = False
        self._stream = self._open(device)

    def read(self) -> Pcm:
        """Return what arrived since the last call; after `end`, the rest, once."""
        self._note_arrivals()
        frames = self._ring.read()
        if len(self._waiting):
            frames = np.concatenate((self._waiting, frames))
        stall = self._continuity.stall
        n_ready = len(frames) if stall is None else max(0, stall - self._n_passed)
        self._waiting = frames[n_ready:]
        self._n_passed += min(n_ready, len(frames))
        pcm = self._resampler.push(frames[:n_ready]) if n_ready else _UNHEARD
        if self._closed and not self._drained:
            self._drained = True
            pcm = np.concatenate((pcm, self._resampler.flush()))
        return pcm

    def losses(self) -> list[Loss]:
        """Return what was lost before what has been read, since the last call."""
        overruns = self._ring.finish() if self._closed else self._ring.overruns()
        losses = [
            Loss(self._at(o.position), self._at(o.n_frames), "the ring buffer was full")
            for o in overruns
        ]
        missing, self._missing = self._missing, []
        losses += [self._loss(each) for each in missing]
        return sorted(losses, key=lambda loss: loss.start)

    def release(self) -> None:
        """Give the device back; what was captured can still be read. May wait. Idempotent."""
        self._stream.close()

    def end(self) -> None:
        """Take it that no more sound comes. Idempotent."""
        self._closed = True

    def _note_arrivals(self) -> None:
        while self._arrivals:
            come = self._arrivals.popleft()
            missing = self._continuity.arrive(
                come.kept, come.n_given, come.at_s, overflow=come.overflow
            )
            self._missing += [missing] if missing else []
        if self._closed:
            missing = self._continuity.settle()
            self._missing += [missing] if missing else []

    def _loss(self, missing: Missing) -> Loss:
        if not missing.seconds:
            reason = "the device lost samples, it does not say how many"
            return Loss(self._at(missing.position), 0, reason)
        n_samples = round(missing.seconds * SAMPLE_RATE)
        return Loss(self._at(missing.position), n_samples, "no sound came from the device")

    def _open(self, device: InputDevice) -> InputStream:
        """Open at 16 kHz mono if the device takes that, else as it prefers."""
        own = device.default_rate
        formats = ((SAMPLE_RATE, 1), (own, 1), (own, min(2, device.channels)))
        for rate, n_channels in formats:
            self._prepare(rate, n_channels)
            try:
                with environment("PULSE_SOURCE", device.pulse_source):
                    return InputStream(
                        device.portaudio_index,
                        rate,
                        n_channels,
                        self._hear,
                        self._finish,
                        self._block_s,
                    )
            except DeviceError as error:
                refusal = error
        raise DeviceError(
            f"the microphone “{device.name}” cannot be opened ({refusal}): "
            "close the program that uses it, or choose another (sotto devices)"
        ) from refusal

    def _prepare(self, rate: int, n_channels: int) -> None:
        self._rate = rate
        self._ring = RingBuffer(RING_S * rate, n_channels)
        self._waiting = np.zeros((0, n_channels), np.float32)
        self._resampler = Resampler(rate)
        self._continuity = Continuity(rate)

    def _hear(self, frames: Frames, n_frames: int, _time: Any, status: Any) -> None:
        self._n_given += n_frames
        self._arrivals.append(
            _Arrival(
                self._ring.n_written,
                self._n_given,
                self._clock.now(),
                bool(status.input_overflow),
            )
        )
        self._ring.write(frames)

    def _finish(self) -> None:
        self.finished = True

    def _at(self, n_frames: int) -> int:
        return round(n_frames * SAMPLE_RATE / self._rate)
