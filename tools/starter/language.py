"""Text without sound, from which the decoder learns which words follow which.

An hour of speech has 10,000 words, far too few to learn a language from, and takes two cores half a
minute to learn; as many words of text take two seconds. After Wang, Sainath and Weiss ("Multitask
Training with Text Data for End-to-End Speech Recognition", 2021).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tools.starter.text import TextSources
from tools.starter.tokenizer import Tokenizer

N_TOKENS = 96  # of an excerpt, about 50 words


class Excerpts:
    """Excerpts of all texts, each from the beginning of a sentence on."""

    def __init__(
        self, sources: TextSources, tokenizer: Tokenizer, rng: np.random.Generator
    ) -> None:
        alone = rng.permutation([*sources.sentences, *sources.glosses]).tolist()
        sentences = [tokenizer.encode(f" {text}") for text in (*sources.novels, *alone)]
        self._tokens = np.array([t for sentence in sentences for t in sentence], np.int64)
        begins = np.cumsum([0, *map(len, sentences[:-1])])
        self._begins: NDArray[np.int64] = begins[begins <= len(self._tokens) - N_TOKENS]
        self._start = tokenizer.start_of_lm
        self._rng = rng

    def batches(self, size: int) -> Iterator[NDArray[np.int64]]:
        """Yield tokens (size, 1 + N_TOKENS): <|startoflm|>, and what is to be said after it."""
        while True:
            begins = self._rng.choice(self._begins, size)
            excerpts = self._tokens[begins[:, None] + np.arange(N_TOKENS)]
            yield np.pad(excerpts, ((0, 0), (1, 0)), constant_values=self._start)
