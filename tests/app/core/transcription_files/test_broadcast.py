"""Subtitles for reading: short lines, no overlap, all words, and time to read where there is."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.transcription_files import Shape, as_srt
from sotto.app.core.transcription_files.broadcast import LONG_PAUSE_S, broadcast_cues, limits
from sotto.app.core.transcription_files.cue_times import (
    GAP_S,
    MAX_SHOWN_S,
    MIN_SHOWN_S,
    SLIP_S,
)
from sotto.app.core.transcription_files.cues import Cue
from sotto.app.core.transcription_files.timed_words import timed_words
from sotto.inference.decoding import Segment, Transcription, WordTiming

BROADCAST = Shape(broadcast=True)
ROUNDING_S = 1e-6


def segment(start: float, end: float, text: str, words: list[WordTiming] | None = None) -> Segment:
    timed = None if words is None else tuple(words)
    return Segment(0, 0, start, end, text, (), 0.0, -0.1, 1.0, 0.0, timed, speaker=speaker_of(text))


def speaker_of(text: str) -> str:
    """Return the name in brackets with which a text begins."""
    name = re.match(r"\s*\[(.+?)\]", text)
    return name[1] if name else ""


def spoken(
    text: str, start: float = 0.0, word_s: float = 0.3, language: str = "en"
) -> Transcription:
    """Say a text evenly."""
    words = [
        WordTiming(f" {word}", (), start + i * word_s, start + (i + 1) * word_s)
        for i, word in enumerate(text.split())
    ]
    return Transcription(text, (segment(start, words[-1].end, text, words),), language)


def cues(transcription: Transcription, shape: Shape = BROADCAST) -> list[Cue]:
    return list(broadcast_cues(transcription, shape))


def texts(transcription: Transcription, shape: Shape = BROADCAST) -> list[str]:
    return [cue.text for cue in cues(transcription, shape)]


letters = st.text("abcXYZéß,.!?…:-'世界。", min_size=1, max_size=14)
word_texts = st.one_of(letters, st.just("[left]"), st.text("x", min_size=40, max_size=100))


@st.composite
def transcriptions(draw: st.DrawFn) -> Transcription:
    """Segments as models and others give them: words timed or not, late, squeezed, out of order."""
    now_s, segments = 0.0, []
    for _ in range(draw(st.integers(0, 6))):
        start, words = now_s, []
        for text in draw(st.lists(word_texts, max_size=12)):
            now_s += draw(st.sampled_from((-0.4, 0.0, 0.0, 0.02, 0.3, 2.0, 9.0)))
            length_s = draw(st.sampled_from((0.0, 0.1, 0.25, 0.8, 8.0)))
            space = draw(st.sampled_from((" ", " ", "")))
            words.append(
                WordTiming(f"{space}{text}", (), max(0.0, now_s), max(0.0, now_s) + length_s)
            )
            now_s = max(0.0, now_s) + length_s
        text = "".join(word.word for word in words)
        segments.append(segment(start, now_s, text, draw(st.sampled_from((words, None)))))
    language = draw(st.sampled_from(("en", "zh")))
    return Transcription("".join(each.text for each in segments), tuple(segments), language)


shapes = st.builds(
    Shape,
    broadcast=st.just(True),
    max_line_width=st.sampled_from((None, None, 10, 42)),
    max_line_count=st.sampled_from((None, None, 1, 3, 6)),
)


@given(transcriptions(), shapes)
def test_every_text_is_whole_within_the_limits_and_never_overlaps(
    transcription: Transcription, shape: Shape
) -> None:
    shown = cues(transcription, shape)
    within = limits(transcription.language, shape)
    for cue in shown:
        lines = cue.text.split("\n")
        assert len(lines) <= within.lines
        assert all(0 < len(line) <= within.width for line in lines)
        assert 0 < cue.end - cue.start <= MAX_SHOWN_S + ROUNDING_S
    for before, after in pairwise(shown):
        assert after.start - before.end >= GAP_S - ROUNDING_S
    said = "".join(each.text for each in transcription.segments)
    assert letters_of("".join(cue.text for cue in shown)) == letters_of(said)


@given(transcriptions())
def test_a_cue_comes_no_more_than_three_frames_before_its_first_word(
    transcription: Transcription,
) -> None:
    shown = cues(transcription)
    first_words = [word.start for word in timed_words(transcription, 42)]
    for cue in shown:
        assert any(cue.start >= start - SLIP_S - ROUNDING_S for start in first_words)


def test_a_quick_cue_takes_a_few_frames_of_the_slow_ones_beside_it() -> None:
    slow = "Then they went home.", "There was nobody there."
    first = spoken(slow[0], word_s=0.6).segments[0]
    quick = spoken("Extraordinarily complicated circumstances prevailed.", 2.4, 0.74).segments[0]
    last = spoken(slow[1], start=quick.end, word_s=0.6).segments[0]
    shown = cues(Transcription("", (first, quick, last), "en"))
    assert [cue.text.replace("\n", " ") for cue in shown] == [
        slow[0],
        "Extraordinarily complicated circumstances prevailed.",
        slow[1],
    ]
    assert shown[1].start < quick.start
    assert shown[2].start > last.start
    for cue in shown:
        assert len(cue.text) / (cue.end - cue.start) <= 17.01


def letters_of(text: str) -> str:
    """Leave white space away, and the name of a side, which stands where a speaker begins."""
    return re.sub(r"\s", "", text).replace("[left]", "")


@given(transcriptions())
def test_a_cue_is_too_quick_to_read_only_where_the_next_one_leaves_no_time(
    transcription: Transcription,
) -> None:
    shown = cues(transcription)
    characters_per_s = limits(transcription.language, BROADCAST).characters_per_s
    for number, cue in enumerate(shown):
        length = len(cue.text.replace("\n", ""))
        needed_s = min(MAX_SHOWN_S, max(MIN_SHOWN_S, length / characters_per_s))
        is_held_back = number + 1 < len(shown) and shown[number + 1].start - cue.end <= (
            GAP_S + ROUNDING_S
        )
        assert is_held_back or cue.end - cue.start >= needed_s - ROUNDING_S


@given(
    st.lists(
        st.sampled_from(("a", "the", "meeting", "yesterday,", "ended.")), min_size=1, max_size=60
    )
)
def test_at_an_easy_pace_every_cue_can_be_read(words: list[str]) -> None:
    for cue in cues(spoken(" ".join(words), word_s=0.7)):
        assert len(cue.text) / (cue.end - cue.start) <= 17 + ROUNDING_S


def test_cues_end_with_sentences_and_lines_where_it_reads_well() -> None:
    text = (
        "When the war was over, nobody knew what to do with the empty houses. "
        "Mr. Miller, who lived there, bought the first of the houses. It was a bargain for him."
    )
    assert texts(spoken(text)) == [
        "When the war was over, nobody knew\nwhat to do with the empty houses.",
        "Mr. Miller, who lived there,\nbought the first of the houses.",
        "It was a bargain for him.",
    ]


def test_no_cue_goes_on_over_a_pause_or_another_speaker() -> None:
    first = spoken("I am not sure").segments[0]
    second = spoken("that it works", start=first.end + LONG_PAUSE_S).segments[0]
    assert texts(Transcription("", (first, second), "en")) == ["I am not sure", "that it works"]
    words = [WordTiming(" [right] Hello", (), 1.2, 1.5), WordTiming(" you.", (), 1.5, 1.8)]
    other = segment(1.2, 1.8, " [right] Hello you.", words)
    assert texts(Transcription("", (first, other), "en")) == ["I am not sure", "[right] Hello you."]


def test_a_speaker_is_named_where_he_begins() -> None:
    pieces = (" [left] Good morning", " [left] to all.", " [right] Hello.", " [left] Bye.")
    segments = tuple(segment(i, i + 1.0, text) for i, text in enumerate(pieces))
    expected = ["[left] Good morning to all.", "[right] Hello.", "[left] Bye."]
    assert texts(Transcription("", segments, "en")) == expected


def test_a_long_name_is_cut_at_its_spaces_alone() -> None:
    name = "[Anna Maria of the Long Valley Road]"
    words = [WordTiming(f" {name} Extraordinarily", (), 0.0, 3.0), WordTiming(" so.", (), 3.0, 4.0)]
    said = segment(0.0, 4.0, f" {name} Extraordinarily so.", words)
    (text,) = texts(Transcription("", (said,), "en"))
    assert text.split() == f"{name} Extraordinarily so.".split()


def test_short_words_stay_with_what_follows_them() -> None:
    text = "somebody had already been walking through the corridor of a building"
    for cue in texts(spoken(text)):
        for line in cue.split("\n"):
            assert not line.endswith((" the", " of", " a"))


def test_a_quick_word_stays_long_enough() -> None:
    (cue,) = cues(spoken("Yes.", start=3.0))
    assert (cue.start, cue.end) == (3.0, 3.0 + MIN_SHOWN_S)


def test_languages_without_spaces_have_shorter_lines() -> None:
    words = [
        WordTiming(each, (), i / 4, (i + 1) / 4)
        for i, each in enumerate("今天天气很好我们去公园" * 3)
    ]
    whole = segment(0, 9, "", words)
    for text in texts(Transcription("", (whole,), "zh")):
        assert all(len(line) <= 16 for line in text.split("\n"))
        assert " " not in text


def test_a_number_stays_with_what_it_counts() -> None:
    text = "持 って いけ ない 場合 は 50 円 の 学校 販売 の パン を 買 う。"
    words = [WordTiming(each, (), i / 4, (i + 1) / 4) for i, each in enumerate(text.split())]
    (text,) = texts(Transcription("", (segment(0, 4, "", words),), "ja"))
    assert "\n" in text
    assert "50円" in text


@pytest.mark.parametrize(("width", "count"), [(20, None), (None, 1), (30, 3)])
def test_other_limits_may_be_asked_for(width: int | None, count: int | None) -> None:
    shape = Shape(max_line_width=width, max_line_count=count, broadcast=True)
    text = "It is a truth universally acknowledged that a single man wants a wife. " * 4
    for cue in texts(spoken(text), shape):
        lines = cue.split("\n")
        assert len(lines) <= (count or 2)
        assert all(len(line) <= (width or 42) for line in lines)


def test_no_text_of_a_cue_looks_like_its_times() -> None:
    assert as_srt(spoken("a --> b"), BROADCAST).count("-->") == 1
