"""A source that listens to a device, and finds it again when it goes away."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace

import numpy as np

from sotto.audio.input.device_stream import DeviceStream
from sotto.audio.input.device_thread import DeviceThread
from sotto.audio.input.devices import InputDevice
from sotto.audio.input.portaudio import BLOCK_S
from sotto.audio.input.server_watch import ServerState, ServerWatch
from sotto.audio.input.source import SAMPLE_RATE, Loss, Pcm
from sotto.clock import Clock, SleeplessClock
from sotto.errors import DeviceError

# A sound server that moves a stream off an unplugged microphone says nothing: the stream stays
# active, only no callback comes. Callbacks come every 40 ms and are late by up to 0.5 s.
SILENT_S = 2.0
FIRST_BLOCK_S = 5.0  # an idle sound card takes up to 2 s to wake up
# A process that was stopped, or a machine that slept, was not listening to silence meanwhile.
_LONGEST_TURN_S = 1.0
RETRY_S = 0.5
# Where no server says that the device is back, PortAudio's list is read again: not so cheap.
PATIENT_RETRY_S = 1.5
_IMPATIENT_S = 10.0
# A server that does not have the device may get it back under another name.
_HOPELESS_RETRY_S = 5.0
# Moving to another microphone takes less; that is not worth a word.
TOLD_AWAY_S = 0.5
OPEN_WITHIN_S = 10.0  # a sound server that takes longer hangs
CLOSE_WITHIN_S = 1.0
HANGS = (
    "the sound server does not answer: start it anew "
    "(systemctl --user restart pipewire-pulse, or pulseaudio -k)"
)

_NOTHING = np.zeros(0, np.float32)

# The Pulse source that should be heard now; None where there is none to hear, or none is meant.
Aim = Callable[[ServerState, InputDevice], str | None]


class CaptureSource:
    """Listens to the device that `find` returns (see `sotto.audio.input.source.Source`).

    A device that stops delivering is looked for and opened again for as long as it takes; what was
    missed meanwhile is a `Loss`. Owned by the engine thread, which waits for no device for longer
    than a second, but for the first opening: a thread of its own opens and closes.

    Args:
        find: returns the device; raises DeviceError.
        clock: for the watchdog and what is missing; goes on while the machine sleeps.
        block_s: how much sound comes at once; larger blocks cost less and come later.
        aim: says what of a Pulse server should be heard; the device is left where that changes.
    """

    def __init__(
        self,
        find: Callable[[], InputDevice],
        clock: Clock | None = None,
        block_s: float = BLOCK_S,
        aim: Aim = lambda _state, _device: None,
    ) -> None:
        self._block_s = block_s
        self._find = find
        self._clock = clock or SleeplessClock()
        self._aim = aim
        self._name = "microphone"
        self._is_open = False
        self._thread: DeviceThread | None = None  # while it is open
        self._watch: ServerWatch | None = None  # likewise
        self._opening: Future[tuple[DeviceStream, InputDevice]] | None = None
        self._stream: DeviceStream | None = None  # None while the device is away
        self._device: InputDevice | None = None  # that was heard last
        self._aimed_at: str | None = None  # when the device was opened, where a server was watched
        self._had_server = False
        self._n_read = 0  # samples delivered by all streams
        self._stream_start = 0  # of those, by the streams before this one
        self._losses: list[Loss] = []
        self._heard_at = 0.0  # when samples last came, or since when they should
        self._away_since: float | None = None
        self._turned_at = 0.0  # when `read` was last called
        self._quiet_s = 0.0  # how long no samples came, as far as anybody listened
        self._quiet_for_s = FIRST_BLOCK_S  # so long that is no fault
        self._retry_at = 0.0

    @property
    def name(self) -> str:
        """The device's name, once it was opened."""
        return self._name

    @property
    def exhausted(self) -> bool:
        """Whether it is closed and all was read."""
        return not self._is_open and self._stream is None

    @property
    def is_away(self) -> bool:
        """Whether its device is gone and looked for. See `Source.is_away`."""
        away = self._away_since
        return self._is_open and away is not None and self._clock.now() - away >= TOLD_AWAY_S

    def open(self) -> None:
        """Start listening. See `Source.open`."""
        thread = DeviceThread()
        opening = thread.run(self._make_stream)
        try:
            stream, device = opening.result(OPEN_WITHIN_S)
        except TimeoutError as error:
            opening.add_done_callback(_release_late)
            thread.finish()
            raise DeviceError(HANGS) from error
        except Exception:
            thread.finish()
            raise
        self._thread, self._watch = thread, ServerWatch()
        self._opening, self._had_server, self._away_since = None, False, None
        self._heard_at = self._turned_at = self._clock.now()
        self._take(stream, device)
        self._is_open = True

    def read(self) -> Pcm:
        """Return all samples that arrived since the last call. See `Source.read`."""
        now = self._clock.now()
        turn_s, self._turned_at = now - self._turned_at, now
        if self._stream is None:
            if self._is_open:
                self._look_again(now)
            return _NOTHING
        pcm = self._stream.read()
        self._quiet_s += min(turn_s, _LONGEST_TURN_S)
        self._note(pcm)
        if not self._is_open:
            self._drop_stream()
        elif self._should_leave():
            pcm = np.concatenate((pcm, self._lose_stream()))
        return pcm

    def losses(self) -> list[Loss]:
        """Return what was lost since the last call. See `Source.losses`."""
        self._collect_losses()
        losses, self._losses = self._losses, []
        return losses

    def close(self) -> None:
        """Stop listening; what was captured can still be read. Idempotent."""
        if not self._is_open:
            return
        self._is_open = False
        if self._stream is not None:
            self._release(self._stream)
        if self._opening is not None:
            self._opening.add_done_callback(_release_late)
            self._opening = None
        if self._watch is not None:
            self._watch.close()
        if self._thread is not None:
            self._thread.finish()

    # Called on the device's thread ---------------------------------------------------------

    def _make_stream(self) -> tuple[DeviceStream, InputDevice]:
        device = self._find()
        return DeviceStream(device, self._block_s, self._clock), device

    # While the device is there -------------------------------------------------------------

    def _take(self, stream: DeviceStream, device: InputDevice) -> None:
        self._stream, self._device, self._name = stream, device, device.name
        self._stream_start = self._n_read
        self._quiet_s, self._quiet_for_s = 0.0, FIRST_BLOCK_S
        state = self._watch.state if self._watch is not None else None
        self._aimed_at = None if state is None else self._aim(state, device)

    def _note(self, pcm: Pcm) -> None:
        if not len(pcm):
            return
        now = self._clock.now()
        if self._away_since is not None:
            n_missed = round((now - self._heard_at) * SAMPLE_RATE) - len(pcm)
            self._losses.append(Loss(self._n_read, max(0, n_missed), f"{self._name} was away"))
            self._away_since = None
        self._n_read += len(pcm)
        self._heard_at, self._quiet_s, self._quiet_for_s = now, 0.0, SILENT_S

    def _should_leave(self) -> bool:
        assert self._stream is not None  # noqa: S101 - for the type checker
        is_over = self._stream.finished or self._quiet_s > self._quiet_for_s
        return is_over or self._should_hear_another()

    def _should_hear_another(self) -> bool:
        """Whether the server says that what is heard is not, or no longer, what is wanted.

        A server moves streams from a source that is gone to any other, such as what the speakers
        play.
        """
        state = self._watch.state if self._watch is not None else None
        if state is None or self._device is None:
            return False
        wanted = self._aim(state, self._device)
        if not self._had_server:
            self._had_server, self._aimed_at = True, wanted
        return wanted != self._aimed_at

    def _lose_stream(self) -> Pcm:
        """Close the stream that is not to be heard any more; return what it still held."""
        assert self._stream is not None  # noqa: S101 - for the type checker
        self._release(self._stream)
        pcm = self._stream.read()
        self._note(pcm)
        self._drop_stream()
        now = self._clock.now()
        self._retry_at = now
        if self._away_since is None:
            self._away_since = now
        return pcm

    def _release(self, stream: DeviceStream) -> None:
        """Close the device; one that hangs is left to its thread."""
        assert self._thread is not None  # noqa: S101 - for the type checker
        with suppress(TimeoutError, DeviceError):
            self._thread.run(stream.release).result(CLOSE_WITHIN_S)
        stream.end()

    def _drop_stream(self) -> None:
        self._collect_losses()
        self._stream = None

    def _collect_losses(self) -> None:
        if self._stream is not None:
            self._losses += [
                replace(loss, start=self._stream_start + loss.start)
                for loss in self._stream.losses()
            ]

    # While it is away ----------------------------------------------------------------------

    def _look_again(self, now: float) -> None:
        assert self._thread is not None  # noqa: S101 - for the type checker
        if self._opening is None:
            wait_s = 0.0 if self._may_be_back() else _HOPELESS_RETRY_S
            if now >= self._retry_at + wait_s:
                self._opening = self._thread.run(self._make_stream)
            return
        if not self._opening.done():
            return
        opening, self._opening = self._opening, None
        try:
            self._take(*opening.result())
        except DeviceError:
            self._retry_at = now + self._retry_s(now)

    def _may_be_back(self) -> bool:
        """Whether it is worth a try: a server that is watched says when the device is back."""
        state = self._watch.state if self._watch is not None else None
        if not self._had_server or self._device is None or self._aimed_at is None:
            return True
        return state is not None and self._aim(state, self._device) is not None

    def _retry_s(self, now: float) -> float:
        is_new = self._away_since is None or now - self._away_since < _IMPATIENT_S
        return RETRY_S if is_new else PATIENT_RETRY_S


def _release_late(opening: "Future[tuple[DeviceStream, InputDevice]]") -> None:
    """Give back a device that was opened when nobody wanted it any more."""
    with suppress(DeviceError):
        stream, _ = opening.result()
        stream.release()
