"""A recogniser that is told what was held stands where the first one does."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.app.dictating.recognising.child import _tell
from sotto.app.dictating.recognising.held_sound import HeldSound
from sotto.app.dictating.recognising.protocol import Append, Begin, GoOn, Trim
from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.inference.features import IncrementalLogMel, Starts
from sotto.inference.interfaces import Array
from sotto.inference.streaming.recogniser import Hypothesis, Word
from tests.helpers.examples import examples

N_MELS = 8
FRAMES_PER_SECOND = 100


class Features:
    """A recogniser that has real features and no model."""

    def begin(self, context: str = "") -> None:
        self.mel = IncrementalLogMel(_log_mel, N_MELS)
        self.context = context
        self.part_from_s = 0.0

    def append(self, pcm: Pcm) -> None:
        self.mel.append(pcm)

    def trim(self, until_s: float, context: str = "") -> None:
        self.mel.trim(round(until_s * FRAMES_PER_SECOND) - self.mel.first_frame)
        self.context = context

    def go_on(self, from_s: float) -> None:
        self.part_from_s = from_s

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        raise NotImplementedError


def _log_mel(pcm: Array, starts: Starts) -> Array:
    """Return features that depend on all samples of each frame, and on nothing else."""
    padded = np.pad(pcm, 400)
    frames = np.stack([padded[start + 400 : start + 800] for start in starts])
    features: Array = frames.reshape(len(starts), N_MELS, -1).sum(axis=2)
    return features


pieces = st.lists(
    st.tuples(st.integers(1, 3 * SAMPLE_RATE), st.none() | st.floats(0.0, 1.0)), max_size=12
)


@given(pieces, st.integers(0, 9))
@settings(max_examples=examples(60))
def test_what_is_told_again_gives_the_same_features(
    pieces: list[tuple[int, float | None]], seed: int
) -> None:
    """After sound of any lengths, cut anywhere in what is held."""
    random = np.random.default_rng(seed)
    first, held = Features(), HeldSound()
    _tell(first, Begin("before"))
    held.begin("before")
    for n_samples, cut in pieces:
        pcm = random.standard_normal(n_samples).astype(np.float32)
        _tell(first, Append(pcm))
        held.append(pcm)
        complete = first.mel.n_samples / SAMPLE_RATE - 0.05
        from_s = first.mel.first_frame / FRAMES_PER_SECOND
        if cut is None:
            _tell(first, GoOn(complete))
            held.go_on(complete)
        elif complete > from_s:
            until_s = from_s + cut * (complete - from_s)
            _tell(first, Trim(until_s, f"{until_s}"))
            held.trim(until_s, f"{until_s}")
    second = Features()
    for call in held.calls():
        _tell(second, call)
    assert second.context == first.context
    assert second.part_from_s == first.part_from_s
    assert second.mel.n_samples == first.mel.n_samples
    assert second.mel.first_frame == first.mel.first_frame
    if first.mel.n_samples:
        np.testing.assert_array_equal(second.mel.features(), first.mel.features())


def test_an_hour_without_a_pause_is_not_held() -> None:
    held = HeldSound()
    for second in range(3600):
        held.append(np.zeros(SAMPLE_RATE, np.float32))
        if second > 20:
            held.trim(second - 20.0, "")
    assert held.duration_s <= 23
