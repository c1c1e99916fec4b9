"""The compiled log-mel kernel, once for all tests of a run."""

from functools import cache

import numpy as np
from max.driver import CPU, Buffer
from max.engine import InferenceSession

from sotto.inference import compiled
from sotto.inference.features import RawLogMel, Starts
from sotto.inference.interfaces import Array


@cache
def raw_log_mel(n_mels: int) -> RawLogMel:
    """Return the kernel as a function of pcm and frame starts."""
    recipe = compiled.Recipe("log_mel", "sotto.inference.features:log_mel_graph", (n_mels,))
    model = InferenceSession(devices=[CPU()]).init(compiled.load(recipe))

    def run(pcm: Array, starts: Starts) -> Array:
        inputs = (Buffer.from_numpy(np.ascontiguousarray(pcm)), Buffer.from_numpy(starts))
        return np.asarray(model.execute(*inputs)[0].to_numpy(), np.float32)

    return run
