"""A growing sequence of tokens and the probabilities of its next token."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sotto.inference.decoding.filters import LogitFilter
from sotto.inference.decoding.numerics import log_softmax, softmax
from sotto.inference.interfaces import Array, Audio, Cache, Model


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Tokens sampled so far; the last of them may not be in `cache` yet.

    `logits` (n_vocab,) are those of the next token where they are known already.
    """

    cache: Cache
    tokens: tuple[int, ...] = ()
    sum_logprob: float = 0.0
    logits: Array | None = None

    def extend(self, token: int, sum_logprob: float) -> "Hypothesis":
        """Return this hypothesis with one more token. It takes over the cache."""
        return Hypothesis(self.cache, (*self.tokens, token), sum_logprob)

    def fork(self) -> "Hypothesis":
        """Return an independent copy."""
        return replace(self, cache=self.cache.fork())


class Window:
    """One encoded window under the rules that hold for its text."""

    def __init__(self, model: Model, audio: Audio, filters: Sequence[LogitFilter]) -> None:
        self._model = model
        self._audio = audio
        self._filters = filters

    def begin(self, initial_tokens: Sequence[int], sot_index: int) -> tuple[Hypothesis, float]:
        """Run the prompt through a fresh cache.

        Args:
            initial_tokens: prompt, start sequence and forced prefix.
            sot_index: where the start-of-transcript token is in them.

        Returns:
            The empty hypothesis, and the probability that the window holds no speech.
        """
        cache = self._model.new_cache()
        rows = (sot_index, len(initial_tokens) - 1)
        at_sot, last = self._model.decode(initial_tokens, cache, self._audio, rows=rows)
        no_speech = self._model.checkpoint.tokenizer.no_speech
        return Hypothesis(cache, logits=last), float(softmax(at_sot)[no_speech])

    def filtered_logits(self, hypothesis: Hypothesis) -> Array:
        """Return logits (n_vocab,) of the next token, minus infinity where it is forbidden."""
        logits = hypothesis.logits
        if logits is None:
            logits = self._model.decode(hypothesis.tokens[-1:], hypothesis.cache, self._audio)[-1]
        logits = logits.copy()
        for logit_filter in self._filters:
            logit_filter.apply(logits, hypothesis.tokens)
        return logits

    def logprobs(self, hypothesis: Hypothesis) -> Array:
        """Return log probabilities (n_vocab,) of the next token."""
        return log_softmax(self.filtered_logits(hypothesis))
