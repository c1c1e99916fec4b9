"""The words of a decode that was forced to begin as a text was written."""

from collections.abc import Callable

import pytest

from sotto.inference.model.whisper_model import WhisperModel
from sotto.inference.streaming.decoded_words import with_newest_mark
from sotto.inference.streaming.recogniser import Word
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser
from tools.fixtures.clips import human_clips
from tools.fixtures.official import Official
from tools.simulated_session import listen
from tools.streaming_measures import written


@pytest.mark.parametrize(
    ("before", "behind", "text"),
    [
        (" day,", [",", " and"], " day, and"),
        (" day,", [".", " And"], " day. And"),
        (" day.", ["."], " day."),
        (" day", [",", " and"], " day, and"),
        (" day", ["...", " and"], " day... and"),
        (" day", [" and"], " day and"),
        (" day,", [" and"], " day, and"),
        (" day,", [], " day,"),
        (" day", [" -", " and"], " day - and"),
        ("天気", ["。", "今日"], "天気。今日"),
    ],
)
def test_a_mark_is_written_once(before: str, behind: list[str], text: str) -> None:
    tail = tuple(Word(each, 1.0 + i, 1.5 + i) for i, each in enumerate(behind))
    words = with_newest_mark((Word(before, 0.0, 1.0),), tail)
    assert "".join(word.text for word in words) == text
    assert (words[0].start_s, words[0].end_s) == (0.0, 1.0)


def test_a_text_may_begin_with_a_mark() -> None:
    tail = (Word(",", 0.0, 0.1), Word(" and", 0.1, 0.4))
    assert with_newest_mark((), tail) == tail


@pytest.mark.parametrize("name", ["base", "tiny.en"])
def test_no_mark_is_written_twice_in_live_text(
    name: Official, official_model: Callable[[Official], WhisperModel]
) -> None:
    """Kennedy's pause had two commas: "… can do for you,, ask what you can …"."""
    clip = next(clip for clip in human_clips() if clip.name == "human/jfk.flac")
    events = listen(clip.pcm(), WhisperRecogniser(official_model(name)), decode_s=0.07).events
    assert ",," not in written(events)
