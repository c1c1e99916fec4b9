"""What the server has done so far, in figures."""

import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Totals:
    """Since the start.

    Attributes:
        files: recordings that became text.
        audio_s: seconds of sound in these.
        file_s: seconds that they took, waiting for turns included.
        tokens: that the decoder ran, of files and live sessions.
        model_s: seconds that the model worked.
    """

    files: int = 0
    audio_s: float = 0.0
    file_s: float = 0.0
    tokens: int = 0
    model_s: float = 0.0


class Figures:
    """Counts. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._totals = Totals()

    @property
    def totals(self) -> Totals:
        """What was done so far."""
        return self._totals

    def add(self, **more: float) -> None:
        """Add to the totals of these names."""
        with self._lock:
            now = asdict(self._totals)
            self._totals = Totals(**now | {name: now[name] + more[name] for name in more})


def memory_bytes() -> int:
    """Return how much memory this process holds, shared pages of weights included; 0: unknown."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
