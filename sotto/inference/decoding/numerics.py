"""The few sums over logits that decoding needs, in the stable form."""

import numpy as np

from sotto.inference.interfaces import Array


def logsumexp(logits: Array) -> float:
    """Return log(sum(exp(logits))); minus infinity when every entry is."""
    maximum = logits.max()
    if np.isneginf(maximum):
        return -np.inf
    return float(maximum + np.log(np.exp(logits - maximum).sum()))


def log_softmax(logits: Array) -> Array:
    """Return log probabilities of logits (n_vocab,)."""
    return np.asarray(logits - np.float32(logsumexp(logits)), np.float32)


def softmax(logits: Array) -> Array:
    """Return probabilities over the last axis of logits (..., n)."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True), np.float32)
