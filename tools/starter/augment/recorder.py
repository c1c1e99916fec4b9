"""The way from the air to a file: microphone, codec, level, and what goes wrong on it."""

import numpy as np

from tools.starter.augment import codecs, level
from tools.starter.augment.microphones import random_response, telephone
from tools.starter.augment.settings import AugmentationSettings
from tools.starter.augment.sound import Chance, Sound, uniform
from tools.starter.augment.spectra import to_sound, to_spectra


def recorded(
    pcm: Sound, settings: AugmentationSettings, chance: Chance, rng: np.random.Generator
) -> Sound:
    """Return the sound (n_samples,) as a file has it, -1..1."""
    pcm = level.at_peak(_through_microphone(pcm, settings, chance, rng), 0)
    pcm = _coded(_clipped(pcm, settings, chance, rng), settings, chance, rng)
    pcm = level.at_peak(pcm, uniform(settings.level_db, rng))
    if chance(settings.offset_probability):
        pcm = pcm + np.float32(uniform(settings.offset, rng))
    if chance(settings.dropout_probability):
        pcm = level.with_dropouts(pcm, settings.dropout_ms, rng)
    return np.clip(pcm, -1, 1)


def _through_microphone(
    pcm: Sound, settings: AugmentationSettings, chance: Chance, rng: np.random.Generator
) -> Sound:
    """Apply the microphone, the telephone and the codec that work on spectra, all in one go."""
    is_microphone = chance(settings.microphone_probability)
    is_telephone = chance(settings.telephone_probability)
    is_coded = chance(settings.spectral_codec_probability)
    if not (is_microphone or is_telephone or is_coded):
        return pcm
    spectra = to_spectra(pcm)
    if is_microphone:
        response = random_response(settings, chance, rng)
        spectra *= response.at_frames(len(spectra), rng)
    if is_telephone:
        spectra *= telephone()
    if is_coded:
        floor_db = uniform(settings.spectral_codec_floor_db, rng)
        spectra = codecs.without_weak_bins(spectra, floor_db)
    return to_sound(spectra, len(pcm))


def _clipped(
    pcm: Sound, settings: AugmentationSettings, chance: Chance, rng: np.random.Generator
) -> Sound:
    if not chance(settings.clipping_probability):
        return pcm
    clip = level.hard_clipped if rng.random() < 0.5 else level.soft_clipped
    return clip(pcm, uniform(settings.clipping_db, rng))


def _coded(
    pcm: Sound, settings: AugmentationSettings, chance: Chance, rng: np.random.Generator
) -> Sound:
    if chance(settings.mu_law_probability):
        pcm = codecs.mu_law(pcm)
    if chance(settings.low_bits_probability):
        pcm = codecs.low_bits(pcm, int(uniform(settings.low_bits, rng)))
    return pcm
