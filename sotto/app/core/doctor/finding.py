"""One thing that was looked at."""

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """What came of looking."""

    OK = "ok"
    NOTE = "note"  # neither good nor bad, or only worth knowing
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what was found, and for a problem what to do about it.

    `private` are words of the two texts that name what is the user's, such as a device: a report
    leaves them out.
    """

    topic: str
    state: State
    detail: str
    private: tuple[str, ...] = ()
