"""Recognised text in, actions out: one value for one dictation into one place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from sotto.app.core.words.actions import Action, Insert, Scratch, StopListening, merged
from sotto.app.core.words.ahead import Ahead, Wait
from sotto.app.core.words.chunks import CLOSERS, STOPS, Chunk
from sotto.app.core.words.lexicon import Lexicon, language_of
from sotto.app.core.words.marks import (
    COLON,
    COMMA,
    ENUMERATION_COMMA,
    NO_MARK,
    SEMICOLON,
    WIDE_COMMA,
)
from sotto.app.core.words.phrases import Command
from sotto.app.core.words.pieces import Piece, Sign, Word
from sotto.app.core.words.reading import read
from sotto.app.core.words.word_settings import WordSettings
from sotto.app.core.words.written import Written
from sotto.spelling import end_of_letters, letters

_NOTHING = Written()
_JOINING = {
    mark.text: mark for mark in (NO_MARK, COMMA, SEMICOLON, COLON, ENUMERATION_COMMA, WIDE_COMMA)
}
_MOST_PASSAGES = 100  # nobody scratches further back


@dataclass(frozen=True, slots=True)
class Passage:
    """What an utterance wrote, and what was written before it."""

    text: str
    before: Written


_FORGOTTEN = Passage("", _NOTHING)


@dataclass(frozen=True, slots=True)
class Writer:
    """What was written so far, and how to go on. Every method returns the writer to go on with.

    For each utterance call `committed` as often as you like with its growing text, and `final`
    once; both with its language, if that is known, and with the mark that joins it with the one
    before, if they are one sentence. By default it is the one of the settings, or
    else English. Once words of an utterance were acted on, it keeps its language. Actions given for
    committed words are a beginning of what `final` alone would give, but for how these words are
    spelled, so nothing inserted early has to be changed. Make a new one where dictation goes on
    elsewhere.
    """

    lexicon: Lexicon
    written: Written = _NOTHING
    past: tuple[Passage, ...] = ()
    said: Passage = _FORGOTTEN  # the utterance being spoken
    n_read: int = 0  # chunks of it that were acted on
    read_text: str = ""  # and how they were written then

    @classmethod
    def of(cls, settings: WordSettings) -> Self:
        """Begin with nothing written."""
        return cls(Lexicon.of(settings))

    def with_settings(self, settings: WordSettings) -> Self:
        """Return a writer that goes on with other settings; call it between utterances."""
        return replace(self, lexicon=Lexicon.of(settings))

    def committed(
        self, text: str, language: str = "", joined_by: str | None = None
    ) -> tuple[tuple[Action, ...], Self]:
        """Return what is certain already of an utterance whose text begins with `text`."""
        text = self._as_it_was_read(text)
        joining, writer = self._hearing(language)._joined(joined_by)
        actions, writer = writer._read(text, has_ended=False)
        return (merged([*joining, *actions]), writer) if writer.n_read else ((), self)

    def final(
        self, text: str, language: str = "", joined_by: str | None = None
    ) -> tuple[tuple[Action, ...], Self]:
        """Return what is left to do of an utterance whose whole text is `text`."""
        joining, writer = self._hearing(language)._joined(joined_by)
        text = self._as_it_was_read(text)
        n_chunks = len(writer.lexicon.split(text, has_ended=True))
        actions, writer = writer._read(text, has_ended=True)
        rest, written = writer.written.end()
        ended = writer._saying(rest, written)
        # A speaker who does not pause is heard in parts: words of the next one may be read already.
        n_ahead = max(0, self.n_read - n_chunks)
        ahead = self.read_text[len(text) :] if n_ahead else ""
        return merged([*joining, *actions, Insert(rest)]), ended._begin_utterance(n_ahead, ahead)

    def part(self) -> Self:
        """Take it that sound is missing here; call it between utterances."""
        written = self.written.part()
        return replace(self, written=written, said=replace(self.said, before=written))

    def scratch(self) -> tuple[tuple[Action, ...], Self]:
        """Delete what was said last: of this utterance, or if there is nothing, of the last."""
        last = self.said if self.said.text or not self.past else self.past[-1]
        past = self.past if last is self.said else self.past[:-1]
        said = Passage("", last.before)
        writer = replace(self, written=last.before, said=said, past=past)
        return merged([Scratch(last.text)]), writer

    def _hearing(self, language: str) -> Self:
        """Return the writer that understands an utterance in `language`."""
        settings = self.lexicon.settings
        if self.n_read or language_of(settings, language) == self.lexicon.language:
            return self
        return replace(self, lexicon=Lexicon.of(settings, language))

    def _joined(self, joined_by: str | None) -> tuple[tuple[Action, ...], Self]:
        """Take back the full stop that the model put inside a sentence."""
        mark = None if joined_by is None else _JOINING.get(joined_by)
        if mark is None or self.n_read or not self.written.unstopped(mark)[0]:
            return (), self
        return self._sign(Sign(mark))

    def _read(self, text: str, *, has_ended: bool) -> tuple[list[Action], Self]:
        chunks = self.lexicon.split(text, has_ended=has_ended)
        actions: list[Action] = []
        writer = self
        while writer.n_read < len(chunks):
            reading = read(Ahead(chunks, writer.n_read, has_ended, self.lexicon))
            if isinstance(reading, Wait):
                break
            for piece in reading.pieces:
                done, writer = writer._act(piece)
                actions += done
            writer = replace(writer, n_read=writer.n_read + reading.n)
        return actions, replace(writer, read_text=_until(text, chunks[: writer.n_read]))

    def _as_it_was_read(self, text: str) -> str:
        """Return `text` with the words that were acted on spelled as they were then.

        What was read as "wood cutters" may be "woodcutters" now: their letters tell where to go on.
        """
        read, rest = self.read_text, text.removeprefix(self.read_text)
        goes_on_inside = self.lexicon.spoken.is_spaced and bool(read and letters(rest[:1]))
        if text.startswith(read) and not goes_on_inside:
            return text
        if letters(read).startswith(letters(text)):  # a part that ends before what was read
            return read[: _end_of_word(read, len(letters(text)))]
        if not letters(text).startswith(letters(read)):
            return text
        rest = text[_end_of_word(text, len(letters(read))) :]
        is_spaced = rest[:1].isspace() or not self.lexicon.spoken.is_spaced
        return read + (rest if is_spaced else f" {rest.lstrip('-')}")

    def _act(self, piece: Piece) -> tuple[tuple[Action, ...], Self]:
        match piece:
            case Word():
                text, written = self.written.word(piece, self.lexicon.spoken.small_words)
                return (Insert(text),), self._saying(text, written)
            case Sign():
                return self._sign(piece)
            case Command.SCRATCH:
                return self.scratch()
            case Command.STOP:
                text, written = self.written.settle()
                return (Insert(text), StopListening()), self._saying(text, written)

    def _sign(self, sign: Sign) -> tuple[tuple[Action, ...], Self]:
        dropped, left = self.written.unstopped(sign.mark)
        writer = self._without_stop(dropped, left)
        text, written = left.sign(sign)
        return (Scratch(dropped), Insert(text)), writer._saying(text, written)

    def _saying(self, text: str, written: Written) -> Self:
        said = replace(self.said, text=self.said.text + text)
        return replace(self, said=said, written=written)

    def _without_stop(self, stop: str, left: Written) -> Self:
        """Take the end of the last utterance back, which a mark of this one replaces."""
        if not stop:
            return self
        *past, last = self.past or (_FORGOTTEN,)
        past.append(replace(last, text=last.text.removesuffix(stop)))
        return replace(self, past=tuple(past), said=Passage("", left), written=left)

    def _begin_utterance(self, n_read: int, read_text: str) -> Self:
        past = (*self.past, self.said) if self.said.text else self.past
        glued = self.written.is_glued or not self.lexicon.spoken.is_spaced
        written = replace(self.written, is_glued=glued)
        said = Passage("", written)
        return replace(
            self,
            written=written,
            past=past[-_MOST_PASSAGES:],
            said=said,
            n_read=n_read,
            read_text=read_text,
        )


def _until(text: str, chunks: Sequence[Chunk]) -> str:
    """Return the beginning of `text` that these chunks of it are."""
    end = 0
    for chunk in chunks:
        end = text.index(chunk.text, end) + len(chunk.text)
    return text[:end]


def _end_of_word(text: str, n_letters: int) -> int:
    """Return the position in `text` behind so many letters and the marks that belong to them."""
    at = end_of_letters(text, n_letters)
    return len(text) - len(text[at:].lstrip(STOPS + CLOSERS))
