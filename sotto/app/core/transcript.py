"""The text of a dictation as a value, folded from a session's events.

The window and the terminal show the same `Transcript`; neither keeps text of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sotto.app.core.events import (
    CANCELLED,
    Dropped,
    Event,
    Final,
    Gap,
    Partial,
    SessionState,
    StateChanged,
)
from sotto.app.core.gap_mark import gap_mark
from sotto.app.core.joining import continued


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A finished utterance; `start` and `end` are seconds since the transcript began.

    Or, if `is_gap`, the mark of sound that is missing between two.
    """

    start: float
    end: float
    text: str
    is_gap: bool = False


@dataclass(frozen=True, slots=True)
class Transcript:
    """All text so far: finished paragraphs, then the utterance being spoken.

    `offset_s` is where the running session began, so that times go on over several sessions.
    """

    paragraphs: tuple[Paragraph, ...] = ()
    committed: str = ""
    tentative: str = ""
    heard_s: float = 0.0
    offset_s: float = 0.0

    @property
    def live(self) -> str:
        """The utterance being spoken, as far as it is recognised."""
        return (self.committed + self.tentative).strip()

    @property
    def text(self) -> str:
        """The finished paragraphs as plain text, one a line; empty or ending in a newline."""
        return "".join(f"{paragraph.text}\n" for paragraph in self.paragraphs)

    @property
    def everything(self) -> str:
        """`text` and after it what is being said right now, as it is on screen."""
        return self.text + (f"{self.live}\n" if self.live else "")

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to show."""
        return not self.paragraphs and not self.live

    def after(self, event: Event) -> "Transcript":
        """Return the transcript once `event` has happened."""
        match event:
            case StateChanged(state):
                return self._after_change(state)
            case Partial():
                return replace(
                    self,
                    committed=event.committed,
                    tentative=event.tentative,
                    heard_s=self.offset_s + event.audio,
                )
            case Final():
                return self._finished(event)
            case Gap():
                return self._parted(event)
            case Dropped(reason=reason):
                kept = "" if reason == CANCELLED else self.committed
                return replace(self, committed=kept, tentative="")
            case _:
                return self

    def _after_change(self, state: SessionState) -> "Transcript":
        if state is SessionState.PREPARING:
            return replace(self._keeping_live_text(), offset_s=self.heard_s)
        return self._keeping_live_text() if state is SessionState.STOPPED else self

    def without_end(self, text: str) -> "Transcript":
        """Return the transcript without `text`, with which its last utterance ends."""
        return self._with_last(lambda last: last.removesuffix(text.strip()).rstrip(" "))

    def with_end(self, mark: str) -> "Transcript":
        """Return the transcript with a mark at the end of its last utterance."""
        return self._with_last(lambda last: last + mark)

    def _with_last(self, change: Callable[[str], str]) -> "Transcript":
        """Change the text of the last utterance; none is left where that leaves nothing."""
        numbers = [n for n, paragraph in enumerate(self.paragraphs) if not paragraph.is_gap]
        if not numbers:
            return self
        at = numbers[-1]
        last = self.paragraphs[at]
        left = change(last.text)
        kept = (replace(last, text=left),) if left else ()
        return replace(self, paragraphs=self.paragraphs[:at] + kept + self.paragraphs[at + 1 :])

    def _finished(self, final: Final) -> "Transcript":
        before = self
        if (joined_by := final.joined_by) is not None:
            before = self._with_last(lambda last: continued(last, joined_by))
        heard = before._with_paragraph(
            Paragraph(self.offset_s + final.start, self.offset_s + final.end, final.text.strip())
        )
        return replace(heard, heard_s=max(self.heard_s, self.offset_s + final.audio))

    def _parted(self, gap: Gap) -> "Transcript":
        at_s = self.offset_s + gap.start
        mark = Paragraph(at_s, at_s, gap_mark(gap), is_gap=True)
        return self._keeping_live_text()._with_paragraph(mark)

    def _keeping_live_text(self) -> "Transcript":
        """A session that broke off owes a final: what it had recognised becomes a paragraph."""
        return self._with_paragraph(Paragraph(self.heard_s, self.heard_s, self.live))

    def _with_paragraph(self, paragraph: Paragraph) -> "Transcript":
        added = (paragraph,) if paragraph.text else ()
        return replace(self, paragraphs=self.paragraphs + added, committed="", tentative="")


def n_same_paragraphs(new: Sequence[Paragraph], old: Sequence[Paragraph]) -> int:
    """Return with how many of the same paragraphs both begin."""
    pairs = enumerate(zip(new, old, strict=False))
    return next((n for n, (one, other) in pairs if one is not other), min(len(new), len(old)))


def from_text(text: str) -> Transcript:
    """Make a transcript without times from plain text, one paragraph a line."""
    lines = (line.strip() for line in text.splitlines())
    return Transcript(paragraphs=tuple(Paragraph(0.0, 0.0, line) for line in lines if line))
