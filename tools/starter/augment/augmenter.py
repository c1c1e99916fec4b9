"""From a clean voice to one in a room, through a microphone."""

from dataclasses import replace

import numpy as np

from tools.starter.augment.level import peak
from tools.starter.augment.noise import NOISES, babble_of, make_noise
from tools.starter.augment.recorder import recorded
from tools.starter.augment.rooms import Rooms, in_room, room_response
from tools.starter.augment.settings import AugmentationSettings
from tools.starter.augment.sound import (
    SAMPLE_RATE,
    Chance,
    Range,
    Sound,
    active_rms,
    ratio,
    uniform,
    wrapped,
)
from tools.starter.augment.voicing import Voicing

N_ROOMS = 200
POOL_S = 120  # of each kind of noise; 7.3 MiB
FAINTEST_VOICE = 1e-4  # root mean square; where there is no voice, noise is measured against
NO_VOICE = 0.05  # this instead
FAINTEST_NOISE = 1e-3  # of pools at 1; between two clicks there may be nothing

SILENCE_SHARE = 0.08  # of sounds without speech; a muted microphone sends zeros
BABBLE_SHARE = 0.12
FAR_SHARE = 0.3  # heard by way of the room
BABBLE_SNR_DB = 6.0  # at least: of voices as loud as each other nobody knows whose words count
ROOM_TONES = ("pink", "brown", "fan", "hum")  # what is left where all are silent
FLOOR_DB: Range = (-40.0, 0.0)  # of them, against the noise
# Of the peak. A quiet room in a good microphone is at -70 dB; babble must stay beneath speech.
NOISE_LEVEL_DB: Range = (-72.0, -2.0)
BABBLE_LEVEL_DB: Range = (-60.0, -38.0)

# For the evaluation: an ordinary living room or office, somebody at a desk.
EVALUATION_RT60_S: Range = (0.3, 0.6)
EVALUATION_DIRECT_TO_REVERBERANT_DB: Range = (0.0, 6.0)
EVALUATION_NOISES = ("pink", "fan", "traffic", "hum", "typing", "music")


class Augmenter:
    """Makes synthetic voices sound as people's do in a microphone. Holds pools, no state.

    The pools take some seconds and about 130 MiB; processes that are forked share them.
    """

    def __init__(
        self, settings: AugmentationSettings, babble: list[Sound], rng: np.random.Generator
    ) -> None:
        """Build the rooms and noises.

        Args:
            settings: Probabilities and ranges.
            babble: Voices (n_samples,) to mix; without any, babble is left out.
            rng: Draws what is in the pools.
        """
        self._settings = settings
        self._rooms = Rooms(N_ROOMS, settings, rng)
        makers = NOISES | ({"babble": babble_of(babble)} if babble else {})
        n_samples = POOL_S * SAMPLE_RATE
        self._noises = {name: make_noise(make, n_samples, rng) for name, make in makers.items()}
        self._voicing = Voicing(settings, rng)

    def __call__(self, pcm: Sound, rng: np.random.Generator, strength: float = 1.0) -> Sound:
        """Return the sound (n_samples,) as a microphone might have heard it, -1..1.

        Nothing is delayed: what began at a sample still does.

        Args:
            pcm: Speech (n_samples,), 16 kHz.
            rng: Draws what is done.
            strength: 0..1, times all probabilities; 0 changes the level only.
        """
        if not len(pcm):
            return pcm
        chance = Chance(strength, rng)
        heard = self._voicing(pcm, chance, rng)
        if chance(self._settings.room_probability):
            heard = self._rooms(heard, rng)
        if chance(self._settings.noise_probability):
            n_noises = 1 + chance(self._settings.second_noise_probability)
            for kind in rng.choice(list(self._noises), n_noises, replace=False):
                heard = heard + self._noise_for(heard, kind, rng)
        return recorded(heard, self._settings, chance, rng)

    def noise_only(self, n_samples: int, rng: np.random.Generator) -> Sound:
        """Return a sound (n_samples,) in which nobody speaks: from digital silence to loud music.

        People who talk far off, many at once, are among it.
        """
        if n_samples == 0 or rng.random() < SILENCE_SHARE:
            return np.zeros(n_samples, np.float32)
        is_babble = "babble" in self._noises and rng.random() < BABBLE_SHARE
        kind = "babble" if is_babble else rng.choice([k for k in self._noises if k != "babble"])
        heard = wrapped(self._noises[kind], n_samples, rng)
        if is_babble or rng.random() < FAR_SHARE:
            heard = self._rooms(heard, rng)
        floor = self._noises[rng.choice(ROOM_TONES)]
        heard = heard + wrapped(floor, n_samples, rng) * np.float32(ratio(uniform(FLOOR_DB, rng)))
        levels = BABBLE_LEVEL_DB if is_babble else NOISE_LEVEL_DB
        everything = Chance(1.0, rng)
        return recorded(heard, replace(self._settings, level_db=levels), everything, rng)

    def _noise_for(self, voice: Sound, kind: str, rng: np.random.Generator) -> Sound:
        """Return noise as far below the voice as the settings say."""
        low, high = self._settings.snr_db
        snr_db = float(rng.triangular(low, self._settings.usual_snr_db, high))
        if kind == "babble":
            snr_db = max(snr_db, BABBLE_SNR_DB)
        return at_snr(voice, wrapped(self._noises[kind], len(voice), rng), snr_db)


def at_snr(voice: Sound, noise: Sound, snr_db: float) -> Sound:
    """Scale noise (n_samples,) so far below a voice; both are measured where they are active."""
    loudness = active_rms(voice)
    reference = loudness if loudness > FAINTEST_VOICE else NO_VOICE
    return noise * np.float32(reference / ratio(snr_db) / max(active_rms(noise), FAINTEST_NOISE))


def room_and_noise(pcm: Sound, snr_db: float, rng: np.random.Generator) -> Sound:
    """Return speech (n_samples,) in an ordinary room with one ordinary noise, for evaluation."""
    if not len(pcm):
        return pcm
    response = room_response(EVALUATION_RT60_S, EVALUATION_DIRECT_TO_REVERBERANT_DB, rng)
    voice = in_room(pcm, response)
    noise = make_noise(NOISES[rng.choice(EVALUATION_NOISES)], len(pcm), rng)
    heard = voice + at_snr(voice, noise, snr_db)
    highest = peak(heard)
    return heard / np.float32(highest) if highest > 1 else heard
