"""A growing sequence of tokens and the probabilities of its next token."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sotto.inference.decoding.filters import LogitFilter
from sotto.inference.decoding.numerics import log_softmax, softmax
from sotto.inference.interfaces import Array, Audio, Cache, Model


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

    def fork(self) -> "Hypothesis":
        """Return an independent copy."""
        return replace(self, cache=self.cache.fork())


class Window:
    """One encoded window under the rules that hold for its text.

    Args:
        model: Decodes.
        audio: What `model.encode` returned.
        filters: Of the logits of the next token.
        initial_tokens: Prompt, start sequence and forced prefix.
    """

    def __init__(
        self,
        model: Model,
        audio: Audio,
        filters: Sequence[LogitFilter],
        initial_tokens: Sequence[int],
    ) -> None:
        self._model = model
        self._audio = audio
        self._filters = filters
        self._initial_tokens = initial_tokens

    def begin(self, cache: Cache, sot_index: int, draft: Sequence[int]) -> tuple[Hypothesis, float]:
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
        logits = self._model.decode(tokens, cache, self._audio, rows=rows)
        no_speech = self._model.checkpoint.tokenizer.no_speech
        hypothesis = Hypothesis(cache, draft=tuple(draft), logits=logits[1:])
        return hypothesis, float(softmax(logits[0])[no_speech])

    def filtered_logits(self, hypothesis: Hypothesis) -> Array:
        """Return logits (n_vocab,) of the next token, minus infinity where it is forbidden."""
        if hypothesis.logits is None:
            logits = self._step(hypothesis)
        else:
            logits = hypothesis.logits[0].copy()
        for logit_filter in self._filters:
            logit_filter.apply(logits, hypothesis.tokens)
        return logits

    def logprobs(self, hypothesis: Hypothesis) -> Array:
        """Return log probabilities (n_vocab,) of the next token."""
        return log_softmax(self.filtered_logits(hypothesis))

    def _step(self, hypothesis: Hypothesis) -> Array:
        tokens = [*self._initial_tokens, *hypothesis.tokens]
        return run(self._model, self._audio, hypothesis.cache, tokens)


def run(model: Model, audio: Audio, cache: Cache, tokens: Sequence[int]) -> Array:
    """Make the cache hold `tokens` and return the logits (n_vocab,) of the next one.

    Args:
        model: Decodes.
        audio: All that is in the cache was run with it.
        cache: Cropped to what it shares with `tokens`; the rest is run, at least the last one.
        tokens: From the start of the sequence, at least one.
    """
    cache.crop(min(_n_shared(cache.tokens, tokens), len(tokens) - 1))
    logits: Array = model.decode(tokens[cache.length :], cache, audio)[-1]
    return logits


def _n_shared(held: Sequence[int], tokens: Sequence[int]) -> int:
    pairs = zip(held, tokens, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(held), len(tokens)))
