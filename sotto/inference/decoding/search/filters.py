"""Rules about which token may come next (openai-whisper's `LogitFilter`s)."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from sotto.inference.decoding.numerics import logsumexp
from sotto.inference.interfaces import Array

BEGINNING_OF_TERM, REST_OF_TERM = 1.0, 3.0
"""Added to logits. `tools/measure_vocabulary.py`: a point more hears strangers that nobody said."""


class LogitFilter(Protocol):
    """Changes logits in place; minus infinity forbids a token."""

    def apply(self, logits: Array, sampled: Sequence[int]) -> None:
        """Filter logits (n_vocab,) of the token that follows `sampled`.

        `sampled` excludes prompt, start sequence and forced prefix.
        """
        ...


class SuppressBlank:
    """Forbids certain tokens, such as end-of-text, as the first one."""

    def __init__(self, blank_tokens: Sequence[int]) -> None:
        self._blank_tokens = list(blank_tokens)

    def apply(self, logits: Array, sampled: Sequence[int]) -> None:
        """See `LogitFilter`."""
        if not sampled:
            logits[self._blank_tokens] = -np.inf


class SuppressTokens:
    """Forbids certain tokens everywhere."""

    def __init__(self, tokens: Sequence[int]) -> None:
        self._tokens = np.array(tokens, np.intp)

    def apply(self, logits: Array, sampled: Sequence[int]) -> None:  # noqa: ARG002 (protocol)
        """See `LogitFilter`."""
        logits[self._tokens] = -np.inf


class PenaliseRepetition:
    """Makes tokens less likely that were sampled before, timestamps among them.

    Keskar et al., 2019, "CTRL" (arXiv:1909.05858), as CTranslate2 does it: a token counts once.
    """

    def __init__(self, penalty: float) -> None:
        self._penalty = penalty

    def apply(self, logits: Array, sampled: Sequence[int]) -> None:
        """See `LogitFilter`."""
        tokens = sorted(set(sampled))
        scores = logits[tokens]
        logits[tokens] = np.where(scores < 0, scores * self._penalty, scores / self._penalty)


class ForbidRepeatedNgrams:
    """Forbids what would make the last `size` tokens the same as some before (CTranslate2's)."""

    def __init__(self, size: int) -> None:
        self._size = size

    def apply(self, logits: Array, sampled: Sequence[int]) -> None:
        """See `LogitFilter`."""
        n_before = self._size - 1
        tokens = tuple(sampled)
        current = tokens[len(tokens) - n_before :]
        for start in range(len(tokens) - n_before):
            if tokens[start : start + n_before] == current:
                logits[tokens[start + n_before]] = -np.inf


class FavourTerms:
    """Makes expected words likelier: their beginnings a little, what follows a beginning more.

    Shallow fusion with a list of phrases (Zhao et al., 2019, "Shallow-Fusion End-to-End Contextual
    Biasing"), without taking a beginning back that leads to no term.
    """

    def __init__(self, terms: Sequence[Sequence[int]]) -> None:
        self._beginnings = sorted({term[0] for term in terms})
        self._next: dict[tuple[int, ...], set[int]] = {}
        for term in map(tuple, terms):
            for n in range(1, len(term)):
                self._next.setdefault(term[:n], set()).add(term[n])
        self._longest = max(map(len, self._next), default=0)

    def apply(self, logits: Array, sampled: Sequence[int]) -> None:
        """See `LogitFilter`."""
        begun = (tuple(sampled[-n:]) for n in range(1, min(self._longest, len(sampled)) + 1))
        following = sorted(set().union(*(self._next.get(each, ()) for each in begun)))
        beginning = [token for token in self._beginnings if token not in following]
        logits[beginning] += BEGINNING_OF_TERM
        logits[following] += REST_OF_TERM


class ApplyTimestampRules:
    """Makes timestamps come in pairs that never go back, and first of all.

    Token ids are ordered: text < `eot` < other special tokens < `timestamp_begin` and above.
    """

    def __init__(
        self,
        *,
        eot: int,
        no_timestamps: int,
        timestamp_begin: int,
        max_initial_timestamp_index: int | None,
    ) -> None:
        self._eot = eot
        self._no_timestamps = no_timestamps
        self._timestamp_begin = timestamp_begin
        self._max_initial_timestamp_index = max_initial_timestamp_index

    def apply(self, logits: Array, sampled: Sequence[int]) -> None:
        """See `LogitFilter`."""
        logits[self._no_timestamps] = -np.inf
        self._pair(logits, sampled)
        self._advance(logits, sampled)
        if not sampled:
            self._begin(logits)
        self._prefer_timestamp(logits)

    def _is_timestamp(self, token: int) -> bool:
        return token >= self._timestamp_begin

    def _has_ended_segment(self, sampled: Sequence[int]) -> bool:
        """Whether the last token ended a segment, so that the next one has to start there."""
        return (
            len(sampled) > 1
            and self._is_timestamp(sampled[-1])
            and not self._is_timestamp(sampled[-2])
        )

    def _pair(self, logits: Array, sampled: Sequence[int]) -> None:
        if self._has_ended_segment(sampled):
            logits[: self._eot] = -np.inf
        elif sampled and self._is_timestamp(sampled[-1]):
            logits[self._timestamp_begin :] = -np.inf

    def _advance(self, logits: Array, sampled: Sequence[int]) -> None:
        last = next((t for t in reversed(sampled) if self._is_timestamp(t)), None)
        if last is None:
            return
        # A segment may start where the last one ended, but may not be empty: that would loop.
        first_allowed = last if self._has_ended_segment(sampled) else last + 1
        logits[self._timestamp_begin : first_allowed] = -np.inf

    def _begin(self, logits: Array) -> None:
        logits[: self._timestamp_begin] = -np.inf
        if self._max_initial_timestamp_index is not None:
            last_allowed = self._timestamp_begin + self._max_initial_timestamp_index
            logits[last_allowed + 1 :] = -np.inf

    def _prefer_timestamp(self, logits: Array) -> None:
        """Take a timestamp when all of them together are likelier than any other token."""
        if logsumexp(logits[self._timestamp_begin :]) > logits[: self._timestamp_begin].max():
            logits[: self._timestamp_begin] = -np.inf
