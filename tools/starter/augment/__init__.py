"""Make synthetic voices sound as people's do, in rooms, in noise, through microphones.

All is drawn from the generator that is passed, and all sounds are float32 mono, 16 kHz, -1..1.
"""

from tools.starter.augment.augmenter import Augmenter, room_and_noise
from tools.starter.augment.mel import warped_mel_filters
from tools.starter.augment.settings import AugmentationSettings
from tools.starter.augment.warp import TimeMap, warp_time

__all__ = [
    "AugmentationSettings",
    "Augmenter",
    "TimeMap",
    "room_and_noise",
    "warp_time",
    "warped_mel_filters",
]
