import numpy as np

from sotto.app.core.sides import are_alike, conversation
from sotto.app.core.transcription_files import as_srt, as_txt
from sotto.audio.input.source import SAMPLE_RATE
from sotto.inference.decoding import Segment, Transcription, WordTiming
from tools.fixtures.clips import human_clips

LEFT, RIGHT = human_clips()[0].pcm(), human_clips()[1].pcm()


def said(*pieces: tuple[float, str], language: str = "en", timed: bool = False) -> Transcription:
    segments = tuple(
        Segment(
            id=number,
            seek=0,
            start=start,
            end=start + 1,
            text=text,
            tokens=(),
            temperature=0.0,
            avg_logprob=-0.1,
            compression_ratio=1.0,
            no_speech_prob=0.0,
            words=(WordTiming(text, (), start, start + 1),) if timed else None,
        )
        for number, (start, text) in enumerate(pieces)
    )
    return Transcription("".join(text for _, text in pieces), segments, language)


def test_who_says_what_in_order_of_time() -> None:
    both = conversation(said((0.0, " Hello."), (4.0, " Fine.")), said((2.0, " How are you?")))
    assert as_txt(both) == "[left] Hello.\n[right] How are you?\n[left] Fine.\n"
    assert [segment.id for segment in both.segments] == [0, 1, 2]
    assert both.text == " [left] Hello. [right] How are you? [left] Fine."


def test_subtitles_of_timed_words_name_the_side_too() -> None:
    both = conversation(said((0.0, " Hello."), timed=True), said((2.0, " Hi."), timed=True))
    assert [line for line in as_srt(both).splitlines() if "[" in line] == [
        "[left] Hello.",
        "[right] Hi.",
    ]


def test_a_silent_side_says_nothing_and_has_no_language() -> None:
    both = conversation(said((0.0, ""), language="en"), said((1.0, " Guten Tag."), language="de"))
    assert (as_txt(both), both.language) == ("[right] Guten Tag.\n", "de")


def test_one_microphone_on_both_sides_is_no_conversation() -> None:
    noise = 0.001 * np.random.default_rng(0).standard_normal(len(LEFT)).astype(np.float32)
    assert are_alike(LEFT, 0.5 * LEFT + noise)
    assert are_alike(LEFT, -LEFT)
    assert not are_alike(LEFT, RIGHT)
    assert not are_alike(LEFT, 0 * LEFT)


def test_sides_are_compared_to_their_end() -> None:
    long = np.tile(LEFT, 1 + 61 * SAMPLE_RATE // len(LEFT))
    parting = long.copy()
    parting[60 * SAMPLE_RATE :] = 0
    parting[-len(RIGHT) :] = 2 * RIGHT
    assert are_alike(long, long)
    assert not are_alike(long, parting)
