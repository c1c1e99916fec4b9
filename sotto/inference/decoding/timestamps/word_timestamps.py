"""Giving timed words to the segments they belong to (openai-whisper's `add_word_timestamps`).

openai-whisper calls its heuristics hacks; they keep words from swallowing the pause beside them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from sotto.inference.decoding.options import SENTENCE_END, TranscribeOptions
from sotto.inference.decoding.result import Segment, WordTiming
from sotto.inference.dimensions import HOP_LENGTH, SAMPLE_RATE

MAX_MEDIAN_DURATION_S = 0.7


@dataclass(frozen=True, slots=True)
class Durations:
    """How long words last in this window, in seconds."""

    median: float

    @property
    def longest(self) -> float:
        """What a word may last beside a pause."""
        return self.median * 2

    @classmethod
    def of(cls, words: Sequence[WordTiming]) -> "Durations":
        """Measure words that take any time at all."""
        durations = [w.end - w.start for w in words if w.end != w.start]
        median = float(np.median(durations)) if durations else 0.0
        return cls(min(MAX_MEDIAN_DURATION_S, median))


def add_words(
    segments: Sequence[Segment],
    alignment: Sequence[WordTiming],
    options: TranscribeOptions,
    *,
    eot: int,
    last_speech_s: float,
) -> list[Segment]:
    """Return the segments of one window with their words, and starts and ends set by them.

    Args:
        segments: Of one window.
        alignment: All of its words; seconds from the window's start.
        options: Say which punctuation joins which word.
        eot: Tokens below are text.
        last_speech_s: End of the last word before the window; seconds of the recording.
    """
    durations = Durations.of(alignment)
    words = shorten_at_sentence_ends(alignment, durations)
    words = merge_punctuation(words, options.prepend_punctuations, options.append_punctuations)
    timed = []
    groups = _words_of_segments(words, segments, eot)
    for segment, group in zip(segments, groups, strict=True):
        fitted = fit_to_segment(segment, group, durations, last_speech_s)
        if group:
            last_speech_s = fitted.end
        timed.append(fitted)
    return timed


def shorten_at_sentence_ends(words: Sequence[WordTiming], durations: Durations) -> list[WordTiming]:
    """Cut words that are too long where a sentence ends: a pause lies there."""
    shortened = list(words)
    for i, (previous, word) in enumerate(pairwise(words), start=1):
        if word.end - word.start <= durations.longest:
            continue
        if word.word in SENTENCE_END:
            shortened[i] = replace(word, end=word.start + durations.longest)
        elif previous.word in SENTENCE_END:
            shortened[i] = replace(word, start=word.end - durations.longest)
    return shortened


def merge_punctuation(
    words: Sequence[WordTiming], prepended: str, appended: str
) -> list[WordTiming]:
    """Join punctuation with its word; a joined mark leaves an empty word behind.

    The empty words keep openai-whisper's times apart: the joined word has its own time only.
    """
    merged = list(words)
    following = len(merged) - 1
    for i in range(len(merged) - 2, -1, -1):
        word = merged[i].word
        if word.startswith(" ") and word.strip() in prepended:
            merged[following] = _with_text(merged[following], merged[i], merged[following])
            merged[i] = replace(merged[i], word="", tokens=())
        else:
            following = i
    previous = 0
    for j in range(1, len(merged)):
        if not merged[previous].word.endswith(" ") and merged[j].word in appended:
            merged[previous] = _with_text(merged[previous], merged[previous], merged[j])
            merged[j] = replace(merged[j], word="", tokens=())
        else:
            previous = j
    return merged


def _with_text(timing: WordTiming, left: WordTiming, right: WordTiming) -> WordTiming:
    return replace(timing, word=left.word + right.word, tokens=left.tokens + right.tokens)


def _words_of_segments(
    words: Sequence[WordTiming], segments: Sequence[Segment], eot: int
) -> Iterator[list[WordTiming]]:
    """Yield each segment's words, in seconds of the recording, by counting tokens."""
    remaining = iter(words)
    for segment in segments:
        offset = segment.seek * HOP_LENGTH / SAMPLE_RATE
        n_tokens = sum(token < eot for token in segment.tokens)
        group: list[WordTiming] = []
        while n_tokens > 0 and (word := next(remaining, None)) is not None:
            n_tokens -= len(word.tokens)
            if word.word:
                group.append(_shifted(word, offset))
        yield group


def _shifted(word: WordTiming, offset_s: float) -> WordTiming:
    start, end = round(offset_s + word.start, 2), round(offset_s + word.end, 2)
    return replace(word, start=start, end=end)


def fit_to_segment(
    segment: Segment, words: Sequence[WordTiming], durations: Durations, last_speech_s: float
) -> Segment:
    """Return the segment with its words, the times of both made to agree."""
    if not words:
        return replace(segment, words=())
    fitted = shorten_after_pause(words, durations, last_speech_s)
    start, first = _agree_on_start(segment.start, fitted[0], durations)
    fitted[0] = first
    end, last = _agree_on_end(segment.end, fitted[-1], durations)
    fitted[-1] = last
    return replace(segment, start=start, end=end, words=tuple(fitted))


def shorten_after_pause(
    words: Sequence[WordTiming], durations: Durations, last_speech_s: float
) -> list[WordTiming]:
    """Cut the first two words after a pause where they reach into it."""
    first, *others = words
    longest = durations.longest
    is_after_pause = first.end - last_speech_s > durations.median * 4
    is_long = first.end - first.start > longest
    are_long = bool(others) and others[0].end - first.start > longest * 2
    if not (is_after_pause and (is_long or are_long)):
        return list(words)
    if others and others[0].end - others[0].start > longest:
        boundary = max(others[0].end / 2, others[0].end - longest)
        first = replace(first, end=boundary)
        others[0] = replace(others[0], start=boundary)
    return [replace(first, start=max(0.0, first.end - longest)), *others]


def _agree_on_start(
    start: float, word: WordTiming, durations: Durations
) -> tuple[float, WordTiming]:
    """Trust the segment's start when its first word begins long before it."""
    if start < word.end and start - 0.5 > word.start:
        earliest = min(word.end - durations.median, start)
        return start, replace(word, start=max(0.0, earliest))
    return word.start, word


def _agree_on_end(end: float, word: WordTiming, durations: Durations) -> tuple[float, WordTiming]:
    """Trust the segment's end when its last word lasts long after it."""
    if end > word.start and end + 0.5 < word.end:
        return end, replace(word, end=max(word.start + durations.median, end))
    return word.end, word
