"""A microphone that is open before it is wanted, so that a dictation begins before its key."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sotto.audio.input.source import SAMPLE_RATE, Loss, Pcm, Source
from sotto.clock import Clock, SystemClock
from sotto.errors import AudioError, DeviceError

# People begin to speak while they press; the first syllable is in these seconds.
BEFORE_S = 0.6
# Callbacks are what standing by costs: ten a second take a third of a percent of a core with all
# around them, twice as many twice that.
STANDBY_BLOCK_S = 0.1
# How often sound is taken from the device.
POLL_S = 0.5
# A microphone that could not be opened may be plugged in later.
RETRY_S = 5.0

_NOTHING: Pcm = np.zeros(0, np.float32)


class Standby:
    """Keeps a source open and of its sound the newest `BEFORE_S`, until somebody listens.

    Threads: what it holds is guarded by `_lock`; a thread of its own reads the source while nobody
    listens, the engine thread while somebody does. Only `stop` waits, at most a poll.

    Args:
        new_source: makes the source; called again when its device was gone.
        clock: the time.
    """

    def __init__(self, new_source: Callable[[], Source], clock: Clock | None = None) -> None:
        self._new_source = new_source
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._source: Source | None = None
        self._kept: Pcm = _NOTHING
        self._n_read = 0  # samples that the source gave so far
        self._since: float | None = None  # when the listener who is to come was asked for
        self._is_lent = False
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Open the microphone in a thread of its own; one that is missing is looked for again."""
        self._thread = threading.Thread(target=self._watch, name="sotto-standby", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the microphone, unless somebody listens, and forget what it heard."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            if not self._is_lent:
                self._drop()

    def listen(self) -> "StandbySource":
        """Return a source whose sound begins `BEFORE_S` before now, as far as it was heard."""
        with self._lock:
            if self._since is None:
                self._since = self._clock.now()
        return StandbySource(self)

    def take(self) -> tuple[Source, Pcm, int]:
        """Lend the source: return it, what it heard before, and how many samples that is in all.

        Raises:
            AudioError: the microphone cannot be opened, or it is away.
        """
        with self._lock:
            try:
                source = self._opened()
                self._keep(source.read())
            except AudioError:
                self._drop()
                raise
            if source.is_away:  # it is looked for; who speaks now must know
                raise DeviceError(
                    f"the microphone “{source.name}” is away: plug it in again or choose another "
                    "(sotto devices)"
                )
            self._is_lent = True
            source.losses()  # of sound that nobody asked for
            return source, self._hand_over(), self._n_read

    def forgo(self) -> None:
        """Forget that somebody was going to listen."""
        with self._lock:
            self._since = None

    def give_back(self) -> None:
        """Take the source back."""
        with self._lock:
            self._is_lent = False
            gone = self._source is not None and self._source.exhausted
            if gone or self._ending.is_set():
                self._drop()

    def _watch(self) -> None:
        wait_s = 0.0
        while not self._ending.wait(wait_s):
            wait_s = self._look()

    def _look(self) -> float:
        """Read what came and return how long to wait until the next time."""
        with self._lock:
            if self._is_lent:
                return POLL_S
            try:
                source = self._opened()
                self._keep(source.read())
                source.losses()  # of sound that nobody asked for
            except AudioError:
                self._drop()
                return RETRY_S
        return POLL_S

    def _opened(self) -> Source:
        if self._source is None:
            source = self._new_source()
            source.open()
            self._source = source
        return self._source

    def _keep(self, pcm: Pcm) -> None:
        self._n_read += len(pcm)
        self._kept = np.concatenate((self._kept, pcm))[-self._n_wanted :]

    @property
    def _n_wanted(self) -> int:
        """Samples from `BEFORE_S` before somebody asked, or before now, until now."""
        waited_s = 0.0 if self._since is None else self._clock.now() - self._since
        return round((BEFORE_S + waited_s) * SAMPLE_RATE)

    def _hand_over(self) -> Pcm:
        kept, self._kept, self._since = self._kept, _NOTHING, None
        return kept

    def _drop(self) -> None:
        if self._source is not None:
            self._source.close()
        self._source, self._n_read = None, 0
        self._kept, self._since = _NOTHING, None


class StandbySource:
    """The microphone of a `Standby`, for one session (see `sotto.audio.input.source.Source`).

    Closing it leaves the microphone open for the next. Owned by the engine thread.
    """

    def __init__(self, standby: Standby) -> None:
        self._standby = standby
        self._source: Source | None = None
        self._name = "microphone"
        self._waiting: Pcm = _NOTHING  # heard, but not yet read
        self._losses: list[Loss] = []
        self._shift = 0  # from the positions of the microphone to those of this source
        self._is_over = False

    @property
    def name(self) -> str:
        """The device's name, once it was opened."""
        return self._name

    @property
    def exhausted(self) -> bool:
        """Whether it was closed, or its device is gone for good, and all was read."""
        if self._source is not None:
            return self._source.exhausted and not len(self._waiting)
        return self._is_over and not len(self._waiting)

    @property
    def is_away(self) -> bool:
        """Whether its device is gone and looked for. See `Source.is_away`."""
        return self._source is not None and self._source.is_away

    def open(self) -> None:
        """Begin with what was heard before. See `Source.open`."""
        self._source, self._waiting, n_read = self._standby.take()
        self._name = self._source.name
        self._shift = len(self._waiting) - n_read

    def read(self) -> Pcm:
        """Return all samples that arrived since the last call. See `Source.read`."""
        waiting, self._waiting = self._waiting, _NOTHING
        if self._source is None:
            return waiting
        return np.concatenate((waiting, self._source.read()))

    def losses(self) -> list[Loss]:
        """Return what was lost since the last call. See `Source.losses`."""
        self._collect_losses()
        losses, self._losses = self._losses, []
        return losses

    def close(self) -> None:
        """Listen no more; what was captured can still be read. Idempotent."""
        if self._is_over:
            return
        self._is_over = True
        if self._source is None:
            self._standby.forgo()
            return
        with contextlib.suppress(AudioError):  # the session is ending anyway
            self._waiting = np.concatenate((self._waiting, self._source.read()))
        self._collect_losses()
        self._source = None
        self._standby.give_back()

    def _collect_losses(self) -> None:
        if self._source is not None:
            self._losses += [
                replace(loss, start=self._shift + loss.start) for loss in self._source.losses()
            ]
