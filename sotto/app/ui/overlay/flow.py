"""Turns the transcript, which is replaced with every event, into lines that only grow."""

import re
from collections.abc import Callable

from sotto.app.core.transcript import Paragraph, Transcript, n_same_paragraphs
from sotto.app.ui.overlay.caption_lines import CaptionLines, Line

_REMEMBERED = 12  # utterances: enough to fill four lines anew when the captions change their size
_SPACES = re.compile(r"\s+")


class Flow:
    """Feeds a roll with what is said; utterances follow each other on the same line.

    Args:
        new_roll: returns an empty roll for the present size of the captions.
    """

    def __init__(self, new_roll: Callable[[], CaptionLines]) -> None:
        self._new_roll = new_roll
        self._roll = new_roll()
        self._read: tuple[Paragraph, ...] = ()
        self._texts = [""]  # what is certain of the last utterances and of the one being spoken
        self._tentative = ""

    def show(self, transcript: Transcript) -> tuple[Line, ...]:
        """Take the text over and return the lines to show.

        A transcript that does not go on from the one before (cleared, or opened from a file)
        counts as read up to its last paragraph.
        """
        n_same = n_same_paragraphs(transcript.paragraphs, self._read)
        changed, others = transcript.paragraphs[n_same:], self._read[n_same:]
        if len(others) == 1 and changed and _is_same_utterance(changed[0], others[0]):
            self._rewrite(_flat(changed[0].text))
        elif n_same < len(self._read):
            self.skip(transcript)
        for paragraph in transcript.paragraphs[len(self._read) :]:
            self._write(_flat(paragraph.text))
            self._next_utterance()
        self._read = transcript.paragraphs
        committed = _flat(transcript.committed)
        if self._texts[-1] and not committed:
            self._next_utterance()  # it was dropped; what was certain stays
        self._write(committed)
        self._tentative = _flat(transcript.committed + transcript.tentative)[len(committed) :]
        return self.lines

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines to show now, the oldest first; the last is empty where nothing was said."""
        return self._roll.shown(self._gap() + self._tentative if self._tentative else "")

    def skip(self, transcript: Transcript) -> None:
        """Take everything so far as read: lines begin with what is said from now on."""
        self._read = transcript.paragraphs
        self.clear()

    def clear(self) -> None:
        """Begin with an empty line again."""
        self._texts, self._tentative = [""], ""
        self._roll.clear()

    def lay_out(self) -> None:
        """Break all lines anew, as when they got another width."""
        texts, self._texts = self._texts, [""]
        self._roll = self._new_roll()
        for text in texts[:-1]:
            self._write(text)
            self._next_utterance()
        self._write(texts[-1])

    def _write(self, text: str) -> None:
        """Settle what is certain of the utterance being spoken."""
        settled = self._texts[-1]
        if text.startswith(settled):
            self._roll.settle(self._gap() + text[len(settled) :] if text != settled else "")
            self._texts[-1] = text
        else:  # a final that says it in other words
            self._texts[-1] = text
            self.lay_out()

    def _rewrite(self, text: str) -> None:
        """Write the last utterance otherwise: its full stop was none."""
        if len(self._texts) > 1:
            self._texts[-2] = text
            self.lay_out()

    def _gap(self) -> str:
        """Return what stands between the utterance before and the one that begins."""
        return " " if len(self._texts) > 1 and not self._texts[-1] else ""

    def _next_utterance(self) -> None:
        if self._texts[-1]:
            self._texts = [*self._texts[-_REMEMBERED:], ""]


def _is_same_utterance(one: Paragraph, other: Paragraph) -> bool:
    return (one.start, one.end) == (other.start, other.end)


def _flat(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
