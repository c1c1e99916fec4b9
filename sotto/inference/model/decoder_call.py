"""One call of the decoder's graph, for the next tokens of any number of sequences."""

from collections.abc import Sequence

import numpy as np

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.graphs.layers import HEAD_DIM
from sotto.inference.interfaces import Array, Step
from sotto.inference.model.decoder_state import EncodedAudio, KeyValueCache, address_of


class DecoderCall:
    """What the decoder graph is told of steps (see graphs/decoder.py).

    Refuses what would make the kernels read or write memory that is not theirs.
    """

    def __init__(self, dims: ModelDimensions, steps: Sequence[Step]) -> None:
        self._steps = [(step, *_ours(step)) for step in steps]
        if not steps or len({id(cache) for _, cache, _ in self._steps}) < len(steps):
            raise ValueError("there must be at least one step, and each needs a cache of its own")
        self._scores: list[Array] = []
        self.tokens: list[int] = []
        self.places: list[tuple[int, int]] = []
        self.sequences: list[tuple[int, ...]] = []
        self.rows: list[int] = []
        self.ends_of_rows: list[int] = []  # but the last
        for index, (step, cache, audio) in enumerate(self._steps):
            _check_memory(dims, len(step.tokens), cache, audio)
            self._add_rows(dims, step)
            self._add_sequence(index, step, cache, audio)
        self.ends_of_rows.pop()

    def keep_tokens(self) -> None:
        """Count the tokens as held, once the decoder has written their keys and values."""
        for (step, cache, _), scores in zip(self._steps, self._scores, strict=True):
            cache.extend(step.tokens, scores)

    def _add_rows(self, dims: ModelDimensions, step: Step) -> None:
        wanted = [len(step.tokens) - 1] if step.rows is None else step.rows
        _check_tokens(dims, step.tokens, wanted)
        self.rows += [len(self.tokens) + row for row in wanted]
        self.ends_of_rows.append(len(self.rows))

    def _add_sequence(
        self, index: int, step: Step, cache: KeyValueCache, audio: EncodedAudio
    ) -> None:
        count, first = len(step.tokens), cache.length
        scores = np.empty((len(cache.heads), count, audio.n_ctx), np.float32)
        self._scores.append(scores)
        kept_at = address_of(scores) if cache.heads else 0
        self.sequences.append((*cache.addresses, audio.address, audio.n_ctx, kept_at, first, count))
        self.tokens += step.tokens
        self.places += [(index, first + i) for i in range(count)]


def _ours(step: Step) -> tuple[KeyValueCache, EncodedAudio]:
    if not isinstance(step.cache, KeyValueCache) or not isinstance(step.audio, EncodedAudio):
        raise TypeError("cache and audio must come from the model that decodes")
    return step.cache, step.audio


def _check_tokens(dims: ModelDimensions, tokens: Sequence[int], rows: Sequence[int]) -> None:
    if not tokens or not 0 <= min(tokens) <= max(tokens) < dims.n_vocab:
        raise ValueError(f"tokens must be at least one, each below {dims.n_vocab}")
    if not rows or not 0 <= min(rows) <= max(rows) < len(tokens):
        raise ValueError(f"rows must be at least one, each below {len(tokens)}")


def _check_memory(
    dims: ModelDimensions, count: int, cache: KeyValueCache, audio: EncodedAudio
) -> None:
    if cache.length + count > cache.capacity:
        raise ValueError(f"{cache.length} + {count} tokens exceed the {cache.capacity} of a cache")
    shape = (2 * dims.n_text_layer * dims.n_text_head, audio.n_ctx, HEAD_DIM)
    if tuple(audio.keys_values.shape) != shape or cache.dims != dims:
        raise ValueError("audio is not of this model, or the cache is not")
