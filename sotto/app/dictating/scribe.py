"""The transcript as it is written: what was said, with spoken punctuation and commands obeyed."""

from dataclasses import dataclass, field, replace
from typing import Self

from sotto.app.core.events import Event, Final
from sotto.app.core.transcript import Transcript
from sotto.app.core.words import Insert, Scratch, StopListening, Writer


@dataclass(frozen=True, slots=True)
class Scribe:
    """A transcript and how to go on with it.

    Attributes:
        writer: turns recognised text into what is written.
        transcript: what is written so far.
        newest: what the last final gave; empty where it was only a command.
        asks_to_stop: whether the last event was the spoken wish to stop listening.
    """

    writer: Writer
    transcript: Transcript = field(default_factory=Transcript)
    newest: str = ""
    asks_to_stop: bool = False

    def after(self, event: Event) -> Self:
        """Return the scribe once `event` has happened."""
        if isinstance(event, Final):
            return self._finished(event)
        return replace(self, transcript=self.transcript.after(event), asks_to_stop=False)

    def _finished(self, final: Final) -> Self:
        actions, writer = self.writer.final(final.text, final.language)
        transcript, text = self.transcript, ""
        for action in actions:
            match action:
                case Insert(inserted):
                    text += inserted
                case Scratch(scratched):
                    transcript = transcript.without_end(scratched)
        return replace(
            self,
            writer=writer,
            transcript=transcript.after(replace(final, text=text)),
            newest=text.strip(),
            asks_to_stop=any(isinstance(action, StopListening) for action in actions),
        )
