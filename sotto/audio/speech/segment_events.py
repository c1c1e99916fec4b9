"""What the endpointer says about the stream, in order. Positions are 16 kHz sample indices."""

from dataclasses import dataclass

from sotto.audio.input.source import Pcm


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """A segment begins at `start`, which includes the pre-roll."""

    start: int


@dataclass(frozen=True, slots=True)
class SpeechAudio:
    """The next samples of the segment; gapless from `SpeechStarted.start` to `SpeechEnded.end`."""

    pcm: Pcm


@dataclass(frozen=True, slots=True)
class SpeechPaused:
    """The speaker has been silent for the pause time at `at`: a good moment for a final pass."""

    at: int


@dataclass(frozen=True, slots=True)
class SpeechResumed:
    """The speaker went on before the hang-over ended: a final pass begun at the pause is void."""

    at: int


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The segment is complete; it ends before sample `end` (hang-over included)."""

    end: int


SegmentEvent = SpeechStarted | SpeechAudio | SpeechPaused | SpeechResumed | SpeechEnded
