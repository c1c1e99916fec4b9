"""Ways to search for the text of a window: greedy, by sampling, by beams."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from sotto.inference.decoding.search.hypothesis import Hypothesis, Window
from sotto.inference.decoding.search.steps import Steps
from sotto.inference.interfaces import Array


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text to choose from.

    `tokens` leave out end-of-text. `logprobs` are theirs and, where it was reached, that of
    end-of-text.
    """

    tokens: tuple[int, ...]
    logprobs: tuple[float, ...]

    @property
    def sum_logprob(self) -> float:
        """Log probability of the text."""
        return sum(self.logprobs)

    def score(self, length_penalty: float | None) -> float:
        """Return the log probability made fair to long texts (`MaximumLikelihoodRanker`)."""
        length = max(1, len(self.tokens))
        if length_penalty is None:
            return self.sum_logprob / length
        return float(self.sum_logprob / ((5 + length) / 6) ** length_penalty)


class Decoder(Protocol):
    """Grows hypotheses until they end, or `limit` tokens are sampled."""

    def search(
        self, window: Window, start: Hypothesis, *, eot: int, limit: int
    ) -> Steps[list[Candidate]]:
        """Return candidates, at least one."""
        ...


class Greedy:
    """Takes the likeliest token each time (openai-whisper's `GreedyDecoder` at temperature 0)."""

    def search(
        self, window: Window, start: Hypothesis, *, eot: int, limit: int
    ) -> Steps[list[Candidate]]:
        """See `Decoder`."""
        return (yield from _follow(window, [start], [_likeliest], eot=eot, limit=limit))


class Sampling:
    """Draws `best_of` independent texts (openai-whisper's `GreedyDecoder` above 0)."""

    def __init__(self, temperature: float, best_of: int, rng: np.random.Generator) -> None:
        self._temperature = temperature
        self._rngs = rng.spawn(best_of)

    def search(
        self, window: Window, start: Hypothesis, *, eot: int, limit: int
    ) -> Steps[list[Candidate]]:
        """See `Decoder`."""
        starts = [start, *(start.fork() for _ in self._rngs[1:])]
        draws = [partial(self._draw, rng) for rng in self._rngs]
        return (yield from _follow(window, starts, draws, eot=eot, limit=limit))

    def _draw(self, rng: np.random.Generator, logprobs: Array) -> int:
        # The Gumbel-max trick: the argmax is distributed as softmax(logprobs / temperature).
        noise = rng.gumbel(size=logprobs.shape)
        return int((logprobs / self._temperature + noise).argmax())


Choose = Callable[[Array], int]
"""Picks the next token by its log probabilities (n_vocab,)."""


def _likeliest(logprobs: Array) -> int:
    return int(logprobs.argmax())


def _follow(
    window: Window,
    starts: Sequence[Hypothesis],
    choices: Sequence[Choose],
    *,
    eot: int,
    limit: int,
) -> Steps[list[Candidate]]:
    """Let each of `choices` pick the next tokens of a hypothesis of its own, until the end."""
    ended: dict[int, Candidate] = {}
    growing = dict(enumerate(starts))
    for _ in range(limit):
        if not growing:
            break
        known = yield from window.look_ahead(list(growing.values()))
        for index, hypothesis in zip(list(growing), known, strict=True):
            probable = window.logprobs(hypothesis)
            token = choices[index](probable)
            grown = hypothesis.extend(token, float(probable[token]))
            growing[index] = grown
            if token == eot:
                del growing[index]
                ended[index] = Candidate(grown.tokens[:-1], grown.logprobs)
    ended |= {index: Candidate(each.tokens, each.logprobs) for index, each in growing.items()}
    return [ended[index] for index in sorted(ended)]


@dataclass(frozen=True, slots=True)
class _Expansion:
    source: int
    token: int
    logprob: float
    sum_logprob: float


class BeamSearch:
    """Keeps the `beam_size` likeliest hypotheses (openai-whisper's `BeamSearchDecoder`)."""

    def __init__(self, beam_size: int, patience: float | None) -> None:
        self._beam_size = beam_size
        self._max_candidates = round(beam_size * (patience or 1.0))

    def search(
        self, window: Window, start: Hypothesis, *, eot: int, limit: int
    ) -> Steps[list[Candidate]]:
        """See `Decoder`."""
        beams, finished = [start], list[Candidate]()
        for _ in range(limit):
            beams = yield from window.look_ahead(beams)
            going_on, ending = self._split(self._expand(window, beams), eot)
            finished += [
                Candidate(beams[e.source].tokens, (*beams[e.source].logprobs, e.logprob))
                for e in ending
            ]
            beams = _grow(beams, going_on)
            if len(finished) >= self._max_candidates or not beams:
                return finished[: self._max_candidates]
        return finished + self._unfinished(beams)[: max(0, self._beam_size - len(finished))]

    def _expand(self, window: Window, beams: list[Hypothesis]) -> list[_Expansion]:
        """Return the likeliest continuations of every beam, best first.

        One more than `beam_size` of each, as one of them may be end-of-text.
        """
        expansions = []
        for source, beam in enumerate(beams):
            so_far = beam.sum_logprob
            expansions += [
                _Expansion(source, token, logprob, so_far + logprob)
                for token, logprob in window.likeliest(beam, self._beam_size + 1)
            ]
        return sorted(expansions, key=lambda e: e.sum_logprob, reverse=True)

    def _split(
        self, expansions: list[_Expansion], eot: int
    ) -> tuple[list[_Expansion], list[_Expansion]]:
        """Tell the `beam_size` best that go on from the endings that rank before the last one."""
        going_on: list[_Expansion] = []
        ending: list[_Expansion] = []
        for expansion in expansions:
            if len(going_on) == self._beam_size:
                break
            (ending if expansion.token == eot else going_on).append(expansion)
        return going_on, ending

    @staticmethod
    def _unfinished(beams: list[Hypothesis]) -> list[Candidate]:
        ranked = sorted(beams, key=lambda beam: beam.sum_logprob, reverse=True)
        return [Candidate(beam.tokens, beam.logprobs) for beam in ranked]


def _grow(beams: list[Hypothesis], expansions: list[_Expansion]) -> list[Hypothesis]:
    """Return each expansion as a beam; the first one of a source takes over its cache.

    Others take those of beams that end here, which mostly hold the same tokens but the last few.
    """
    taken: set[int] = set()
    sources = {expansion.source for expansion in expansions}
    over = [beam for number, beam in enumerate(beams) if number not in sources]
    grown = []
    for expansion in expansions:
        source = beams[expansion.source]
        if expansion.source in taken:
            source = source.fork(over.pop() if over else None)
        taken.add(expansion.source)
        grown.append(source.extend(expansion.token, expansion.logprob))
    return grown
