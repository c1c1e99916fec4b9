"""What all programs are judged by: their texts over time against what was said when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tools import streaming_measures as measures
from tools.peers.streaming.conversation import Conversation
from tools.streaming_measures import Shown
from tools.word_error import WordErrors, word_errors

LAST_WORDS = 2
"""So many words at the end of a sentence one of which must be heard to say when it was final."""


@dataclass(frozen=True, slots=True)
class Text:
    """What stood on screen from `t` on, in seconds since the sound began."""

    t: float
    committed: str
    tentative: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a program made of a conversation.

    Attributes:
        texts: each change of its text.
        cpu_s: processor seconds of all its processes while the sound came.
        others_cpu_s: those of all other processes on the machine.
        load: mean number of processes that wanted to run, in the minute before.
    """

    texts: tuple[Text, ...]
    cpu_s: float
    others_cpu_s: float
    load: float


@dataclass
class Judgement:
    """What the conversations that a program heard add up to."""

    said: list[tuple[str, str]] = field(default_factory=list)
    seen_s: list[float] = field(default_factory=list)
    committed_s: list[float] = field(default_factory=list)
    final_s: list[float] = field(default_factory=list)
    n_sentences: int = 0
    n_erased: int = 0
    n_words: int = 0
    violations: int = 0
    audio_s: float = 0.0
    cpu_s: float = 0.0
    others_cpu_s: float = 0.0
    load: float = 0.0

    @property
    def errors(self) -> WordErrors:
        """What was misheard, after Whisper's normaliser."""
        return word_errors(self.said)

    def add(self, conversation: Conversation, hearing: Hearing) -> None:
        """Add what a program made of a conversation."""
        shown = displays(hearing.texts)
        heard = f"{hearing.texts[-1].committed} {hearing.texts[-1].tentative}" if shown else ""
        self.said.append((conversation.text, heard))
        self.n_sentences += len(conversation.sentences)
        self.audio_s += conversation.duration_s
        self.cpu_s += hearing.cpu_s
        self.others_cpu_s += hearing.others_cpu_s
        self.load = max(self.load, hearing.load)
        self.violations += n_changed_commits(shown)
        if shown and shown[-1].words:
            self._add_times(conversation, shown)

    def _add_times(self, conversation: Conversation, shown: Sequence[Shown]) -> None:
        words = shown[-1].words
        seen, committed = measures.first_seen(shown), first_committed(shown)
        spoken = [word for sentence in conversation.sentences for word in sentence.words]
        ours_of = {
            theirs: ours for ours, theirs in measures.paired(words, [w.word for w in spoken])
        }
        for theirs, ours in ours_of.items():
            self.seen_s.append(seen[ours] - spoken[theirs].end_s)
            since = committed[ours]
            if since is not None:
                self.committed_s.append(since - spoken[theirs].end_s)
        self.n_erased += measures.n_erased(shown)
        self.n_words += len(words)
        self.final_s += finals_s(conversation, ours_of, committed)

    def figures(self) -> dict[str, float]:
        """Return name and value of each measure."""
        figures = {
            "words": float(self.errors.n_words),
            "word errors, %": 100 * self.errors.rate,
            "normalised erasure": self.n_erased / max(1, self.n_words),
            "committed text changed, times": float(self.violations),
            "CPU seconds per second": self.cpu_s / self.audio_s,
            "CPU seconds per second, others": self.others_cpu_s / self.audio_s,
            "load average before": self.load,
            "minutes": self.audio_s / 60,
            "sentences": float(self.n_sentences),
            "sentences seen to be final": float(len(self.final_s)),
            "words seen to be committed": float(len(self.committed_s)),
        }
        spread = {
            "word spoken to seen": self.seen_s,
            "word spoken to committed": self.committed_s,
            "end of speech to final": self.final_s,
        }
        for name, values in spread.items():
            for percent in (50, 90):
                figures[f"{name}, p{percent}, s"] = measures.percentile(values, percent)
        return {name: round(value, 3) for name, value in figures.items()}


def displays(texts: Sequence[Text]) -> list[Shown]:
    """Return the texts as words."""
    return [
        Shown(each.t, each.t, *map(measures.normalised, (each.committed, each.tentative)))
        for each in texts
    ]


def first_committed(shown: Sequence[Shown]) -> list[float | None]:
    """Return for each word of the last text when it was committed for good.

    Some programs change what they had committed: then the time of the last change counts. None
    where the program never committed a word.
    """
    times: list[float | None] = []
    for index, word in enumerate(shown[-1].words):
        since = None
        for display in reversed(shown):
            if display.committed[index : index + 1] != [word]:
                break
            since = display.t
        times.append(since)
    return times


def n_changed_commits(shown: Sequence[Shown]) -> int:
    """Return how often committed words were changed or taken back."""
    return sum(
        later.committed[: len(before.committed)] != before.committed
        for before, later in pairwise(shown)
    )


def finals_s(
    conversation: Conversation, ours_of: dict[int, int], committed: Sequence[float | None]
) -> list[float]:
    """Return how long after each sentence's end its last word was committed.

    Args:
        conversation: what was said.
        ours_of: the position in the program's text of words said that it heard.
        committed: when each word of the program's text was committed.
    """
    delays, n_before = [], 0
    for sentence in conversation.sentences:
        n_before += len(sentence.words)
        last = [ours_of.get(n_before - back) for back in range(1, LAST_WORDS + 1)]
        times = [committed[ours] for ours in last if ours is not None]
        known = [t for t in times if t is not None]
        if known:
            delays.append(max(known) - sentence.end_s)
    return delays
