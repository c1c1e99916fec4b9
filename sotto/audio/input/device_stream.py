"""One opening of one device: PortAudio's callback at one end, 16 kHz samples at the other."""

from collections import deque
from typing import Any

import numpy as np

from sotto.audio.input.devices import InputDevice
from sotto.audio.input.portaudio import BLOCK_S, InputStream, environment
from sotto.audio.input.ring import Frames, RingBuffer
from sotto.audio.input.source import SAMPLE_RATE, Loss, Pcm
from sotto.audio.resample import Resampler
from sotto.errors import DeviceError

# Speech spoken while the model is compiled for the first time must not be lost.
RING_S = 180


class DeviceStream:
    """A running stream from a device. Positions count from its first sample.

    `_hear` and `_finish` run on PortAudio's thread, which writes the ring, `_overflows` and
    `finished`; all else belongs to the engine thread.

    Args:
        device: what to listen to.
        block_s: how much sound comes at once.

    Raises:
        DeviceError: the device refuses to open.
    """

    def __init__(self, device: InputDevice, block_s: float = BLOCK_S) -> None:
        self._block_s = block_s
        self.finished = False  # no callback will come any more
        self._overflows: deque[int] = deque()  # frames kept when PortAudio told of a loss
        self._closed = False
        self._drained = False
        self._stream = self._open(device)

    def read(self) -> Pcm:
        """Return what arrived since the last call; after `close`, the rest, once."""
        pcm = self._resampler.push(self._ring.read())
        if self._closed and not self._drained:
            self._drained = True
            pcm = np.concatenate((pcm, self._resampler.flush()))
        return pcm

    def losses(self) -> list[Loss]:
        """Return what was lost since the last call."""
        overruns = self._ring.finish() if self._closed else self._ring.overruns()
        losses = [
            Loss(self._at(o.position), self._at(o.n_frames), "the ring buffer was full")
            for o in overruns
        ]
        while self._overflows:
            position = self._at(self._overflows.popleft())
            losses.append(Loss(position, 0, "the device lost samples, it does not say how many"))
        return sorted(losses, key=lambda loss: loss.start)

    def close(self) -> None:
        """Stop listening; what was captured can still be read. Idempotent."""
        self._stream.close()
        self._closed = True

    def _open(self, device: InputDevice) -> InputStream:
        """Open at 16 kHz mono if the device takes that, else as it prefers."""
        own = device.default_rate
        formats = ((SAMPLE_RATE, 1), (own, 1), (own, min(2, device.channels)))
        for rate, n_channels in formats:
            self._rate = rate
            self._ring = RingBuffer(RING_S * rate, n_channels)
            self._resampler = Resampler(rate)
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

    def _hear(self, frames: Frames, _n_frames: int, _time: Any, status: Any) -> None:
        if status.input_overflow:
            self._overflows.append(self._ring.n_written)
        self._ring.write(frames)

    def _finish(self) -> None:
        self.finished = True

    def _at(self, n_frames: int) -> int:
        return round(n_frames * SAMPLE_RATE / self._rate)
