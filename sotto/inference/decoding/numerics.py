"""The few sums over logits that decoding needs, in the stable form."""

import numpy as np
from numpy.typing import NDArray

from sotto.inference.interfaces import Array

BLOCK = 64
"""Values of which `largest` takes the maximum at a time."""


def logsumexp(logits: Array) -> float:
    """Return log(sum(exp(logits))); minus infinity when every entry is."""
    maximum = logits.max()
    if maximum == -np.inf:
        return -np.inf
    below = logits - maximum
    return float(maximum + np.log(np.exp(below, out=below).sum()))


def log_softmax(logits: Array) -> Array:
    """Return log probabilities of logits (n_vocab,)."""
    return np.asarray(logits - np.float32(logsumexp(logits)), np.float32)


def largest(values: Array, count: int) -> NDArray[np.intp]:
    """Return the indices of the `count` largest of values (n,), in no order.

    They lie in the `count` blocks whose largest values are largest, so few are looked at twice.
    A block's values lie apart, so that many maxima are taken at once.
    """
    n_blocks = len(values) // BLOCK
    whole = n_blocks * BLOCK
    if n_blocks <= count:
        return np.argpartition(-values, count - 1)[:count]
    blocks = values[:whole].reshape(BLOCK, n_blocks).max(axis=0)
    firsts = np.argpartition(-blocks, count - 1)[:count]
    inside = (firsts[:, np.newaxis] + np.arange(0, whole, n_blocks)).reshape(-1)
    candidates = np.concatenate([inside, np.arange(whole, len(values))])
    return candidates[np.argpartition(-values[candidates], count - 1)[:count]]


def softmax(logits: Array) -> Array:
    """Return probabilities over the last axis of logits (..., n)."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True), np.float32)
