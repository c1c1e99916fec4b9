from collections.abc import Iterator

import numpy as np
import pytest

from sotto.audio.input.sample_source import SampleSource
from sotto.audio.input.source import Pcm, Source


def numbered(n_blocks: int) -> list[Pcm]:
    return [np.full(number, number, np.float32) for number in range(n_blocks)]


def test_blocks_come_one_by_one_and_then_the_end() -> None:
    source: Source = SampleSource(numbered(3))
    source.open()
    for block in numbered(3):
        assert not source.exhausted
        assert np.array_equal(source.read(), block)
    assert not len(source.read())
    assert source.exhausted
    assert source.losses() == []


def test_a_block_is_taken_when_it_is_read() -> None:
    taken = []

    def blocks() -> Iterator[Pcm]:
        for block in numbered(3):
            taken.append(len(block))
            yield block

    source = SampleSource(blocks())
    source.open()
    source.read()
    assert taken == [0]
    source.close()
    source.close()
    assert not len(source.read())
    assert (taken, source.exhausted) == ([0], True)


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        (np.zeros(3, np.int16), "float32"),
        (np.zeros((3, 1), np.float32), "one channel"),
        ([0.0, 0.0], "not list"),
    ],
)
def test_other_blocks_are_refused(block: Pcm, complaint: str) -> None:
    source = SampleSource([block])
    source.open()
    with pytest.raises(ValueError, match=complaint):
        source.read()
