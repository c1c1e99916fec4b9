"""Speech that follows closely is heard together with what was said before it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.app.core.events import Final
from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.inference.model.whisper_model import WhisperModel
from sotto.inference.streaming.committed_text import LONGEST_CONTEXT, CommittedText
from sotto.inference.streaming.recogniser import Hypothesis, Word
from sotto.inference.streaming.utterance import Utterance
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser
from tests.helpers.examples import examples
from tests.helpers.marked_sound import marked_sound
from tests.helpers.scripted_recogniser import Errors, ScriptedRecogniser, spoken_word
from tools.fixtures.clips import human_clips, language_clips
from tools.fixtures.official import Official
from tools.listening_conditions import halves
from tools.simulated_session import listen
from tools.streaming_measures import normalised, written

STEP = SAMPLE_RATE // 2
PAUSE = np.zeros(round(0.9 * SAMPLE_RATE), np.float32)
END = np.zeros(STEP, np.float32)


def words(text: str) -> list[str]:
    return [spoken_word(word) for word in text.split()]


@given(
    parts_s=st.lists(st.floats(0.05, 14.0), min_size=1, max_size=6),
    step_s=st.floats(0.3, 3.0),
    errors=st.builds(
        Errors,
        jitter_s=st.sampled_from([0.0, 0.05]),
        wrong_last=st.booleans(),
        flicker=st.sampled_from([0.0, 0.3, 1.0]),
        seed=st.integers(0, 100),
    ),
)
@settings(max_examples=examples(100))
def test_every_word_is_in_one_part(parts_s: list[float], step_s: float, errors: Errors) -> None:
    """Committed words are never taken back, and each part begins where the last one ended."""
    duration_s = sum(parts_s)
    script = [(str(i), 0.4 * i, 0.4 * i + 0.3) for i in range(int(duration_s / 0.4) + 1)]
    recogniser = ScriptedRecogniser(script, errors)
    utterance = Utterance(recogniser)
    pcm = marked_sound(round(duration_s * SAMPLE_RATE), [])
    heard: list[str] = []
    at = 0
    for n_part, part_s in enumerate(parts_s):
        if n_part:
            utterance.go_on()
            assert utterance.part_from_s == pytest.approx(at / SAMPLE_RATE)
        committed, end = "", min(len(pcm), at + round(part_s * SAMPLE_RATE))
        while at < end:
            n_samples = min(round(step_s * SAMPLE_RATE), end - at)
            utterance.append(pcm[at : at + n_samples])
            at += n_samples
            text = utterance.partial()
            assert text.committed.startswith(committed)
            committed = text.committed
        text = utterance.finish()
        assert text.whole.startswith(committed)
        heard += words(text.whole)
    assert heard == [word for word, start, end in script if (start + end) / 2 < at / SAMPLE_RATE]
    assert np.array_equal(recogniser.samples(0), np.arange(at))


@pytest.mark.parametrize(
    ("text", "kept_s"),
    [
        ("0 1 2 3 4 5 6 7 8 9", 10.0),  # it is short enough
        ("0 1 2 3 4 5 6 7 8 9 10 11 12 13", 4.0),  # at least three seconds
        ("0 1 2 3 4 5 6 7 8. 9 10 11 12 13", 5.0),  # the last sentence
        ("0. 1 2 3 4 5 6 7 8 9 10 11 12 13", 4.0),  # or the end of a long one
    ],
)
def test_of_what_was_said_before_the_end_is_kept(text: str, kept_s: float) -> None:
    said = [(word, float(i), i + 0.9) for i, word in enumerate(text.split())]
    next_s = float(len(said))
    recogniser = ScriptedRecogniser([*said, ("next", next_s, next_s + 0.9)])
    utterance = Utterance(recogniser)
    utterance.append(marked_sound(len(said) * SAMPLE_RATE, []))
    utterance.finish()
    utterance.go_on()
    utterance.append(marked_sound(SAMPLE_RATE, []))
    assert utterance.finish().whole == "next"
    assert recogniser.decodes[-1][1] == pytest.approx(kept_s + 1.0, abs=0.1)


def test_the_context_of_an_utterance_that_goes_on_for_hours_does_not_grow() -> None:
    committed = CommittedText()
    for _ in range(100):
        committed.commit([Word(f" {'word ' * 20}", 0.0, 1.0)])
        committed.end_part()
        committed.forget(1)
    assert LONGEST_CONTEXT - 2 < len(committed.context) <= LONGEST_CONTEXT


@pytest.mark.parametrize(
    ("again", "text"), [(" day,", "day, and"), (" day.", "day. and"), (" day", "day and")]
)
def test_a_mark_that_is_heard_later_is_shown_and_committed_with_the_next_word(
    again: str, text: str
) -> None:
    committed = CommittedText()
    committed.commit([Word(" day", 0.0, 0.5)])
    (following,) = committed.write_anew((Word(again, 0.0, 0.5), Word(" and", 0.5, 1.0)))
    assert (committed.committed(), committed.shown([following])) == ("day", text)
    assert committed.shown([]) == "day"
    committed.commit([following])
    assert committed.committed() == committed.whole([]) == text
    committed.write_anew((Word(" day;", 0.0, 0.5), Word(" and", 0.5, 1.0)))
    committed.commit([Word(" night", 1.0, 1.5)])
    assert committed.committed() == f"{text} night"  # as it was first written


class Deaf(ScriptedRecogniser):
    """Takes the words before for all there is."""

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        return Hypothesis(prefix) if prefix else super().recognise(prefix, final=final)


@pytest.mark.parametrize("n_partials", [0, 1, 2])
def test_a_part_of_which_nothing_is_heard_is_heard_alone(n_partials: int) -> None:
    """Six words of Kennedy's were lost so behind another speaker; three sentences came late."""
    utterance = Utterance(Deaf([("before", 0.2, 0.6), ("after", 2.2, 2.6)]))
    utterance.append(marked_sound(2 * SAMPLE_RATE, []))
    assert utterance.finish().whole == "before"
    utterance.go_on()
    utterance.append(marked_sound(3 * SAMPLE_RATE, [])[2 * SAMPLE_RATE :])
    shown = [utterance.partial().whole for _ in range(n_partials)]
    assert shown == ["", "after"][:n_partials]
    assert utterance.finish().whole == "after"


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (" We rest.", " and go on", "And go on"),
        (" We rest...", " and go on", "and go on"),
        (" We rest", " and go on", "and go on"),
        (" We rest.", ", and go on", "And go on"),
        (" We rest", ", and go on", "and go on"),
        (" 休む。", "続く", "続く"),
    ],
)
def test_a_part_is_written_as_a_text_of_its_own(before: str, after: str, text: str) -> None:
    committed = CommittedText()
    committed.commit([Word(before, 0.0, 1.0)])
    committed.end_part()
    first, *rest = [Word(after, 1.0, 2.0), Word(" then.", 2.0, 3.0)]
    assert committed.shown([first]) == committed.whole([first]) == text
    committed.commit([first])
    assert committed.committed() == text
    assert committed.whole(rest) == f"{text} then."
    assert committed.context == ""
    committed.forget(1)
    assert committed.context == before.strip()
    committed.forget(1)
    assert committed.context.replace(" ", "") == f"{before}{after}".replace(" ", "")


@pytest.mark.parametrize(
    ("again", "after", "mark", "text"),
    [
        (" rest,", " and go on", ",", "and go on"),
        (" rest", " and go on", "", "and go on"),
        (" rest.", ", and go on", ",", "and go on"),  # where the words before are forced
        (" rest;", " and go on", ";", "and go on"),
        (" rest", " And go on", None, "And go on"),
        (" rest.", " and go on", None, "And go on"),
        (" rest...", " and go on", None, "And go on"),
        (" rest,", " 2 days", ",", "2 days"),
        (" rest,", " Häuser", ",", "Häuser"),
        (" rest、", "続く", "、", "続く"),
        (" rest", " 2 days", None, "2 days"),
        (" rest,", "", None, ""),
    ],
)
def test_a_sentence_may_go_on(again: str, after: str, mark: str | None, text: str) -> None:
    committed = CommittedText()
    committed.commit([Word(" We", 0.0, 0.5), Word(" rest.", 0.5, 1.0)])
    committed.end_part()
    assert committed.joined_by is None
    rest = Word(after, 1.0, 2.0)
    tail = committed.write_anew((Word(" We", 0.0, 0.5), Word(again, 0.5, 1.0), rest))
    assert (committed.joined_by, committed.whole(tail)) == (mark, text)
    committed.commit(tail)
    other = Word(" rest?", 0.5, 1.0)
    committed.write_anew((Word(" We", 0.0, 0.5), other, rest))
    assert (committed.joined_by, committed.committed()) == (mark, text)  # as it was begun


class Polyglot:
    """Hears one word a second of sound, and a language of each part."""

    def __init__(self, *languages: str) -> None:
        self._languages = list(languages)
        self._language = self._languages.pop(0)
        self._held_s = self.from_s = 0.0

    def begin(self, context: str = "") -> None:
        """Nothing was heard."""

    def append(self, pcm: Pcm) -> None:
        self._held_s += len(pcm) / SAMPLE_RATE

    def trim(self, until_s: float, context: str = "") -> None:
        assert not context  # it is in another language
        self.from_s = until_s

    def go_on(self, from_s: float) -> None:  # noqa: ARG002 (one language after the other)
        self._language = self._languages.pop(0)

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:  # noqa: ARG002
        first = prefix[-1].end_s if prefix else self.from_s
        seconds = np.arange(first, self._held_s)
        new = tuple(Word(f" {self._language}", s, s + 1) for s in seconds)
        return Hypothesis(prefix + new, language=self._language)


@pytest.mark.parametrize("second", ["de", "en", ""])
def test_what_is_in_another_language_is_heard_alone(second: str) -> None:
    recogniser = Polyglot("en", second)
    utterance = Utterance(recogniser)
    utterance.append(np.zeros(2 * SAMPLE_RATE, np.float32))
    assert utterance.finish().whole == "en en"
    utterance.go_on()
    utterance.append(np.zeros(SAMPLE_RATE, np.float32))
    assert utterance.partial().whole == second
    assert recogniser.from_s == (2.0 if second == "de" else 0.0)


def heard(utterance: Utterance, *sounds: Pcm) -> str:
    pcm = np.concatenate(sounds)
    for at in range(0, len(pcm), STEP):
        utterance.append(pcm[at : at + STEP])
        utterance.partial()
    return utterance.finish().whole


@pytest.mark.parametrize("name", ["human/LJ001-0017.flac", "human/sense-0890.wav"])
def test_a_sentence_with_a_pause_is_heard_as_one(
    name: str, official_model: Callable[[Official], WhisperModel]
) -> None:
    """The rest of it alone is "They can character …" and "It is to be older-sposed.\""""
    clip = next(clip for clip in human_clips() if clip.name == name)
    utterance = Utterance(WhisperRecogniser(official_model("tiny.en")))
    first, rest = halves(clip.pcm())
    text = heard(utterance, first, PAUSE)
    utterance.go_on()
    text += " " + heard(utterance, rest, END)
    assert normalised(text) == normalised(clip.text)


def test_of_a_pause_inside_a_sentence_nothing_is_left_in_the_text(
    official_model: Callable[[Official], WhisperModel],
) -> None:
    """As a session hears it, which ends an utterance there."""
    clip = next(clip for clip in human_clips() if clip.name == "human/LJ001-0005.flac")
    first, rest = halves(clip.pcm())
    pcm = np.concatenate((first, PAUSE, rest))
    events = listen(pcm, WhisperRecogniser(official_model("tiny.en")), decode_s=0.05).events
    assert sum(isinstance(event, Final) for event in events) == 2
    assert written(events) == (
        "The invention of movable metal letters in the middle of the 15th century "
        "may justly be considered as the invention of the art of printing."
    )


def test_a_speaker_of_another_language_may_follow_closely(
    official_model: Callable[[Official], WhisperModel],
) -> None:
    french = next(clip for clip in language_clips() if clip.name.endswith("fr-1.flac"))
    english = next(clip for clip in human_clips() if clip.name.endswith("LJ001-0011.flac"))
    recogniser = WhisperRecogniser(official_model("base"))
    utterance = Utterance(recogniser)
    assert "letter used" in heard(utterance, english.pcm(), PAUSE)
    utterance.go_on()
    utterance.append(french.pcm())
    text = utterance.finish()
    assert (text.language, "message" in text.whole) == ("fr", True)
    utterance.go_on()
    utterance.append(french.pcm())
    again = replace(utterance.finish(), end_probability=0.0)
    assert again.language == "fr"
    assert normalised(again.whole) == normalised(text.whole)
