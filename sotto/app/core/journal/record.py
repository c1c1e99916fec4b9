"""What a journal knows besides sound: one small value, replaced whole on disk."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sotto.app.core.events import Dropped, Event, Final, Partial
from sotto.app.core.settings import Task
from sotto.app.core.spoken_languages import Spoken
from sotto.audio.input.source import SAMPLE_RATE

VERSION = 1


@dataclass(frozen=True, slots=True)
class Passage:
    """A final text that is kept nowhere else yet; times in seconds of the session's sound."""

    utterance: int
    start_s: float
    end_s: float
    text: str
    language: str = ""


def _now() -> datetime:
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class Record:
    """What is still to be kept of a session.

    Attributes:
        face: who listened, and so who recovers it: `listen` or `window`.
        when: the session began.
        spoken: what is spoken in it.
        until: the sample of the session's sound before which all is text.
        passages: finals, oldest first.
        committed: the certain words of the utterance being spoken, for want of its sound.
        tries: how often somebody began to recover it.
    """

    face: str
    when: datetime = field(default_factory=_now)
    spoken: Spoken = field(default_factory=Spoken)
    until: int = 0
    passages: tuple[Passage, ...] = ()
    committed: str = ""
    tries: int = 0

    def after(self, event: Event) -> "Record":
        """Return the record once `event` has happened."""
        match event:
            case Partial(committed=committed):
                return replace(self, committed=committed)
            case Final():
                passage = Passage(
                    event.utterance, event.start, event.end, event.text, event.language
                )
                record = replace(self, passages=(*self.passages, passage), committed="")
                return record.settled(round(event.end * SAMPLE_RATE))
            case Dropped():
                return replace(self, committed="").settled(round(event.end * SAMPLE_RATE))
        return self

    def settled(self, until: int) -> "Record":
        """Return it once all sound before a sample is text or silence."""
        return replace(self, until=max(self.until, until))

    def kept(self, utterance: int) -> "Record":
        """Return it once the text of an utterance is kept elsewhere."""
        others = tuple(each for each in self.passages if each.utterance != utterance)
        return replace(self, passages=others)

    def to_json(self) -> bytes:
        """Return it as the file holds it."""
        fields = {
            "version": VERSION,
            "face": self.face,
            "when": self.when.isoformat(),
            "languages": self.spoken.languages,
            "task": self.spoken.task.value,
            "until": self.until,
            "passages": [
                [each.utterance, each.start_s, each.end_s, each.text, each.language]
                for each in self.passages
            ],
            "committed": self.committed,
            "tries": self.tries,
        }
        return json.dumps(fields).encode()  # ASCII: half of a surrogate pair does no harm


def from_json(data: bytes) -> Record:
    """Return what a file holds.

    Raises:
        ValueError: it is damaged, or a newer Sotto wrote it.
    """
    try:
        fields = json.loads(data)
        if fields["version"] != VERSION:
            raise ValueError("another version")
        return _checked(fields)
    except (TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise ValueError("not a record") from error


def _checked(fields: dict[str, Any]) -> Record:
    languages = tuple(str(code) for code in fields["languages"])
    passages = tuple(
        Passage(int(number), float(start_s), float(end_s), str(text), str(language))
        for number, start_s, end_s, text, language in fields["passages"]
    )
    return Record(
        face=str(fields["face"]),
        when=datetime.fromisoformat(fields["when"]).astimezone(),
        spoken=Spoken(languages, Task(fields["task"])),
        until=max(0, int(fields["until"])),
        passages=passages,
        committed=str(fields["committed"]),
        tries=int(fields["tries"]),
    )
