"""Measures of streaming recognition, from the events of a session."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sotto.app.core.events import Event, Final, Partial
from sotto.app.core.transcript import Transcript


def normalised(text: str) -> list[str]:
    """Return the words of `text` without case and punctuation."""
    return re.findall(r"[\w']+", text.casefold())


@dataclass(frozen=True)
class Shown:
    """What a face showed from `t` on, when `audio` seconds had been fed."""

    t: float
    audio: float
    committed: list[str]
    tentative: list[str]

    @property
    def words(self) -> list[str]:
        return self.committed + self.tentative


def displays(events: Iterable[Event]) -> list[Shown]:
    """Return all texts that were shown, each with the finals before it."""
    done: list[str] = []
    shown = []
    for event in events:
        if isinstance(event, Partial):
            committed = done + normalised(event.committed)
            shown.append(Shown(event.t, event.audio, committed, normalised(event.tentative)))
        elif isinstance(event, Final):
            done = done + normalised(event.text)
            shown.append(Shown(event.t, event.audio, done, []))
    return shown


def written(events: Iterable[Event]) -> str:
    """Return the text of all finals, in one line: without full stops inside sentences."""
    transcript = Transcript()
    for event in events:
        if isinstance(event, Final):
            transcript = transcript.after(event)
    return transcript.text.replace("\n", " ").strip()


def first_seen(shown: Sequence[Shown]) -> list[float]:
    """Return for each word of the last text when it was first shown in its place."""
    final = shown[-1].words
    return [next(s.t for s in shown if s.words[i : i + 1] == [w]) for i, w in enumerate(final)]


def first_committed(shown: Sequence[Shown]) -> list[Shown]:
    """Return for each word of the last text the display that committed it."""
    return [next(s for s in shown if len(s.committed) > i) for i in range(len(shown[-1].words))]


def n_commit_violations(events: Iterable[Event]) -> int:
    """Return how often committed words were changed or left out.

    What is committed may be punctuated otherwise in a final, and may be given in several finals.
    """
    text, owed, violations = "", "", 0
    for event in events:
        if isinstance(event, Partial):
            letters = _letters(event.committed)
            violations += not (event.committed.startswith(text) and letters.startswith(owed))
            text, owed = event.committed, letters
        elif isinstance(event, Final):
            given = _letters(event.text)
            violations += given[: len(owed)] != owed[: len(given)]
            text, owed = "", owed[len(given) :]
    return violations + bool(owed)


def n_cuts_inside_sentences(events: Iterable[Event], offline: str) -> int:
    """Return after how many finals, but the last, the text of a file has no end of a sentence."""
    finals = [event.text.split() for event in events if isinstance(event, Final)]
    heard = [word for words in finals for word in words]
    written = offline.split()
    mark_of = {
        ours: _marks(written[theirs]) for ours, theirs in paired(_bare(heard), _bare(written))
    }
    ends = [sum(map(len, finals[:n])) - 1 for n in range(1, len(finals))]
    return sum(end in mark_of and not mark_of[end] & set(".?!") for end in ends)


def n_erased(shown: Sequence[Shown]) -> int:
    """Return how many words were shown and taken back (Arivazhagan et al., 2020)."""
    return sum(len(a.words) - _n_common(a.words, b.words) for a, b in pairwise(shown))


def laal_s(delays_s: Sequence[float], n_reference: int, duration_s: float) -> float:
    """Return length-adaptive average lagging (Papi et al., 2022).

    Args:
        delays_s: seconds of audio that had been fed when each word was committed.
        n_reference: words that were said.
        duration_s: of the audio.
    """
    pace_s = duration_s / max(len(delays_s), n_reference)
    lags = []
    for i, delay_s in enumerate(delays_s):
        lags.append(delay_s - i * pace_s)
        if delay_s >= duration_s:
            break
    return sum(lags) / len(lags)


def marks_f1(texts: Iterable[tuple[str, str]]) -> float:
    """Return how well the second texts of pairs are punctuated and capitalised as the first are.

    F1 over the marks behind words and the capitals of words that both texts share.
    """
    n_wanted = n_found = n_right = 0
    for wanted, found in texts:
        wanted_words, found_words = wanted.split(), found.split()
        for ours, theirs in paired(_bare(found_words), _bare(wanted_words)):
            of_found, of_wanted = _marks(found_words[ours]), _marks(wanted_words[theirs])
            n_found += len(of_found)
            n_wanted += len(of_wanted)
            n_right += len(of_found & of_wanted)
    return 2 * n_right / (n_found + n_wanted) if n_found + n_wanted else 1.0


def paired(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """Return the positions of words that two texts share."""
    blocks = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    return [(a + i, b + i) for a, b, size in blocks for i in range(size)]


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)] if ordered else float("nan")


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _bare(words: Sequence[str]) -> list[str]:
    return ["".join(normalised(word)) for word in words]


def _marks(word: str) -> set[str]:
    """Return the marks behind a word, and "capital" if it has one."""
    marks = set(word[len(word.rstrip(".,?!;:…")) :])
    return marks | {"capital"} if word[:1].isupper() else marks


def _n_common(a: Sequence[str], b: Sequence[str]) -> int:
    return next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
