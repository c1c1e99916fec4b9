"""The compiled log-mel kernel, once for all tests of a run."""

from functools import cache

from sotto.inference.features import RawLogMel
from sotto.inference.front_end import load_log_mel


@cache
def raw_log_mel(n_mels: int, *, smoothing: bool = False) -> RawLogMel:
    """Return the kernel as a function of pcm and frame starts."""
    return load_log_mel(n_mels, smoothing=smoothing)
