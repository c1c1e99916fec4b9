import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.audio.input.ring import Frames, Overrun, RingBuffer


def frames(start: int, n_frames: int, n_channels: int = 1) -> Frames:
    """Frames that carry their own number, so that order and gaps show."""
    numbers = np.arange(start, start + n_frames, dtype=np.float32)
    return np.repeat(numbers[:, None], n_channels, axis=1)


# A number writes so many frames; None reads.
operations = st.lists(st.one_of(st.none(), st.integers(0, 20)))


@given(capacity=st.integers(1, 12), n_channels=st.integers(1, 2), operations=operations)
def test_any_interleaving_keeps_order_and_counts_every_loss(
    capacity: int, n_channels: int, operations: list[int | None]
) -> None:
    ring = RingBuffer(capacity, n_channels)
    kept: list[float] = []
    read: list[Frames] = []
    expected: dict[int, int] = {}
    n_offered = n_waiting = 0
    for operation in operations:
        if operation is None:
            read.append(ring.read())
            n_waiting = 0
            continue
        n_kept = min(operation, capacity - n_waiting)
        ring.write(frames(n_offered, operation, n_channels))
        kept += range(n_offered, n_offered + n_kept)
        if n_kept < operation:
            expected[len(kept)] = expected.get(len(kept), 0) + operation - n_kept
        n_offered += operation
        n_waiting += n_kept
    read.append(ring.read())
    received = np.concatenate(read)
    assert received.shape == (len(kept), n_channels)
    assert (received == np.array(kept, np.float32).reshape(-1, 1)).all()
    assert ring.finish() == [Overrun(at, n) for at, n in expected.items()]
    assert ring.n_written + sum(expected.values()) == n_offered


def test_a_loss_is_told_once_sound_comes_again() -> None:
    ring = RingBuffer(4)
    ring.write(frames(0, 6))
    assert ring.overruns() == []
    ring.read()
    ring.write(frames(6, 1))
    assert ring.overruns() == [Overrun(position=4, n_frames=2)]
    assert ring.finish() == []


def test_what_was_read_stays_when_the_ring_goes_round() -> None:
    ring = RingBuffer(4)
    ring.write(frames(0, 4))
    read = ring.read()
    ring.write(frames(4, 4))
    assert read[:, 0].tolist() == [0, 1, 2, 3]


def test_two_threads_lose_and_double_nothing() -> None:
    n_frames, block = 200_000, 160
    ring = RingBuffer(n_frames)

    def write_all() -> None:
        for at in range(0, n_frames, block):
            ring.write(frames(at, block))

    writer = threading.Thread(target=write_all)
    writer.start()
    read, n_read = [], 0
    while n_read < n_frames and (writer.is_alive() or ring.n_written > n_read):
        read.append(ring.read())
        n_read += len(read[-1])
    writer.join()
    assert (np.concatenate(read)[:, 0] == np.arange(n_frames)).all()
    assert ring.finish() == []


@pytest.mark.parametrize(("capacity", "n_channels"), [(0, 1), (1, 0)])
def test_a_ring_holds_something(capacity: int, n_channels: int) -> None:
    with pytest.raises(ValueError, match="holds nothing"):
        RingBuffer(capacity, n_channels)
