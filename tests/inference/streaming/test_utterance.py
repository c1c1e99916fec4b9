from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.audio.input.source import SAMPLE_RATE
from sotto.inference.streaming.recogniser import Hypothesis, Word
from sotto.inference.streaming.utterance import Utterance
from tests.helpers.examples import examples
from tests.helpers.marked_sound import marked_sound
from tests.helpers.scripted_recogniser import Errors, ScriptedRecogniser, Spoken, spoken_word


def speech(n_words: int, word_s: float = 0.3, gap_s: float = 0.1) -> list[Spoken]:
    pitch = word_s + gap_s
    return [(str(i), i * pitch, i * pitch + word_s) for i in range(n_words)]


def blocks(duration_s: float, block_s: float) -> Iterator[np.ndarray]:
    pcm = marked_sound(round(duration_s * SAMPLE_RATE), [])
    size = max(1, round(block_s * SAMPLE_RATE))
    return (pcm[at : at + size] for at in range(0, len(pcm), size))


def heard_words(text: str) -> list[str]:
    return [spoken_word(word) for word in text.split()]


errors = st.builds(
    Errors,
    jitter_s=st.sampled_from([0.0, 0.02, 0.1]),
    wrong_last=st.booleans(),
    flicker=st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    seed=st.integers(0, 1000),
)


@given(
    duration_s=st.floats(0.05, 100.0),
    word_s=st.floats(0.15, 1.0),
    gap_s=st.floats(0.0, 2.0),
    block_s=st.floats(0.3, 40.0),
    errors=errors,
)
@settings(max_examples=examples(150))
def test_no_word_is_lost_or_doubled_and_committed_text_only_grows(
    duration_s: float, word_s: float, gap_s: float, block_s: float, errors: Errors
) -> None:
    script = speech(int(duration_s / (word_s + gap_s)) + 1, word_s, gap_s)
    recogniser = ScriptedRecogniser(script, errors)
    utterance = Utterance(recogniser)
    committed = ""
    for block in blocks(duration_s, block_s):
        utterance.append(block)
        text = utterance.partial()
        assert text.committed.startswith(committed)
        committed = text.committed
    final = utterance.finish()
    assert final.whole.startswith(committed)
    said = [word for word, start, end in script if (start + end) / 2 < utterance.decoded_s]
    assert heard_words(final.whole) == said
    assert utterance.undecoded_s == 0
    n_samples = round(duration_s * SAMPLE_RATE)
    assert np.array_equal(recogniser.samples(0), np.arange(n_samples))
    assert max(held for _, held in recogniser.decodes) <= 25.0 + 1e-6
    assert recogniser.decodes[-1][0]


def test_steady_words_are_committed_while_they_are_spoken() -> None:
    utterance = Utterance(ScriptedRecogniser(speech(100)))
    for block in blocks(10.0, 0.4):
        utterance.append(block)
        text = utterance.partial()
    assert len(text.committed.split()) >= 22  # 25 words were said
    assert text.whole.split() == [str(i) for i in range(25)]


class UnsureRecogniser:
    """Hears two words, of which the second is not sure."""

    def __init__(self, end_s: float, probability: float) -> None:
        self._words = (Word(" yes", 0.0, 0.3), Word(" no", 0.3, end_s, probability))

    def begin(self, context: str = "") -> None:
        """Nothing was heard."""

    def append(self, pcm: np.ndarray) -> None:
        """All is known already."""

    def trim(self, until_s: float, context: str = "") -> None:
        """Nothing is kept."""

    def go_on(self, from_s: float) -> None:
        """What follows is no other."""

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:  # noqa: ARG002
        return Hypothesis(self._words)


@pytest.mark.parametrize(
    ("probability", "heard_after_s", "shown"),
    [
        (0.4, 0.3, "yes"),
        (0.55, 0.3, "yes no"),
        (0.55, 0.05, "yes"),  # it may be the beginning of another word
        (0.55, -0.1, "yes"),
        (0.65, 0.05, "yes no"),
    ],
)
def test_a_last_word_is_shown_once_it_is_likely(
    probability: float, heard_after_s: float, shown: str
) -> None:
    utterance = Utterance(UnsureRecogniser(0.6, probability))
    utterance.append(np.zeros(round((0.6 + heard_after_s) * SAMPLE_RATE), np.float32))
    assert utterance.partial().tentative.strip() == shown
    assert utterance.finish().whole == "yes no"


def test_long_speech_is_trimmed_inside_committed_text() -> None:
    recogniser = ScriptedRecogniser(speech(1000))
    utterance = Utterance(recogniser)
    for block in blocks(60.0, 0.4):
        utterance.append(block)
        utterance.partial()
    assert max(held for _, held in recogniser.decodes) <= 15.5
    assert utterance.finish().whole.split() == [str(i) for i in range(150)]


def test_endless_speech_without_agreement_is_committed_at_the_hard_limit() -> None:
    recogniser = ScriptedRecogniser(speech(1000), Errors(flicker=1.0))
    utterance = Utterance(recogniser)
    for block in blocks(24.8, 0.4):
        utterance.append(block)
        assert utterance.partial().committed == ""
    for block in blocks(0.4, 0.4):
        utterance.append(block)
    assert 30 <= len(utterance.partial().committed.split()) <= 38  # of the first 15 s


def test_a_decode_takes_no_more_than_the_window_holds() -> None:
    recogniser = ScriptedRecogniser(speech(1000))
    utterance = Utterance(recogniser)
    utterance.append(marked_sound(120 * SAMPLE_RATE, []))
    utterance.partial()
    assert utterance.decoded_s == 25.0
    assert utterance.undecoded_s == 95.0
    assert utterance.finish().whole.split() == [str(i) for i in range(300)]


@pytest.mark.parametrize("flicker", [0.0, 1.0])
def test_a_decoder_that_takes_its_text_for_complete_is_woken(flicker: float) -> None:
    recogniser = ScriptedRecogniser(speech(120), Errors(longest=12, flicker=flicker))
    utterance = Utterance(recogniser)
    for block in blocks(60.0, 0.4):
        utterance.append(block)
        text = utterance.partial()
    heard = heard_words(text.whole)
    assert heard == [str(i) for i in range(len(heard))]
    assert len(heard) >= 120


class Punctuating(ScriptedRecogniser):
    """Knows the punctuation once ten more words were heard; committed words get it as well."""

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        words = super().recognise(prefix, final=final).words
        return Hypothesis(
            tuple(
                replace(word, text=f"{word.text.rstrip('.')}{'.' * self._is_sentence_end(word)}")
                if i < len(words) - 10 or final
                else word
                for i, word in enumerate(words)
            )
        )

    def _after(self, prefix: tuple[Word, ...]) -> int:
        return super()._after((*prefix[:-1], replace(prefix[-1], text=prefix[-1].text.strip("."))))

    @staticmethod
    def _is_sentence_end(word: Word) -> bool:
        return int(word.text.strip(" .")) % 20 == 19


def test_committed_words_get_their_marks_in_the_final() -> None:
    utterance = Utterance(Punctuating(speech(25)))
    for block in blocks(10.0, 0.4):
        utterance.append(block)
        partial = utterance.partial()
    final = utterance.finish()
    assert " 19 " in partial.committed
    assert final.committed == partial.committed
    assert final.whole.split() == [f"{i}." if i % 20 == 19 else str(i) for i in range(25)]


def test_who_does_not_pause_is_heard_in_parts_that_end_with_a_sentence() -> None:
    recogniser = Punctuating(speech(1000))
    utterance = Utterance(recogniser, context="before")
    parts, committed = [], ""
    for block in blocks(120.0, 0.4):
        utterance.append(block)
        text = utterance.partial()
        new = utterance.take_parts()
        assert new or text.committed.startswith(committed)
        committed = text.committed
        parts += new
    rest = utterance.finish()
    assert 2 <= len(parts) <= 4
    assert all(part.text.endswith("9.") and part.end_s - part.start_s >= 30 for part in parts)
    whole = " ".join([*(part.text for part in parts), rest.whole])
    assert [word.strip(".") for word in whole.split()] == [str(i) for i in range(300)]
    ends = [part.end_s for part in parts]
    assert [part.start_s for part in parts] == [0.0, *ends[:-1]]
    assert utterance.part_from_s == ends[-1]


def test_audio_may_follow_a_final_pass() -> None:
    utterance = Utterance(ScriptedRecogniser(speech(10)))
    pcm = marked_sound(4 * SAMPLE_RATE, [])
    utterance.append(pcm[: 2 * SAMPLE_RATE])
    assert utterance.finish().whole == "0 1 2 3 4"
    utterance.append(pcm[2 * SAMPLE_RATE :])
    assert utterance.finish().whole == "0 1 2 3 4 5 6 7 8 9"


@pytest.mark.parametrize("duration_s", [30.0, 90.0])
def test_long_sound_without_words_makes_room_too(duration_s: float) -> None:
    recogniser = ScriptedRecogniser([])
    utterance = Utterance(recogniser)
    utterance.append(marked_sound(round(duration_s * SAMPLE_RATE), []))
    assert utterance.finish().whole == ""
    assert len(recogniser.samples(0)) == duration_s * SAMPLE_RATE


def test_nothing_is_committed_while_all_may_change() -> None:
    class Undecided(ScriptedRecogniser):
        """Knows the language, and with it all words, from the fifth decode on."""

        def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
            hypothesis = super().recognise(prefix, final=final)
            is_settled = len(self.decodes) >= 5
            return replace(hypothesis, is_settled=is_settled, language="de" if is_settled else "en")

    utterance = Utterance(Undecided(speech(20)))
    texts = []
    for block in blocks(5.0, 0.5):
        utterance.append(block)
        texts.append(utterance.partial())
    assert all(text.tentative and not text.committed for text in texts[:5])
    assert texts[-1].committed
    assert [text.language for text in texts] == ["en"] * 4 + ["de"] * 6
    assert utterance.finish().language == "de"
