"""A growing sequence of tokens and the probabilities of its next token."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sotto.inference.decoding.numerics import largest, log_softmax, logsumexp, softmax
from sotto.inference.decoding.search.filters import LogitFilter
from sotto.inference.decoding.search.steps import Steps
from sotto.inference.interfaces import Array, Audio, Cache, Step
from sotto.inference.prefix import n_shared

REACH = 4
"""Tokens of a missed draft among which a text may take it up again: those of a word or two."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Tokens sampled so far; `cache` may lack the last of them, or hold others instead.

    `logprobs` are their log probabilities.

    `draft` are tokens guessed to follow. They were run together with what is before them, so
    `logits` (1 + len(draft), n_vocab) are those of the next token and of each one after it, as
    long as the guesses come true. `logits` are None where they are not known yet.

    `missed` is what is left of a draft that did not come true. Mostly one word was another, and
    the text goes on as guessed: once it says a token of `missed` again, what follows that one
    becomes the draft.
    """

    cache: Cache
    tokens: tuple[int, ...] = ()
    logprobs: tuple[float, ...] = ()
    draft: tuple[int, ...] = ()
    logits: Array | None = None
    missed: tuple[int, ...] = ()

    @property
    def sum_logprob(self) -> float:
        """Log probability of all tokens."""
        return sum(self.logprobs)

    def extend(self, token: int, logprob: float) -> "Hypothesis":
        """Return this hypothesis with one more token. It takes over the cache."""
        tokens, logprobs = (*self.tokens, token), (*self.logprobs, logprob)
        if self.logits is not None and self.draft[:1] == (token,):
            return Hypothesis(self.cache, tokens, logprobs, self.draft[1:], self.logits[1:])
        missed = self.draft or self.missed
        if token in missed[:REACH]:
            draft = missed[missed.index(token) + 1 :]
            return Hypothesis(self.cache, tokens, logprobs, draft)
        return Hypothesis(self.cache, tokens, logprobs, missed=missed)

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

    def look_ahead(self, hypotheses: Sequence[Hypothesis]) -> Steps[list[Hypothesis]]:
        """Return the hypotheses with logits. Each has a cache of its own."""
        unknown = [self._step(each) for each in hypotheses if each.logits is None]
        found = iter((yield unknown) if unknown else ())
        return [_with(each, next(found)) if each.logits is None else each for each in hypotheses]

    def logprobs(self, hypothesis: Hypothesis) -> Array:
        """Return log probabilities (n_vocab,) of the next token of a hypothesis with logits.

        Minus infinity where it is forbidden.
        """
        return log_softmax(self._filtered(hypothesis))

    def likeliest(self, hypothesis: Hypothesis, count: int) -> list[tuple[int, float]]:
        """Return the `count` likeliest next tokens of one with logits, and log probabilities.

        In no order, and without those that are forbidden.
        """
        logits = self._filtered(hypothesis)
        tokens = largest(logits, count)
        logprobs = logits[tokens] - np.float32(logsumexp(logits))
        pairs = zip(tokens.tolist(), logprobs.tolist(), strict=True)
        return [(token, logprob) for token, logprob in pairs if logprob > -math.inf]

    def _filtered(self, hypothesis: Hypothesis) -> Array:
        """Return the logits (n_vocab,) of the next token by the rules."""
        if hypothesis.logits is None:
            raise ValueError("these logits are not known: look ahead first")
        logits: Array = hypothesis.logits[0].copy()
        for logit_filter in self._filters:
            logit_filter.apply(logits, hypothesis.tokens)
        return logits

    def _step(self, hypothesis: Hypothesis) -> Step:
        """Return the step for the next token, and for those after each token of the draft."""
        tokens = [*self._initial_tokens, *hypothesis.tokens]
        draft = hypothesis.draft[: hypothesis.cache.capacity - len(tokens)]
        step = step_to(tokens, hypothesis.cache, self._audio)
        rows = range(len(step.tokens) - 1, len(step.tokens) + len(draft))
        return replace(step, tokens=[*step.tokens, *draft], rows=rows)


def _with(hypothesis: Hypothesis, logits: Array) -> Hypothesis:
    """Return a hypothesis with the logits of its step, which need not hold all of its draft."""
    return replace(hypothesis, draft=hypothesis.draft[: len(logits) - 1], logits=logits)


def step_to(tokens: Sequence[int], cache: Cache, audio: Audio) -> Step:
    """Return the step that makes a cache hold `tokens`, for the logits of the next one.

    Args:
        tokens: From the start of the sequence, at least one.
        cache: Cropped to what it shares with `tokens`; the rest is run, at least the last one.
        audio: All that is in the cache was run with it.
    """
    cache.crop(min(n_shared(cache.tokens, tokens), len(tokens) - 1))
    return Step(tokens[cache.length :], cache, audio)
