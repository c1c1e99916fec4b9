"""Run the log-mel kernel as compiled for a CPU with AVX2 only, and print its largest error."""

import numpy as np
from max.driver import CPU, Buffer, set_virtual_cpu_target
from max.engine import InferenceSession

from sotto.inference.features import frame_starts, log_mel_graph, log_mel_reference
from tests.helpers.smoothing import smoothed

N_MELS = 80


def main() -> None:
    set_virtual_cpu_target("x86-64-v3")
    pcm = np.random.default_rng(0).uniform(-1, 1, 16_123).astype(np.float32)
    inputs = Buffer.from_numpy(pcm), Buffer.from_numpy(frame_starts(0, len(pcm) // 160))
    expected = log_mel_reference(pcm, N_MELS)
    errors = []
    for smoothing, reference in ((False, expected), (True, smoothed(expected))):
        model = InferenceSession(devices=[CPU()]).load(log_mel_graph(N_MELS, smoothing))
        errors.append(np.abs(model.execute(*inputs)[0].to_numpy() - reference).max())
    print(max(errors))  # noqa: T201


if __name__ == "__main__":
    main()
