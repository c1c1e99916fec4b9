import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.events import Dropped, Event, Final, FinalSound
from sotto.app.dictating.recorder import RecordedSource
from sotto.audio.input.source import SAMPLE_RATE, Loss, Pcm


class CountedSource:
    """Samples that are their own positions."""

    name = "counted"
    exhausted = False

    def __init__(self) -> None:
        self._n_read = 0
        self.n_next = 0

    def open(self) -> None: ...

    def read(self) -> Pcm:
        start, self._n_read = self._n_read, self._n_read + self.n_next
        return np.arange(start, self._n_read, dtype=np.float32)

    def losses(self) -> list[Loss]:
        return []

    def close(self) -> None: ...


MILLISECONDS = st.integers(1, 4000)


@given(st.lists(st.tuples(MILLISECONDS, MILLISECONDS, st.booleans()), max_size=20))
def test_each_final_comes_with_exactly_its_sound(
    segments: list[tuple[int, int, bool]],
) -> None:
    source, events = CountedSource(), list[Event]()
    recorded = RecordedSource(source, events.append)
    at_ms = 0
    for silence_ms, speech_ms, is_final in segments:
        start_ms, end_ms = at_ms + silence_ms, at_ms + silence_ms + speech_ms
        for ms in (silence_ms, speech_ms):
            source.n_next = ms * SAMPLE_RATE // 1000
            assert len(recorded.read()) == source.n_next
        start, end, at_ms = start_ms / 1000, end_ms / 1000, end_ms
        if not is_final:
            recorded.post(Dropped(end, start, end, "no speech"))
            continue
        final = Final(end, end, start, end, "words")
        recorded.post(final)
        passed_on, sound = events[-2:]
        assert passed_on is final
        assert isinstance(sound, FinalSound)
        expected = np.arange(start_ms * SAMPLE_RATE // 1000, end_ms * SAMPLE_RATE // 1000)
        assert np.array_equal(sound.pcm, expected)


def test_silence_does_not_fill_the_memory() -> None:
    source = CountedSource()
    recorded = RecordedSource(source, lambda _: None)
    source.n_next = SAMPLE_RATE
    for _ in range(1000):
        recorded.read()
    assert sum(map(len, recorded._blocks)) <= 301 * SAMPLE_RATE
