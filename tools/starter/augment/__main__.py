"""Print what augmentation costs, in milliseconds of one core for a second of sound.

python -m tools.starter.augment
"""

import time
from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np

from tools.starter.augment import (
    AugmentationSettings,
    Augmenter,
    warp_time,
    warped_mel_filters,
)
from tools.starter.augment.sound import SAMPLE_RATE, Sound

SECONDS = (1, 2, 4, 8, 16)
N_ROUNDS = 100


def main() -> None:
    rng = np.random.default_rng(0)
    voices = [rng.standard_normal(n * SAMPLE_RATE, dtype=np.float32) for n in SECONDS]
    began = time.process_time()
    usual = AugmentationSettings()
    augmenter = Augmenter(usual, voices, rng)
    print(f"pools: {time.process_time() - began:.1f} s")
    print(f"all as usual: {_cost(lambda pcm: augmenter(pcm, rng), voices):.2f} ms")
    print(f"warp: {_cost(lambda pcm: warp_time(pcm, usual, rng)[0], voices):.2f} ms")
    print(f"noise only: {_cost(lambda pcm: augmenter.noise_only(len(pcm), rng), voices):.2f} ms")
    print(f"filters: {_cost(lambda _: warped_mel_filters(1.1), voices):.2f} ms")
    none = {f.name: 0.0 for f in fields(usual) if f.name.endswith("_probability")}
    for name in none:
        only = replace(usual, **(none | {name: 1.0}))  # type: ignore[arg-type]
        augmenter._settings = augmenter._voicing._settings = only
        print(f"{name}: {_cost(lambda pcm: augmenter(pcm, rng), voices):.2f} ms")


def _cost(job: Callable[[Sound], object], voices: list[Sound]) -> float:
    """Return milliseconds of this process for a second of sound."""
    began = time.process_time()
    for _ in range(N_ROUNDS):
        for voice in voices:
            job(voice)
    seconds_of_sound = N_ROUNDS * sum(map(len, voices)) / SAMPLE_RATE
    return (time.process_time() - began) / seconds_of_sound * 1000


if __name__ == "__main__":
    main()
