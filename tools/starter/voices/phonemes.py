"""When words are said whose phonemes' lengths are known."""

import numpy as np
from numpy.typing import NDArray

FRAME_S = 0.025  # of Kokoro
MARKS = ',.;:?!"—”“'


def word_times(
    phonemes: str, frames: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where words start and end (n_words,), in seconds.

    Args:
        phonemes: Of words, with a space between two. A pause belongs to the mark it is made for.
        frames: (1 + n_symbols,), how many each takes, silence before the first one.
    """
    ends_s = np.cumsum(frames, dtype=np.float64) * FRAME_S  # of silence, then of each symbol
    starts, stops, at = [], [], 0
    for word in phonemes.split(" "):
        bare = word.strip(MARKS)
        starts.append(at + word.index(bare))
        stops.append(starts[-1] + len(bare))
        at += len(word) + 1
    return ends_s[starts], ends_s[stops]
