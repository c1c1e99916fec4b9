"""Skipping silence around text that looks invented, by the timing of its words.

openai-whisper's heuristics behind `hallucination_silence_threshold`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sotto.inference.decoding.options import APPENDED, PREPENDED
from sotto.inference.decoding.result import Segment, WordTiming
from sotto.inference.dimensions import FRAMES_PER_SECOND, HOP_LENGTH, N_FRAMES, SAMPLE_RATE

N_JUDGED_WORDS = 8


@dataclass(frozen=True, slots=True)
class TimedWindow:
    """A window, its timed segments and what surrounds it.

    Attributes:
        seek: First mel frame of the window.
        n_frames: Mel frames of the window that hold sound.
        n_content_frames: Mel frames of the recording.
        segments: With words.
        next_seek: Where the next window would begin.
        ends_in_silence: The model said that nobody speaks after the last segment.
    """

    seek: int
    n_frames: int
    n_content_frames: int
    segments: tuple[Segment, ...]
    next_seek: int
    ends_in_silence: bool

    @property
    def start_s(self) -> float:
        """Seconds of the recording at which the window begins."""
        return self.seek * HOP_LENGTH / SAMPLE_RATE

    @property
    def sound_end_s(self) -> float:
        """Seconds of the recording at which the window's sound ends."""
        return self.start_s + self.n_frames * HOP_LENGTH / SAMPLE_RATE

    @property
    def full_end_s(self) -> float:
        """Seconds of the recording at which a whole window of 30 s would end."""
        return (self.seek + N_FRAMES) * HOP_LENGTH / SAMPLE_RATE


def after_leading_silence(window: TimedWindow, threshold_s: float) -> int | None:
    """Return the mel frame of an anomalous first segment that silence precedes; None: no such.

    The window is then to be decoded again from there.
    """
    first = _first_with_words(window.segments)
    if first is None or not is_anomalous(first):
        return None
    gap_s = first.start - window.start_s
    return window.seek + round(gap_s * FRAMES_PER_SECOND) if gap_s > threshold_s else None


def drop_hallucinations(
    window: TimedWindow, last_speech_s: float, threshold_s: float
) -> TimedWindow:
    """Cut the window before the first segment that looks invented and has silence around it.

    Args:
        window: To judge.
        last_speech_s: End of the last word before the window; seconds of the recording.
        threshold_s: Silence longer than this is skipped.
    """
    invented = _first_surrounded_by_silence(window, last_speech_s, threshold_s)
    if invented is None:
        return replace(window, next_seek=_after_trailing_silence(window, threshold_s))
    next_seek = _before_invented(window, window.segments[invented], threshold_s)
    return replace(window, segments=window.segments[:invented], next_seek=next_seek)


def last_word_end(segments: Sequence[Segment]) -> float | None:
    """Return where speech ends: the last word, else the last segment (`get_end`)."""
    for segment in reversed(segments):
        if segment.words:
            return segment.words[-1].end
    return segments[-1].end if segments else None


def is_anomalous(segment: Segment | None) -> bool:
    """Whether most of a segment's words are very long, very short or improbable."""
    if segment is None or not segment.words:
        return False
    words = [word for word in segment.words if word.word not in PREPENDED + APPENDED][
        :N_JUDGED_WORDS
    ]
    score = sum(_anomaly(word) for word in words)
    return score >= 3 or score + 0.01 >= len(words)


def _anomaly(word: WordTiming) -> float:
    duration = word.end - word.start
    score = 1.0 if word.probability < 0.15 else 0.0
    score += max(0.0, 0.133 - duration) * 15
    return score + max(0.0, duration - 2.0)


def _first_with_words(segments: Sequence[Segment]) -> Segment | None:
    return next((segment for segment in segments if segment.words), None)


def _after_trailing_silence(window: TimedWindow, threshold_s: float) -> int:
    """Go on behind the window when what is left of it is too short to hold speech."""
    end = last_word_end(window.segments)
    if window.ends_in_silence or end is None or end <= window.start_s:
        return window.next_seek
    if window.full_end_s - end > threshold_s:
        return round(end * FRAMES_PER_SECOND)
    return window.seek + window.n_frames


def _first_surrounded_by_silence(
    window: TimedWindow, last_speech_s: float, threshold_s: float
) -> int | None:
    """Return the index of the first segment that is anomalous and has silence on both sides."""
    for i, segment in enumerate(window.segments):
        if not segment.words:
            continue
        following = _first_with_words(window.segments[i + 1 :])
        if (
            is_anomalous(segment)
            and _silence_before(window, segment, last_speech_s, threshold_s)
            and _silence_after(window, segment, following, threshold_s)
        ):
            return i
        last_speech_s = segment.end
    return None


def _silence_before(
    window: TimedWindow, segment: Segment, last_speech_s: float, threshold_s: float
) -> bool:
    return (
        segment.start - last_speech_s > threshold_s
        or segment.start < threshold_s
        or segment.start - window.start_s < 2.0
    )


def _silence_after(
    window: TimedWindow, segment: Segment, following: Segment | None, threshold_s: float
) -> bool:
    next_start = window.sound_end_s
    if following is not None and following.words:
        next_start = following.words[0].start
    return (
        next_start - segment.end > threshold_s
        or is_anomalous(following)
        or window.full_end_s - segment.end < 2.0
    )


def _before_invented(window: TimedWindow, segment: Segment, threshold_s: float) -> int:
    """Go on where the invented segment begins; or at the end, if little is left after it."""
    if window.n_content_frames / FRAMES_PER_SECOND - segment.end < threshold_s:
        return window.n_content_frames
    return round(max(window.start_s + 1, segment.start) * FRAMES_PER_SECOND)
