"""A growing sequence of tokens and the probabilities of its next token."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sotto.inference.decoding.filters import LogitFilter
from sotto.inference.decoding.numerics import largest, log_softmax, logsumexp, softmax
from sotto.inference.decoding.steps import Steps
from sotto.inference.interfaces import Array, Audio, Cache, Step
from sotto.inference.prefix import n_shared


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Tokens sampled so far; `cache` may lack the last of them, or hold others instead.

    `logprobs` are their log probabilities.

    `draft` are tokens guessed to follow. They were run together with what is before them, so
    `logits` (1 + len(draft), n_vocab) are those of the next token and of each one after it, as
    long as the guesses come true. Without a draft, `logits` may be None: not known yet.
    """

    cache: Cache
    tokens: tuple[int, ...] = ()
    logprobs: tuple[float, ...] = ()
    draft: tuple[int, ...] = ()
    logits: Array | None = None

    @property
    def sum_logprob(self) -> float:
        """Log probability of all tokens."""
        return sum(self.logprobs)

    def extend(self, token: int, logprob: float) -> "Hypothesis":
        """Return this hypothesis with one more token. It takes over the cache."""
        tokens, logprobs = (*self.tokens, token), (*self.logprobs, logprob)
        if self.logits is not None and self.draft[:1] == (token,):
            return Hypothesis(self.cache, tokens, logprobs, self.draft[1:], self.logits[1:])
        return Hypothesis(self.cache, tokens, logprobs)

    def fork(self, spare: "Hypothesis | None" = None) -> "Hypothesis":
        """Return an independent copy, with the cache of one of this window that nobody needs."""
        return replace(self, cache=self.cache.fork(spare.cache if spare else None))


class Window:
    """One encoded window under the rules that hold for its text.

    Args:
        audio: What the model's `encode` returned.
        no_speech: The token that means it.
        filters: Of the logits of the next token.
        initial_tokens: Prompt, start sequence and forced prefix.
    """

    def __init__(
        self,
        audio: Audio,
        no_speech: int,
        filters: Sequence[LogitFilter],
        initial_tokens: Sequence[int],
    ) -> None:
        self._audio = audio
        self._no_speech = no_speech
        self._filters = filters
        self._initial_tokens = initial_tokens

    def begin(
        self, cache: Cache, sot_index: int, draft: Sequence[int]
    ) -> Steps[tuple[Hypothesis, float]]:
        """Run the initial tokens and a draft through an empty cache, all at once.

        The draft is verified as it is decoded, token by token: greedily that is Leviathan,
        Kalman and Matias, 2023, "Fast Inference from Transformers via Speculative Decoding".

        Args:
            cache: Empty.
            sot_index: Where the start-of-transcript token is in the initial tokens.
            draft: Tokens that probably follow the initial ones.

        Returns:
            The empty hypothesis, and the probability that the window holds no speech.
        """
        tokens = [*self._initial_tokens, *draft]
        rows = [sot_index, *range(len(self._initial_tokens) - 1, len(tokens))]
        (logits,) = yield [Step(tokens, cache, self._audio, rows)]
        # Without a draft many windows may be decoded at once: a view would keep the logits of all.
        known = logits[1:] if draft else logits[1:].copy()
        hypothesis = Hypothesis(cache, draft=tuple(draft), logits=known)
        return hypothesis, float(softmax(logits[0])[self._no_speech])

    def logprobs(self, hypotheses: Sequence[Hypothesis]) -> Steps[list[Array]]:
        """Return log probabilities (n_vocab,) of the next token of each hypothesis.

        Minus infinity where it is forbidden. Each hypothesis has a cache of its own.
        """
        return [log_softmax(logits) for logits in (yield from self._logits(hypotheses))]

    def likeliest(
        self, hypotheses: Sequence[Hypothesis], count: int
    ) -> Steps[list[list[tuple[int, float]]]]:
        """Return the `count` likeliest next tokens of each hypothesis, with log probabilities.

        In no order, and without those that are forbidden.
        """
        return [_likeliest(logits, count) for logits in (yield from self._logits(hypotheses))]

    def _logits(self, hypotheses: Sequence[Hypothesis]) -> Steps[Iterator[Array]]:
        """Return the logits (n_vocab,) of the next token of each hypothesis, by the rules."""
        unknown = [self._step(each) for each in hypotheses if each.logits is None]
        found = iter((yield unknown) if unknown else ())
        return (
            self._filtered(each, next(found)[-1] if each.logits is None else each.logits[0].copy())
            for each in hypotheses
        )

    def _filtered(self, hypothesis: Hypothesis, logits: Array) -> Array:
        for logit_filter in self._filters:
            logit_filter.apply(logits, hypothesis.tokens)
        return logits

    def _step(self, hypothesis: Hypothesis) -> Step:
        tokens = [*self._initial_tokens, *hypothesis.tokens]
        return step_to(tokens, hypothesis.cache, self._audio)


def _likeliest(logits: Array, count: int) -> list[tuple[int, float]]:
    tokens = largest(logits, count)
    logprobs = logits[tokens] - np.float32(logsumexp(logits))
    pairs = zip(tokens.tolist(), logprobs.tolist(), strict=True)
    return [(token, logprob) for token, logprob in pairs if logprob > -math.inf]


def step_to(tokens: Sequence[int], cache: Cache, audio: Audio) -> Step:
    """Return the step that makes a cache hold `tokens`, for the logits of the next one.

    Args:
        tokens: From the start of the sequence, at least one.
        cache: Cropped to what it shares with `tokens`; the rest is run, at least the last one.
        audio: All that is in the cache was run with it.
    """
    cache.crop(min(n_shared(cache.tokens, tokens), len(tokens) - 1))
    return Step(tokens[cache.length :], cache, audio)
