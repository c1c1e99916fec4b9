"""A sound file as a source: fed at the speed of sound, like a microphone, or without waiting."""

from pathlib import Path
from typing import Literal

import numpy as np

from sotto.audio.files.missing import Missing
from sotto.audio.files.reading import SELECTION, Decoding, damage, decode
from sotto.audio.files.selection import Selection
from sotto.audio.input.source import SAMPLE_RATE, Loss, Pcm
from sotto.clock import Clock, SystemClock
from sotto.errors import AudioFileError

Speed = Literal["realtime", "max"]

MAX_SPEED_BLOCK = SAMPLE_RATE // 10  # 100 ms: the events come as they would from a microphone
BLOCK = SAMPLE_RATE // 100
"""At the speed of sound. Of single samples there would always be more, and nobody would sleep."""


class FileSource:
    """Feeds a file (see `sotto.audio.input.source.Source`). It is decoded as it is read.

    Its first sample sounds at the first `read`. Owned by the engine thread.

    Args:
        path: the file, in any format that `sotto.audio.files.reading` decodes.
        speed: `realtime` delivers on the clock, in whole blocks of 10 ms; `max` a block of 100 ms
            each `read`.
        clock: what `realtime` goes by.
        selection: which track and channels of it.
    """

    def __init__(
        self,
        path: str | Path,
        speed: Speed = "realtime",
        clock: Clock | None = None,
        selection: Selection = SELECTION,
    ) -> None:
        self._path = Path(path)
        self._selection = selection
        self._speed = speed
        self._clock = clock or SystemClock()
        self._decoding: Decoding | None = None
        self._decoded = np.zeros(0, np.float32)  # not yet read
        self._fault: AudioFileError | None = None  # raised when what came before it was read
        self._ended = True  # nothing more will be decoded
        self._began: float | None = None  # on the clock
        self._n_read = 0
        self._n_told = 0  # missing places
        self._closed = True

    @property
    def name(self) -> str:
        """The file's name."""
        return self._path.name

    @property
    def exhausted(self) -> bool:
        """Whether every sample was read."""
        return self._ended and not len(self._decoded) and self._fault is None

    @property
    def is_away(self) -> bool:
        """Never. See `Source.is_away`."""
        return False

    def open(self) -> None:
        """Start decoding. See `Source.open`."""
        self._decoding = decode(self._path, self._selection)
        self._ended, self._closed, self._n_told = False, False, 0
        self._decode(1)
        if not len(self._decoded):
            self._raise_fault()  # no sound at all is refused here

    def read(self) -> Pcm:
        """Return the samples that have sounded since the last call. See `Source.read`.

        Raises:
            AudioFileError: after the last sample that can be read: the file is damaged.
        """
        n_due = self._n_due()
        self._decode(n_due)
        pcm, self._decoded = self._decoded[:n_due], self._decoded[n_due:]
        self._n_read += len(pcm)
        if not len(pcm) and not len(self._decoded):
            self._raise_fault()
        return pcm

    def losses(self) -> list[Loss]:
        """Return what of the sound read so far, and not yet told, is missing in the file."""
        heard_s = self._n_read / SAMPLE_RATE
        places = self._missing()[self._n_told :]
        told = [p for p in places if p.end_s is not None and p.end_s <= heard_s]
        self._n_told += len(told)
        return [_loss(place.start_s, place.end_s or 0.0) for place in told]

    def close(self) -> None:
        """Stop; what has sounded by now can still be read. Idempotent."""
        if self._closed:
            return
        n_due = self._n_sounding() if self._began is not None else 0
        self._decode(n_due)
        self._decoded = self._decoded[:n_due]
        self._closed, self._ended, self._fault = True, True, None
        if self._decoding is not None:
            self._decoding.close()

    def _missing(self) -> tuple[Missing, ...]:
        return self._decoding.missing if self._decoding is not None else ()

    def _n_due(self) -> int:
        if self._closed:
            return len(self._decoded)
        if self._speed == "max":
            return MAX_SPEED_BLOCK
        return self._n_sounding() // BLOCK * BLOCK

    def _n_sounding(self) -> int:
        """Return how many samples have sounded since the last read."""
        now = self._clock.now()
        if self._began is None:
            self._began = now
        return int((now - self._began) * SAMPLE_RATE) - self._n_read

    def _decode(self, n_samples: int) -> None:
        """Have at least `n_samples` ready, as far as the file goes."""
        blocks = [self._decoded]
        n_ready = len(self._decoded)
        while not self._ended and self._decoding is not None and n_ready < n_samples:
            try:
                blocks.append(next(self._decoding))
                n_ready += len(blocks[-1])
            except StopIteration:
                self._ended = True
                if self._missing():
                    self._fault = AudioFileError(damage(self._path, self._missing()))
            except AudioFileError as error:
                self._ended, self._fault = True, error
        self._decoded = np.concatenate(blocks)

    def _raise_fault(self) -> None:
        if self._fault is not None:
            fault, self._fault = self._fault, None
            raise fault


def _loss(start_s: float, end_s: float) -> Loss:
    start = round(start_s * SAMPLE_RATE)
    return Loss(start, round(end_s * SAMPLE_RATE) - start, "the file is damaged")
