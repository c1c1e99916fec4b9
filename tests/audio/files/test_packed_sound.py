"""Sound in 16 bits a sample."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sotto.audio.files.packed_sound import BLOCK, PackedSound
from sotto.audio.input.source import Pcm

lengths = st.lists(st.integers(0, 7 * BLOCK + 3), max_size=5)


def noise(n: int, loudness: float = 1.0) -> Pcm:
    return (loudness * np.random.default_rng(n).uniform(-1, 1, n)).astype(np.float32)


def packed(pcm: Pcm, lengths: list[int]) -> PackedSound:
    """Pack samples in blocks of these lengths and the rest."""
    sound = PackedSound()
    for part in np.split(pcm, np.cumsum(lengths)):
        sound.append(part)
    return sound


@given(lengths, st.integers(0, 2 * BLOCK), st.data())
def test_what_has_16_bits_stays_what_it_is(
    lengths: list[int], rest: int, data: st.DataObject
) -> None:
    n = sum(lengths) + rest
    pcm = (np.rint(noise(n, 32_767)) / 32_768).astype(np.float32)
    sound = packed(pcm, lengths)
    start = data.draw(st.integers(0, n + 1))
    end = data.draw(st.integers(0, n + 1))
    assert len(sound) == n
    np.testing.assert_array_equal(sound[start:end], pcm[start:end])
    np.testing.assert_array_equal(sound, pcm)


@given(st.sampled_from([1.0, 0.1, 1e-3, 1e-6, 1e-30, 1e-42, 0.0]), lengths)
def test_other_sound_is_rounded_to_16_bits_of_what_is_near(
    loudness: float, lengths: list[int]
) -> None:
    pcm = noise(3 * BLOCK + sum(lengths), loudness)
    pcm[BLOCK // 2] = -loudness  # full scale, too
    sound = packed(pcm, lengths)
    for start in range(0, len(pcm), BLOCK):
        part = pcm[start : start + BLOCK]
        wrong = np.abs(sound[start : start + BLOCK] - part).max()
        assert wrong <= max(np.abs(part).max() / 65_000, 1e-30)
    assert sound[:].dtype == np.float32


def test_it_takes_half_of_the_memory_of_floats() -> None:
    sound = PackedSound(noise(100 * BLOCK))
    assert len(sound._scales) == 100
    assert len(sound._packed) == sound[:].nbytes / 2
