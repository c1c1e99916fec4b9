"""One stretch of speech, from its first sample to its final text."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sotto.inference.dimensions import SAMPLE_RATE
from sotto.inference.streaming.commit import CommitRule, CommitSettings
from sotto.inference.streaming.committed_text import CommittedText
from sotto.inference.streaming.recogniser import Hypothesis, Recogniser, Word
from sotto.inference.streaming.tentative import TentativeText
from sotto.inference.streaming.trim import Cut, TrimSettings, choose_cut

Pcm = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Text:
    """What is known of an utterance; `committed + tentative` is how it is shown while it is spoken.

    `committed` begins with every `committed` before it. `whole` has the same words, committed ones
    perhaps with other punctuation and capitals, which are settled later. `reason` is set where
    the audio was judged to hold no speech. `language` is the code of the language that is spoken;
    empty where the recogniser does not say. `is_doubtful` where some of the text was probably not
    said. `end_probability` as in `Hypothesis`. `joined_by`, in a part that goes on in the sentence
    of the one before, is the mark between them, or empty: the full stop of that part was none.
    """

    committed: str
    tentative: str
    whole: str
    reason: str | None = None
    language: str = ""
    is_doubtful: bool = False
    end_probability: float = 0.0
    joined_by: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences of an utterance that goes on: their text, and start and end in its seconds.

    `joined_by` as in `Text`.
    """

    text: str
    start_s: float
    end_s: float
    joined_by: str | None = None


class Utterance:
    """Turns the growing audio of one segment into text. Owned by the engine thread.

    Audio waits until a decode takes it, and a decode takes no more than fits into a window: so
    nothing is lost when a machine has fallen far behind.

    All texts are of the newest part. Somebody who does not pause for long is heard in parts, which
    `take_parts` gives. And whoever goes on soon after `finish` is heard in another part, by
    `go_on`: words in the midst of a sentence are heard better together with its beginning.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        commit: CommitSettings = CommitSettings(),  # noqa: B008 (frozen)
        trim: TrimSettings = TrimSettings(),  # noqa: B008 (frozen)
        context: str = "",
    ) -> None:
        """Begin an utterance.

        Args:
            recogniser: hears it.
            commit: when words are settled.
            trim: how much audio a decode sees.
            context: what was said before.
        """
        self._recogniser = recogniser
        self._rule = CommitRule(commit)
        self._tentative = TentativeText()
        self._trim_settings = trim
        self._text = CommittedText(context)
        self._waiting: deque[Pcm] = deque()
        self._n_waiting = 0
        self._n_forgotten = 0
        self._n_taken = 0
        self._parts: list[Part] = []
        self._part_from_s = 0.0
        self._finished: tuple[Word, ...] = ()  # uncommitted words of the newest `finish`
        self._language = ""  # of the part before
        self._n_missed = 0  # decodes in a row that heard nothing of this part
        self._n_committed = 0  # words
        self._n_words = 0  # of the longest text so far
        self._grown_at_s = 0.0
        self._woken_at_s = 0.0
        recogniser.begin(context)

    @property
    def undecoded_s(self) -> float:
        """Seconds of audio that no decode has taken yet."""
        return self._n_waiting / SAMPLE_RATE

    @property
    def decoded_s(self) -> float:
        """Seconds of audio, from the start, that the newest decode has taken."""
        return self._n_taken / SAMPLE_RATE

    @property
    def part_from_s(self) -> float:
        """Where the part begins that the texts are of."""
        return self._part_from_s

    def append(self, pcm: Pcm) -> None:
        """Add samples (n,), 16 kHz, [-1, 1], to the end; possibly none."""
        if len(pcm):
            self._waiting.append(pcm)
            self._n_waiting += len(pcm)

    def take_parts(self) -> list[Part]:
        """Return the parts that have ended since the last call."""
        parts, self._parts = self._parts, []
        return parts

    def go_on(self) -> None:
        """Begin another part with what is appended next; what `finish` gave stays as it is."""
        self._force(self._finished)
        self._finished = ()
        self._text.end_part()
        self._tentative = TentativeText()
        self._part_from_s = self._grown_at_s = self.decoded_s + self.undecoded_s
        self._n_missed = 0
        self._recogniser.go_on(self._part_from_s)
        if self._held_s > self._trim_settings.joined_s:
            settings = self._trim_settings.when_joined(self._held_s)
            self._cut(choose_cut(self._text.words, self._held_from_s, settings))

    def partial(self) -> Text:
        """Decode what has arrived, or as much of it as fits, and commit what is settled."""
        hypothesis, tail = self._decode(final=False)
        agreed = self._rule.observe(tail, self.decoded_s) if hypothesis.is_settled else ()
        self._commit(agreed)
        tail = tail[len(agreed) :]
        if self._has_stalled(tail):
            tail = self._wake(tail)
        elif self._held_s > self._trim_settings.soft_s:
            self._cut(choose_cut(self._text.words, self._held_from_s, self._trim_settings))
        if self._room == 0:
            tail = self._cut_hard(tail)
        return self._text_with(self._tentative.update(tail, self.decoded_s), hypothesis)

    def finish(self) -> Text:
        """Decode all audio that has arrived with more care than speed.

        More audio may follow: then the result is as good as a partial, and `finish` is due again.
        """
        while self._n_waiting > self._room:
            self.partial()
        hypothesis, tail = self._decode(final=True)
        if self._has_stalled(tail):
            self._wake(tail)
            hypothesis, tail = self._decode(final=True)
        self._finished = tail
        return self._text_with(tail, hypothesis)

    def _decode(self, *, final: bool) -> tuple[Hypothesis, tuple[Word, ...]]:
        """Decode what is held and what fits; return the hypothesis and its uncommitted words."""
        self._take()
        hypothesis = self._recogniser.recognise(self._text.words, final=final)
        if self._text.has_earlier and self._is_better_alone(hypothesis, final=final):
            self._leave_earlier()
            hypothesis = self._recogniser.recognise(self._text.words, final=final)
        self._language = hypothesis.language or self._language
        return hypothesis, self._text.write_anew(hypothesis.words)

    def _is_better_alone(self, hypothesis: Hypothesis, *, final: bool) -> bool:
        """Whether what was said before keeps the decoder from hearing this part.

        Words in another language it takes for this one's, or translates them. And now and then it
        takes the text before for all there is. In neither case is anything committed.
        """
        said = hypothesis.language, self._language
        is_in_another = all(said) and said[0] != said[1]
        has_nothing = len(hypothesis.words) == len(self._text.words)
        is_missed = has_nothing and not self._text.committed() and not hypothesis.reason
        self._n_missed = self._n_missed + 1 if is_missed else 0
        return is_in_another or (is_missed and (final or self._n_missed > 1))

    def _leave_earlier(self) -> None:
        """Hear this part alone."""
        self._text.leave_earlier()
        self._n_forgotten = round(self._part_from_s * SAMPLE_RATE)
        self._recogniser.trim(self._part_from_s)

    def _has_stalled(self, tail: tuple[Word, ...]) -> bool:
        """Whether the text has not grown for long, although the speaker has not paused.

        Then the decoder takes its text for complete and no longer hears what comes after.
        """
        n_words = self._n_committed + len(tail)
        if n_words > self._n_words:
            self._n_words, self._grown_at_s = n_words, self.decoded_s
        since_s = max(self._grown_at_s, self._woken_at_s)
        return self.decoded_s - since_s >= self._trim_settings.stall_s

    def _wake(self, tail: tuple[Word, ...]) -> tuple[Word, ...]:
        """Shorten the window so that the decoder hears its end; return what stays tentative."""
        was_woken = self._woken_at_s > self._grown_at_s
        self._woken_at_s = self.decoded_s
        stalled = self._trim_settings.when_stalled()
        cut = choose_cut(self._text.words, self._held_from_s, stalled)
        if cut is not None and not was_woken:
            self._cut(cut)
            return tail
        # All of the text was there when it last grew: what was said since then stands alone.
        self._force(tail)
        self._cut(Cut(self._grown_at_s, len(self._text.words)))
        return ()

    @property
    def _held_s(self) -> float:
        return self.decoded_s - self._held_from_s

    @property
    def _held_from_s(self) -> float:
        return self._n_forgotten / SAMPLE_RATE

    @property
    def _room(self) -> int:
        """Samples that still fit into the window."""
        n_held = self._n_taken - self._n_forgotten
        return max(0, round(self._trim_settings.hard_s * SAMPLE_RATE) - n_held)

    def _take(self) -> None:
        """Hand waiting audio to the recogniser, all at once, until the window is full."""
        taken, room = list[Pcm](), self._room
        while self._waiting and room:
            pcm = self._waiting.popleft()
            if len(pcm) > room:
                self._waiting.appendleft(pcm[room:])
                pcm = pcm[:room]
            taken.append(pcm)
            room -= len(pcm)
        if taken:
            self._hand_over(np.concatenate(taken))

    def _hand_over(self, pcm: Pcm) -> None:
        self._recogniser.append(pcm)
        self._n_taken += len(pcm)
        self._n_waiting -= len(pcm)

    def _commit(self, words: tuple[Word, ...]) -> None:
        self._text.commit(words)
        self._n_committed += len(words)
        self._tentative.commit(words)

    def _force(self, words: tuple[Word, ...]) -> None:
        """Commit words on which no two decodes agreed."""
        self._rule.force(words)
        self._commit(words)

    def _cut(self, cut: Cut | None) -> None:
        if cut is None or cut.until_s <= self._held_from_s:
            return
        self._text.forget(cut.n_words)
        self._n_forgotten = round(cut.until_s * SAMPLE_RATE)
        self._end_part(cut.until_s)
        self._recogniser.trim(cut.until_s, self._text.context)

    def _end_part(self, until_s: float) -> None:
        """Let a part end where a sentence does, once it is long enough."""
        is_long = until_s - self._part_from_s >= self._trim_settings.longest_part_s
        if is_long and self._text.ends_sentence:
            joined_by = self._text.joined_by
            text = self._text.end_forgotten_part()
            self._parts.append(Part(text, self._part_from_s, until_s, joined_by))
            self._part_from_s = until_s

    def _cut_hard(self, tail: tuple[Word, ...]) -> tuple[Word, ...]:
        """Make room at the hard limit and return what stays tentative.

        No two decodes agreed for so long: what the newest one says of the older audio is taken.
        """
        until_s = self.decoded_s - self._trim_settings.keep_s
        n_old = next((i for i, word in enumerate(tail) if word.end_s > until_s), len(tail))
        self._force(tail[:n_old])
        tail = tail[n_old:]
        cut = choose_cut(self._text.words, self._held_from_s, self._trim_settings)
        self._cut(cut or self._blunt_cut(min([until_s, *(word.start_s for word in tail[:1])])))
        return tail

    def _blunt_cut(self, until_s: float) -> Cut:
        """Cut where no two committed words show a place for it."""
        until_s = max(until_s, self._held_from_s + self._trim_settings.least_s)
        return Cut(until_s, sum(word.end_s <= until_s for word in self._text.words))

    def _text_with(self, tail: tuple[Word, ...], hypothesis: Hypothesis) -> Text:
        committed = self._text.committed()
        return Text(
            committed,
            self._text.shown(tail)[len(committed) :],
            self._text.whole(tail),
            hypothesis.reason,
            hypothesis.language,
            hypothesis.is_doubtful,
            hypothesis.end_probability,
            self._text.joined_by,
        )
