"""One dictated text, before and after it is kept."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sotto.app.core.gap_mark import mark_of


def _now() -> datetime:
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class Dictated:
    """A final text as it was inserted, to be kept; the other fields are those of `Entry`."""

    text: str
    start_s: float
    end_s: float
    dictation: str
    application: str = ""
    when: datetime = field(default_factory=_now)
    missing_s: float | None = None
    joined_by: str | None = None  # as in `Final`


@dataclass(frozen=True, slots=True)
class Entry:
    """A text of the history: when and into which application it was dictated, and how long it is.

    `when` is local and knows its time zone. `application` is empty for Sotto itself. `start_s` and
    `end_s` are seconds in the dictation, which all texts from one start to the next stop share.
    `sound` is a FLAC file, or None where the sound was not kept. `missing_s` is how much sound is
    missing before it, 0 where nobody can tell how much, or None where none is.
    """

    id: int
    when: datetime
    text: str
    application: str
    start_s: float
    end_s: float
    dictation: str
    sound: Path | None
    missing_s: float | None = None

    @property
    def duration_s(self) -> float:
        """How long it took to say, in seconds."""
        return self.end_s - self.start_s


def marked_text(entry: Entry) -> str:
    """Return the text to read: in a line before it is said what is missing there."""
    if entry.missing_s is None:
        return entry.text
    return f"{mark_of(entry.missing_s)}\n{entry.text}"
