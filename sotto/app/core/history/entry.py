"""One dictated text, before and after it is kept."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


def _now() -> datetime:
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class Dictated:
    """A final text as it was inserted, to be kept; the fields are those of `Entry`."""

    text: str
    start_s: float
    end_s: float
    dictation: str
    application: str = ""
    when: datetime = field(default_factory=_now)


@dataclass(frozen=True, slots=True)
class Entry:
    """A text of the history: when and into which application it was dictated, and how long it is.

    `when` is local and knows its time zone. `application` is empty for Sotto itself. `start_s` and
    `end_s` are seconds in the dictation, which all texts from one start to the next stop share.
    `sound` is a FLAC file, or None where the sound was not kept.
    """

    id: int
    when: datetime
    text: str
    application: str
    start_s: float
    end_s: float
    dictation: str
    sound: Path | None

    @property
    def duration_s(self) -> float:
        """How long it took to say, in seconds."""
        return self.end_s - self.start_s
