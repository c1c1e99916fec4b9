from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.audio.speech.endpointer import Endpointer, EndpointerSettings
from sotto.audio.speech.segment_events import (
    SegmentEvent,
    SpeechAudio,
    SpeechEnded,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
)
from sotto.audio.speech.vad import FRAME_SAMPLES
from tests.helpers.examples import examples
from tools.fixtures.clips import human_clips, starter_clips

SETTINGS = EndpointerSettings()
ONSET, WINDOW, PRE_ROLL, PAUSE, HANG_OVER = 6, 10, 30, 10, 30  # the default settings in frames
GAP = 30


@dataclass(frozen=True)
class Segment:
    start: int
    end: int
    pcm: Pcm


def scripted(n_voiced_and_silent: list[tuple[int, int]], n_rest: int = 0) -> Pcm:
    """Sound in which a frame is voiced when its samples are positive; each sample is unique."""
    voiced = [flag for n_on, n_off in n_voiced_and_silent for flag in [1] * n_on + [-1] * n_off]
    signs = np.repeat(np.array(voiced, np.float32), FRAME_SAMPLES)
    signs = np.concatenate((signs, -np.ones(n_rest, np.float32)))
    return signs * (np.arange(len(signs), dtype=np.float32) + 1)


def is_positive(frame: Pcm) -> bool:
    return bool(frame[0] > 0)


def run(
    pcm: Pcm, sizes: list[int] | None = None, *, scripted_vad: bool = True
) -> list[SegmentEvent]:
    endpointer = Endpointer(SETTINGS, is_positive if scripted_vad else None)
    events, at = [], 0
    for size in [*(sizes or []), len(pcm)]:
        events += endpointer.feed(pcm[at : at + size])
        at += size
    return events + endpointer.flush()


def joined(events: list[SegmentEvent]) -> list[object]:
    """The events with neighbouring audio joined, comparable."""
    result: list[object] = []
    for event in events:
        if not isinstance(event, SpeechAudio):
            result.append(event)
        elif result and isinstance(result[-1], list):
            result[-1] += event.pcm.tolist()
        else:
            result.append(event.pcm.tolist())
    return result


def segments(events: list[SegmentEvent]) -> list[Segment]:
    found: list[Segment] = []
    start, audio = -1, list[Pcm]()
    for event in events:
        match event:
            case SpeechStarted():
                start, audio = event.start, []
            case SpeechAudio():
                audio.append(event.pcm)
            case SpeechEnded():
                found.append(Segment(start, event.end, np.concatenate(audio)))
    return found


def course(events: list[SegmentEvent]) -> list[tuple[type, int]]:
    """What happened at which frame, audio left out."""
    found: list[tuple[type, int]] = []
    for event in events:
        match event:
            case SpeechStarted(at) | SpeechPaused(at) | SpeechResumed(at) | SpeechEnded(at):
                found.append((type(event), at // FRAME_SAMPLES))
    return found


scripts = st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=8)
rests = st.integers(0, FRAME_SAMPLES - 1)


@given(script=scripts, n_rest=rests)
def test_segments_are_disjoint_in_order_and_gapless(
    script: list[tuple[int, int]], n_rest: int
) -> None:
    pcm = scripted(script, n_rest)
    end = 0
    for segment in segments(run(pcm)):
        assert end <= segment.start < segment.end <= len(pcm)
        np.testing.assert_array_equal(segment.pcm, pcm[segment.start : segment.end])
        end = segment.end


@given(script=scripts, n_rest=rests)
def test_every_run_of_voice_that_is_no_click_is_in_a_segment(
    script: list[tuple[int, int]], n_rest: int
) -> None:
    pcm = scripted(script, n_rest)
    inside = np.zeros(len(pcm), bool)
    for segment in segments(run(pcm)):
        inside[segment.start : segment.end] = True
    position = 0
    for n_voiced, n_silent in script:
        if n_voiced >= ONSET:
            assert inside[position : position + n_voiced * FRAME_SAMPLES].all()
        position += (n_voiced + n_silent) * FRAME_SAMPLES


@given(script=scripts, n_rest=rests, sizes=st.lists(st.integers(0, 2_000), max_size=60))
def test_the_size_of_the_blocks_makes_no_difference(
    script: list[tuple[int, int]], n_rest: int, sizes: list[int]
) -> None:
    pcm = scripted(script, n_rest)
    assert joined(run(pcm, sizes)) == joined(run(pcm))


@cache
def heard_whole() -> tuple[Pcm, object]:
    """Return speech, and what becomes of it in one block."""
    speech = np.concatenate([starter_clips()[0].pcm(), np.zeros(12_345, np.float32)])
    return speech, joined(run(speech, scripted_vad=False))


@settings(max_examples=examples(10))
@given(sizes=st.lists(st.integers(0, 5_000), max_size=60))
def test_the_size_of_the_blocks_makes_no_difference_to_the_real_detector(sizes: list[int]) -> None:
    speech, expected = heard_whole()
    assert joined(run(speech, sizes, scripted_vad=False)) == expected


def test_single_samples_make_no_difference() -> None:
    pcm = scripted([(10, 40), (3, 0)], 17)
    assert joined(run(pcm, [1] * len(pcm))) == joined(run(pcm))


@given(script=scripts, n_rest=rests)
def test_pauses_and_resumptions_alternate_inside_a_segment(
    script: list[tuple[int, int]], n_rest: int
) -> None:
    paused = False
    for event in run(scripted(script, n_rest)):
        match event:
            case SpeechStarted() | SpeechEnded():
                paused = False
            case SpeechPaused():
                assert not paused
                paused = True
            case SpeechResumed():
                assert paused
                paused = False


def test_the_course_of_two_utterances() -> None:
    pcm = scripted([(0, 50), (20, 15), (5, 30), (20, 40)])
    assert course(run(pcm)) == [
        (SpeechStarted, 50 - PRE_ROLL),
        (SpeechPaused, 70 + PAUSE),
        (SpeechResumed, 85 + 1),
        (SpeechPaused, 90 + PAUSE),
        (SpeechEnded, 90 + HANG_OVER),
        (SpeechStarted, 120),  # the pre-roll would reach back into the segment before
        (SpeechPaused, 140 + PAUSE),
        (SpeechEnded, 140 + HANG_OVER),
    ]


def test_audio_before_an_event_is_sent_before_it() -> None:
    events = run(scripted([(20, 15), (20, 40)]))
    position = 0
    for event in events:
        match event:
            case SpeechAudio():
                position += len(event.pcm)
            case SpeechPaused() | SpeechResumed():
                assert position == event.at
            case SpeechEnded():
                assert position == event.end


def test_a_click_is_no_speech() -> None:
    assert run(scripted([(0, 50), (4, 50), (4, 50)])) == []


def test_a_word_cut_off_by_the_end_is_kept() -> None:
    (segment,) = segments(run(scripted([(0, 50), (2, 0)], 100)))
    assert segment.end == 52 * FRAME_SAMPLES + 100


def test_flush_ends_an_open_segment_with_all_its_audio() -> None:
    pcm = scripted([(30, 3)], 123)
    (segment,) = segments(run(pcm))
    np.testing.assert_array_equal(segment.pcm, pcm)


def test_less_than_a_frame_is_no_speech() -> None:
    assert run(scripted([], 319)) == []


def test_flush_twice_tells_nothing_new() -> None:
    endpointer = Endpointer(SETTINGS, is_positive)
    endpointer.feed(scripted([(30, 3)]))
    assert endpointer.flush()
    assert endpointer.flush() == []


def test_a_shorter_hang_over_ends_the_open_segment() -> None:
    endpointer = Endpointer(SETTINGS, is_positive)
    assert (SpeechEnded, 35) not in course(endpointer.feed(scripted([(20, 15)])))
    endpointer.set_hang_over(200)
    assert course(endpointer.feed(scripted([(0, 1)]))) == [(SpeechEnded, 36)]


def test_a_hang_over_of_the_pause_time_ends_without_a_pause() -> None:
    endpointer = Endpointer(SETTINGS, is_positive)
    endpointer.set_hang_over(200)
    assert course(endpointer.feed(scripted([(20, 15)]))) == [(SpeechStarted, 0), (SpeechEnded, 30)]


@pytest.mark.parametrize("gain_db", [0, -15, -30])
def test_real_speech_is_kept_from_loud_to_very_quiet(gain_db: int) -> None:
    """A room's noise at -75 dBFS around it; all that carries energy must be in a segment."""
    for clip in [*starter_clips()[::4], *human_clips()[::8]]:
        speech = clip.pcm()
        room = np.random.default_rng(0).standard_normal(len(speech) + 2 * SAMPLE_RATE)
        heard = (room * 10 ** (-75 / 20)).astype(np.float32)
        heard[SAMPLE_RATE:-SAMPLE_RATE] += speech * np.float32(10 ** (gain_db / 20))
        inside = np.zeros(len(heard), bool)
        for segment in segments(run(heard, scripted_vad=False)):
            inside[segment.start : segment.end] = True
        power = np.convolve(np.square(speech), np.ones(400) / 400, "same")
        assert inside[SAMPLE_RATE:-SAMPLE_RATE][power > 0.02 * speech.var()].all(), clip.name


@pytest.mark.parametrize("level_db", [-35, -50, -70, -300])
def test_a_minute_of_noise_or_silence_is_no_speech(level_db: int) -> None:
    noise = np.random.default_rng(1).standard_normal(60 * SAMPLE_RATE)
    assert run((noise * 10 ** (level_db / 20)).astype(np.float32), scripted_vad=False) == []


@pytest.mark.parametrize("n_late", [0, 1, 10, 40, 44])
def test_a_voice_that_is_known_for_speech_late_was_speech_from_its_beginning(n_late: int) -> None:
    pcm = scripted([(0, 100), (80, 60)])
    heard = 0

    def is_speech(_frame: Pcm, voiced: bool) -> bool:
        nonlocal heard
        heard += voiced
        return heard >= ONSET + n_late

    endpointer = Endpointer(SETTINGS, is_positive, is_speech)
    events = [*endpointer.feed(pcm), *endpointer.flush()]
    assert events[0] == SpeechStarted((100 - PRE_ROLL) * FRAME_SAMPLES)


def test_a_voice_that_is_never_known_for_speech_begins_nothing() -> None:
    endpointer = Endpointer(SETTINGS, is_positive, lambda _frame, _voiced: False)
    assert [*endpointer.feed(scripted([(200, 50), (30, 0)])), *endpointer.flush()] == []


def test_before_speech_that_was_noise_for_long_a_second_is_kept() -> None:
    pcm = scripted([(1000, 60)])
    n_heard = 0

    def is_speech(_frame: Pcm, _voiced: bool) -> bool:
        nonlocal n_heard
        n_heard += 1
        return n_heard > 900

    endpointer = Endpointer(SETTINGS, is_positive, is_speech)
    start = endpointer.feed(pcm)[0]
    assert start == SpeechStarted((901 - PRE_ROLL - 50) * FRAME_SAMPLES)


@pytest.mark.parametrize(("part", "n_frames"), [(0.5, 15), (1.0, 30), (1.5, 45)])
def test_a_pause_may_be_shorter_or_longer_once(part: float, n_frames: int) -> None:
    endpointer = Endpointer(SETTINGS, is_positive)
    endpointer.feed(scripted([(20, PAUSE)]))
    endpointer.set_wait(part)
    ends = [
        event.end
        for event in endpointer.feed(scripted([(0, 100), (20, 100)]))
        if isinstance(event, SpeechEnded)
    ]
    second = PAUSE + 20 + 100 + 20 + HANG_OVER
    assert ends == [(20 + n_frames) * FRAME_SAMPLES, second * FRAME_SAMPLES]


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60)), min_size=1, max_size=8),
    st.floats(0, 1),
)
def test_no_segment_goes_on_over_a_cut(bursts: list[tuple[int, int]], where: float) -> None:
    pcm = scripted(bursts)
    cut = round(where * len(pcm))
    endpointer = Endpointer(SETTINGS, is_positive)
    before = [*endpointer.feed(pcm[:cut]), *endpointer.cut()]
    after = [*endpointer.feed(pcm[cut:]), *endpointer.flush()]
    assert joined(before) == joined(run(pcm[:cut]))  # as if the stream ended there
    for segment in segments(after):
        assert segment.start >= cut
        assert np.array_equal(segment.pcm, pcm[segment.start : segment.end])


@pytest.mark.parametrize("n_between", [0, PRE_ROLL, PRE_ROLL + GAP, PRE_ROLL + GAP + 1, 500])
def test_what_follows_closely_begins_where_the_segment_before_ended(n_between: int) -> None:
    pcm = scripted([(20, HANG_OVER + n_between), (20, HANG_OVER)])
    first, second = segments(run(pcm))
    follows = n_between <= PRE_ROLL + GAP
    voice = first.end + n_between * FRAME_SAMPLES
    assert second.start == (first.end if follows else voice - PRE_ROLL * FRAME_SAMPLES)


def test_behind_a_cut_there_is_only_the_pre_roll() -> None:
    endpointer = Endpointer(SETTINGS, is_positive)
    endpointer.feed(scripted([(20, HANG_OVER)]))
    endpointer.cut()
    start = 20 + HANG_OVER + PRE_ROLL + 1
    events = endpointer.feed(scripted([(0, PRE_ROLL + 1), (20, HANG_OVER)]))
    assert events[0] == SpeechStarted((start - PRE_ROLL) * FRAME_SAMPLES)


@given(script=scripts)
def test_no_segment_begins_before_the_oldest_sample(script: list[tuple[int, int]]) -> None:
    endpointer = Endpointer(SETTINGS, is_positive)
    oldest, is_open = 0, False
    for frame in scripted(script).reshape(-1, FRAME_SAMPLES):
        for event in endpointer.feed(frame):
            if isinstance(event, SpeechStarted):
                assert event.start >= oldest
                is_open = True
            elif isinstance(event, SpeechEnded):
                is_open = False
        if not is_open:
            assert endpointer.oldest >= oldest
            oldest = endpointer.oldest
