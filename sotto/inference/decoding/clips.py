"""The parts of a recording that are to be transcribed."""

from collections.abc import Sequence
from itertools import pairwise

from sotto.errors import UsageError
from sotto.inference.dimensions import FRAMES_PER_SECOND


def clips_in_frames(timestamps: Sequence[float], n_frames: int) -> list[tuple[int, int]]:
    """Turn start, end, start, end… in seconds to (start, end) in mel frames.

    The last end may be missing; no timestamps at all mean the whole recording. What lies behind
    the end of the recording is left out.

    Raises:
        UsageError: when the timestamps do not ascend from 0.
    """
    points = [min(round(t * FRAMES_PER_SECOND), n_frames) for t in timestamps] or [0]
    if points[0] < 0 or any(later < earlier for earlier, later in pairwise(points)):
        raise UsageError("--clip_timestamps must ascend: start,end,start,end… in seconds")
    if len(points) % 2:
        points.append(n_frames)
    return list(zip(points[::2], points[1::2], strict=True))
