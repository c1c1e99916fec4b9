"""A source that listens to a device, and finds it again when it goes away."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sotto.audio.input.device_stream import DeviceStream
from sotto.audio.input.devices import InputDevice
from sotto.audio.input.portaudio import BLOCK_S
from sotto.audio.input.source import SAMPLE_RATE, Loss, Pcm
from sotto.clock import Clock, SystemClock
from sotto.errors import DeviceError

# A sound server that moves a stream off an unplugged microphone says nothing: the stream stays
# active, only no callback comes. Callbacks come every 40 ms and are late by up to 0.5 s.
SILENT_S = 2.0
FIRST_BLOCK_S = 5.0  # an idle sound card takes up to 2 s to wake up
RETRY_S = 0.5
GIVE_UP_S = 5.0  # long enough to plug a cable in again, short enough to be told of it


class CaptureSource:
    """Listens to the device that `find` returns (see `sotto.audio.input.source.Source`).

    A device that stops delivering is looked for and opened again for `GIVE_UP_S`; what was missed
    meanwhile is a `Loss`. Owned by the engine thread.

    Args:
        find: returns the device; raises DeviceError.
        clock: for the watchdog.
        block_s: how much sound comes at once; larger blocks cost less and come later.
    """

    def __init__(
        self,
        find: Callable[[], InputDevice],
        clock: Clock | None = None,
        block_s: float = BLOCK_S,
    ) -> None:
        self._block_s = block_s
        self._find = find
        self._clock = clock or SystemClock()
        self._name = "microphone"
        self._is_open = False
        self._stream: DeviceStream | None = None  # None while the device is away
        self._n_read = 0  # samples delivered by all streams
        self._stream_start = 0  # of those, by the streams before this one
        self._losses: list[Loss] = []
        self._heard_at = 0.0  # when samples last came, or since when they should
        self._away_since: float | None = None
        self._quiet_until = 0.0  # no samples until then are no fault
        self._retry_at = 0.0

    @property
    def name(self) -> str:
        """The device's name, once it was opened."""
        return self._name

    @property
    def exhausted(self) -> bool:
        """Whether it is closed, or its device gone for good, and all was read."""
        return not self._is_open and self._stream is None

    def open(self) -> None:
        """Start listening. See `Source.open`."""
        self._start_stream()
        self._heard_at, self._away_since = self._clock.now(), None
        self._is_open = True

    def read(self) -> Pcm:
        """Return all samples that arrived since the last call. See `Source.read`."""
        if self._stream is None:
            if self._is_open:
                self._look_again()
            return np.zeros(0, np.float32)
        pcm = self._stream.read()
        self._note(pcm)
        if not self._is_open:
            self._drop_stream()
        elif self._stream.finished or self._clock.now() > self._quiet_until:
            pcm = np.concatenate((pcm, self._lose_stream()))
        return pcm

    def losses(self) -> list[Loss]:
        """Return what was lost since the last call. See `Source.losses`."""
        self._collect_losses()
        losses, self._losses = self._losses, []
        return losses

    def close(self) -> None:
        """Stop listening; what was captured can still be read. Idempotent."""
        self._is_open = False
        if self._stream is not None:
            self._stream.close()

    def _start_stream(self) -> None:
        device = self._find()
        self._stream = DeviceStream(device, self._block_s)
        self._stream_start = self._n_read
        self._name = device.name
        self._quiet_until = self._clock.now() + FIRST_BLOCK_S

    def _note(self, pcm: Pcm) -> None:
        if not len(pcm):
            return
        now = self._clock.now()
        if self._away_since is not None:
            n_missed = round((now - self._heard_at) * SAMPLE_RATE) - len(pcm)
            self._losses.append(Loss(self._n_read, max(0, n_missed), f"{self._name} was away"))
            self._away_since = None
        self._n_read += len(pcm)
        self._heard_at, self._quiet_until = now, now + SILENT_S

    def _lose_stream(self) -> Pcm:
        """Close the stream that no longer delivers; return what it still held."""
        assert self._stream is not None  # noqa: S101 - for the type checker
        self._stream.close()
        pcm = self._stream.read()
        self._note(pcm)
        self._drop_stream()
        if self._away_since is None:
            self._away_since = self._retry_at = self._clock.now()
        else:
            self._give_up_in_time(
                "opened again, it is silent: plug it in again or choose another (sotto devices)"
            )
        return pcm

    def _drop_stream(self) -> None:
        self._collect_losses()
        self._stream = None

    def _collect_losses(self) -> None:
        if self._stream is not None:
            self._losses += [
                replace(loss, start=self._stream_start + loss.start)
                for loss in self._stream.losses()
            ]

    def _look_again(self) -> None:
        now = self._clock.now()
        if now < self._retry_at:
            return
        self._retry_at = now + RETRY_S
        try:
            self._start_stream()
        except DeviceError as error:
            self._give_up_in_time(str(error))

    def _give_up_in_time(self, cause: str) -> None:
        assert self._away_since is not None  # noqa: S101 - for the type checker
        if self._clock.now() - self._away_since >= GIVE_UP_S:
            self._is_open = False
            raise DeviceError(f"the microphone “{self._name}” stopped delivering; {cause}")
