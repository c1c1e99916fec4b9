"""Speech slower or faster than it was, at the same pitch.

FFmpeg's `atempo` (in PyAV) does it: it leaves out or repeats whole periods of the voice (WSOLA).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

SLOWEST, FASTEST = 0.5, 2.0
"""Beyond them speech is hard to follow; `atempo` gives its best between them, too."""
BLOCK_S = 0.1

Sound = NDArray[np.int16]


def at_tempo(sound: Sound, rate: int, tempo: float) -> Iterator[Sound]:
    """Yield samples (n,) at `rate` as they sound `tempo` times as fast, some 0.1 s at a time.

    Raises:
        ValueError: The tempo is not from `SLOWEST` to `FASTEST`.
    """
    if not SLOWEST <= tempo <= FASTEST:
        raise ValueError(f"a tempo of {tempo}, which is not from {SLOWEST} to {FASTEST}")
    step = round(rate * BLOCK_S)
    blocks = (sound[at : at + step] for at in range(0, len(sound), step))
    yield from blocks if tempo == 1.0 else _stretched(blocks, rate, tempo)


def _stretched(blocks: Iterator[Sound], rate: int, tempo: float) -> Iterator[Sound]:
    import av  # noqa: PLC0415 (FFmpeg is loaded where it is used)

    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=rate, format="s16", layout="mono")
    stretch, sink = graph.add("atempo", str(tempo)), graph.add("abuffersink")
    source.link_to(stretch)
    stretch.link_to(sink)
    graph.configure()
    for block in blocks:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block)[None], "s16", "mono")
        frame.sample_rate = rate
        graph.push(frame)
        yield from _pulled(graph)
    graph.push(None)
    yield from _pulled(graph)


def _pulled(graph: Any) -> Iterator[Sound]:
    """Yield what the filter gives by now."""
    import av  # noqa: PLC0415

    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        yield np.asarray(frame.to_ndarray()[0], np.int16)
