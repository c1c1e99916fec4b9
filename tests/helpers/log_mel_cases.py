"""The sounds on which log-mel is compared with openai-whisper's."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.helpers.clips import human_clips, starter_clips

GOLDEN = Path(__file__).parents[1] / "golden" / "log_mel"
FRAME_STEP = 61  # golden frames are a sample, every 61st, to keep the files small


def cases() -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Yield names and pcm: all clips, and signals at the edges of what a microphone delivers."""
    for clip in human_clips() + starter_clips():
        yield clip.name, _sixteen_bits(clip.pcm())
    noise = np.random.default_rng(0).uniform(-1, 1, 30 * 16_000).astype(np.float32)
    for n_samples in (201, 320, 399, 560, 4_801, len(noise)):
        yield f"noise-{n_samples}", noise[:n_samples]
    yield "faint-noise", noise[:16_000] * np.float32(1e-6)
    yield "silence", np.zeros(16_000, np.float32)
    yield "full-scale", np.where(np.arange(16_000) // 40 % 2, 1, -1).astype(np.float32)


def _sixteen_bits(pcm: NDArray[np.float32]) -> NDArray[np.float32]:
    """Round, so that a resampler's last bit differs neither by release nor by processor."""
    return np.asarray(np.round(pcm * 32_768) / 32_768, np.float32)
