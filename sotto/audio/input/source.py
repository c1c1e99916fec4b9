"""Where sound comes from: the one interface of microphone, file and system audio."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000  # Hz; Whisper's and webrtcvad's rate. Every source delivers it.

Pcm = NDArray[np.float32]  # (n_samples,), 16 kHz mono, [-1, 1]


class Sound(Protocol):
    """`Pcm`, or what gives stretches of it and takes less memory."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> Pcm: ...


@dataclass(frozen=True, slots=True)
class Loss:
    """Samples that the device or the ring buffer lost, as 16 kHz positions in the stream.

    `start` is where in what was read they are missing, perhaps in what is still to be read.
    `n_samples` is 0 where nobody can say how many.
    """

    start: int
    n_samples: int
    reason: str


class Source(Protocol):
    """A stream of 16 kHz mono PCM. Opened, read and closed by the engine thread alone."""

    @property
    def name(self) -> str:
        """What the user calls this source."""
        ...

    @property
    def exhausted(self) -> bool:
        """True when no more samples will ever come (the end of a file, a device that is gone)."""
        ...

    @property
    def is_away(self) -> bool:
        """True while its device is gone and looked for: samples come once it is back."""
        ...

    def open(self) -> None:
        """Start the stream.

        Raises:
            DeviceError: the device does not exist or cannot be opened.
            AudioFileError: the file cannot be decoded.
        """
        ...

    def read(self) -> Pcm:
        """Return all samples that arrived since the last call, at once; possibly none.

        Raises:
            DeviceError: the device stopped delivering.
            AudioFileError: the rest of the file is damaged.
        """
        ...

    def losses(self) -> list[Loss]:
        """Return what was lost since the last call."""
        ...

    def close(self) -> None:
        """Stop the stream; what was captured before can still be read. Idempotent."""
        ...
