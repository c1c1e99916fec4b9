"""Running a sequence of tokens whose beginning a cache may hold already."""

from collections.abc import Sequence

from sotto.inference.interfaces import Array, Audio, Cache, Model


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
