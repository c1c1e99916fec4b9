"""What a session tells its faces (terminal, window): frozen, plain, named for what happened.

Times: `t` is seconds since the first sample was fed, `audio` seconds of audio fed so far,
`start` and `end` seconds in the audio.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the window appears before numpy is there
    import numpy as np
    from numpy.typing import NDArray


# Reasons of a `Dropped`: the user wanted it; or words may be in the sound that nobody found.
CANCELLED = "cancelled"
NOT_RECOGNISED = "recognition failed"
NO_UTTERANCE = -1


class SessionState(Enum):
    """What a session is doing."""

    PREPARING = "preparing"  # loading or compiling the model; sound is already being buffered
    LISTENING = "listening"
    FINISHING = "finishing"  # the source has ended; the rest is being decoded
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The session entered `state`."""

    state: SessionState


@dataclass(frozen=True, slots=True)
class Preparing:
    """Work before the first word is possible, such as compiling a graph."""

    what: str
    elapsed_s: float
    expected_s: float


@dataclass(frozen=True, slots=True)
class Partial:
    """Text of the utterance being spoken: `committed` only ever grows, `tentative` may change.

    `language` is the code of the language that is spoken; empty where the recogniser does not say.
    `utterance` numbers the final that this is to become; it is the same in the `Final`, its
    `FinalSound` or the `Dropped`. `joined_by` as in `Final`; until words are committed it
    may change.
    """

    t: float
    audio: float
    committed: str
    tentative: str
    language: str = ""
    utterance: int = field(default=0, compare=False)  # of the session; the same words are equal
    joined_by: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Final:
    """The text of a finished utterance; starts with the words that were committed of it.

    Whoever speaks for long without a pause is given in several, each a few sentences; committed
    words that lie behind one go on in the next `Partial`. `polished` where committed words have
    other punctuation or capitals now; `language` as in `Partial`. `is_doubtful` where some of it
    was probably not said. `joined_by` is set where the text goes on in the sentence of the final
    before: the mark between them, perhaps empty, which takes the place of the full stop there.
    """

    t: float
    audio: float
    start: float
    end: float
    text: str
    language: str = ""
    polished: bool = False
    utterance: int = field(default=0, compare=False)
    is_doubtful: bool = field(default=False, compare=False)
    joined_by: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class FinalSound:
    """What was heard of the `Final` that follows: pcm (n_samples,), 16 kHz; if it is kept.

    Or of the `Dropped` that follows, where recognition failed.
    """

    start: float
    end: float
    pcm: "NDArray[np.float32]"
    utterance: int = 0


@dataclass(frozen=True, slots=True)
class Dropped:
    """A stretch of audio that gave no text, and why (`no speech`, `samples lost`, …).

    `utterance` is `NO_UTTERANCE` where it is of none: sound that is missing, which a `Gap` follows.
    """

    t: float
    start: float
    end: float
    reason: str
    utterance: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Recovered:
    """Text of an earlier session that was cut off, recognised from what it left on disk.

    `start` and `end` are seconds in that session, which began at `when` (local time, ISO 8601).
    """

    when: str
    start: float
    end: float
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Sound that nobody heard: `end - start` seconds are missing at `start`; 0 if nobody can tell.

    Nothing stands for it in the audio: what was said after it begins at `start` as well. It parts
    utterances: the one before it has ended.
    """

    t: float
    start: float
    end: float
    reason: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The microphone `device` is away; `StateChanged(LISTENING)` and a `Gap` say it is back."""

    t: float
    audio: float
    device: str


@dataclass(frozen=True, slots=True)
class Level:
    """Loudness of the newest block: root mean square and peak, in dB of full scale (≤ 0)."""

    rms_db: float
    peak_db: float


@dataclass(frozen=True, slots=True)
class Lag:
    """How far the text is behind the sound, and compute seconds per second of speech."""

    lag_s: float
    real_time_factor: float


@dataclass(frozen=True, slots=True)
class Fault:
    """Something went wrong that the user should know; one line, with what to do."""

    message: str


@dataclass(frozen=True, slots=True)
class Incident:
    """Something went wrong and the session goes on; one line for the user.

    `t` is 0 where it is not about the sound.
    """

    t: float
    message: str


Event = (
    StateChanged
    | Preparing
    | Recovered
    | Partial
    | Final
    | FinalSound
    | Dropped
    | Level
    | Lag
    | Fault
    | Incident
    | Gap
    | Waiting
)
