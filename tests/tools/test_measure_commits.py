"""Rules of when words are committed, compared by decodes alone."""

import numpy as np

from sotto.audio.input.source import SAMPLE_RATE
from sotto.inference.compute_type import best_compute_type
from sotto.inference.streaming.commit import CommitSettings
from sotto.inference.streaming.recogniser import Word
from tools.fixtures.clips import human_clips
from tools.listening_conditions import Clip
from tools.measure_commits import Outcome, Spoken, after, record
from tools.measure_streaming import load

TWO, THREE = CommitSettings(((2, 0.0),)), CommitSettings(((3, 0.0),))


def words(text: str) -> tuple[Word, ...]:
    return tuple(Word(f" {w}", i * 0.3, i * 0.3 + 0.3) for i, w in enumerate(text.split()))


def outcome(settings: CommitSettings, *partials: str, final: str) -> Outcome:
    decodes = [(2.0 + 0.3 * i, words(text)) for i, text in enumerate(partials)]
    result = Outcome()
    result.add(settings, Spoken(decodes, words(final)))
    return result


def test_words_are_wrong_where_the_final_hears_others() -> None:
    partials = ["let the forms"] * 2 + ["that the forms"] * 3
    two = outcome(TWO, *partials, final="that the forms")
    assert (two.n_committed, two.n_wrong, two.n_words) == (2, 1, 3)
    three = outcome(THREE, *partials, final="that the forms")
    assert (three.n_committed, three.n_wrong) == (2, 0)


def test_delays_are_from_the_end_of_a_word() -> None:
    result = outcome(TWO, "one two", "one two", final="one two")
    assert [round(delay, 3) for delay in result.delays_s] == [2.0]


def test_what_follows_committed_words() -> None:
    heard = words("it is it is so")
    assert after(words("it is"), heard) == heard[2:]
    assert after((), heard) == heard
    assert after(words("one two"), heard) is None


def test_speech_that_follows_closely_is_recorded_by_itself() -> None:
    model = load("tiny.en", best_compute_type())
    (clip,) = (clip for clip in human_clips() if clip.name.endswith("LJ001-0011.flac"))
    pcm = np.concatenate((clip.pcm(), np.zeros(SAMPLE_RATE, np.float32), clip.pcm()))
    recorded = record(model, [Clip(clip.name, clip.text, "en", pcm)], 0.03)
    first, second = (each for each in recorded if each.final)
    assert "letter" in "".join(word.text for word in first.final)
    assert len(second.final) == len(first.final), "those of the first are not among them"
    assert len(second.partials[-1][1]) <= len(second.final)
