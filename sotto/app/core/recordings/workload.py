"""How much sound is still to be heard: a guess by the sizes of files, for the time left."""

from collections.abc import Iterable
from pathlib import Path, PurePath

from sotto.app.core.recordings.kinds import FILM, LOSSLESS, PLAIN

_TYPICAL = {
    **dict.fromkeys(PLAIN.split(), 120_000.0),
    **dict.fromkeys(LOSSLESS.split(), 60_000.0),
    **dict.fromkeys(FILM.split(), 250_000.0),
}
"""Bytes a second of what people have: mono or stereo in CD quality, its lossless half, films of
2 Mbit/s."""
_SQUEEZED = 16_000.0  # and of all else: 128 kbit/s


class Workload:
    """The recordings that nobody has finished; learns from each what those of its kind are like.

    Owned by who works on them.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._left = {path: _n_bytes(path) for path in paths}
        self._read: dict[str, tuple[float, float]] = {}  # bytes and seconds of each kind

    @property
    def left_s(self) -> float:
        """Seconds of sound that may be left."""
        return sum(self.seconds(path) for path in self._left)

    def seconds(self, path: Path) -> float:
        """Return how long one of them may be."""
        typical = _TYPICAL.get(_kind(path), _SQUEEZED), 1.0
        read_bytes, read_s = self._read.get(_kind(path), typical)
        return self._left.get(path, 0) * read_s / read_bytes

    def finish(self, path: Path, seconds: float = 0.0) -> None:
        """Take one away, whose length is known if it could be read."""
        n_bytes = self._left.pop(path, 0)
        if n_bytes and seconds:
            read_bytes, read_s = self._read.get(_kind(path), (0.0, 0.0))
            self._read[_kind(path)] = read_bytes + n_bytes, read_s + seconds


def _kind(path: PurePath) -> str:
    return path.suffix[1:].lower()


def _n_bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):  # which is told of when its turn comes
        return 0
