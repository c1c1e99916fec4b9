import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.dictating.kept_sound import KeptSound
from sotto.audio.input.source import SAMPLE_RATE, Pcm

START = 5000


def samples(first: int, n: int) -> Pcm:
    """Samples that are their own positions."""
    return np.arange(first, first + n, dtype=np.float32)


@given(
    blocks=st.lists(st.integers(1, 4000), min_size=1, max_size=20),
    data=st.data(),
)
def test_each_part_of_a_segment_is_given_exactly(blocks: list[int], data: st.DataObject) -> None:
    sound, end = KeptSound(START), START
    taken = START
    for n in blocks:
        sound.append(samples(end, n))
        end += n
        if data.draw(st.booleans()):
            until = data.draw(st.integers(taken, end))
            pcm = sound.take(taken / SAMPLE_RATE, until / SAMPLE_RATE)
            assert np.array_equal(pcm, samples(taken, until - taken))
            taken = until
    assert np.array_equal(
        sound.take(taken / SAMPLE_RATE, end / SAMPLE_RATE), samples(taken, end - taken)
    )


def test_who_never_pauses_does_not_fill_the_memory() -> None:
    sound = KeptSound(0)
    for second in range(1000):
        sound.append(samples(second * SAMPLE_RATE, SAMPLE_RATE))
    kept = sound.take(0.0, 1000.0)
    assert len(kept) == 300 * SAMPLE_RATE
    assert kept[-1] == 1000 * SAMPLE_RATE - 1
