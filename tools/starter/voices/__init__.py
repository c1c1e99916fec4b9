"""Speech synthesisers as voices that tell when each word is said."""

import random
from dataclasses import asdict, dataclass
from functools import cache

from tools.starter.voices.espeak import Espeak, EspeakVoice, accents, variants
from tools.starter.voices.festival import Festival, FestivalVoice
from tools.starter.voices.flite import Flite, FliteVoice
from tools.starter.voices.foreign import SPEAKERS
from tools.starter.voices.speech import Speech

Voice = EspeakVoice | FliteVoice | FestivalVoice

FESTIVAL_HELD_OUT = "ked_diphone"
FESTIVAL_KNOWN = ("cmu_us_slt_arctic_hts", "kal_diphone")
FOREIGN = tuple(f"foreign_{name}" for name in SPEAKERS)
HELD_OUT_VARIANT = 10  # every tenth variant of espeak-ng is never trained on
SIMPLE_VARIANTS = ("", "m3", "m7", "f2", "f4")


@dataclass(frozen=True, slots=True)
class Share:
    """How much of what is spoken each synthesiser speaks."""

    espeak: float = 0.5
    flite: float = 0.4
    festival: float = 0.1
    foreign: float = 0.1  # festival's speakers of other languages


def known_voice(rng: random.Random, share: Share) -> Voice:
    """Return a voice to train on."""
    shares = asdict(share)
    (kind,) = rng.choices(list(shares), list(shares.values()))
    if kind == "espeak":
        return _espeak(rng, known_variants())
    if kind == "flite":
        return FliteVoice(rng.choice(Flite.VOICES), rng.uniform(0.8, 1.3), rng.uniform(0.8, 1.25))
    names = FESTIVAL_KNOWN if kind == "festival" else FOREIGN
    return FestivalVoice(rng.choice(names), rng.uniform(0.85, 1.2))


def simple_voice(rng: random.Random) -> Voice:
    """Return one of few voices at about their own speed, to begin training with."""
    if rng.random() < 0.5:
        return FliteVoice(rng.choice(Flite.VOICES), rng.uniform(0.9, 1.15), 1.0)
    variant = rng.choice(SIMPLE_VARIANTS)
    accent = rng.choice(("en-us", "en"))
    return EspeakVoice(accent, variant, rng.randint(145, 180), rng.randint(38, 62), 50)


def held_out_voice(rng: random.Random) -> Voice:
    """Return a voice that is never trained on."""
    if rng.random() < 0.5:
        return FestivalVoice(FESTIVAL_HELD_OUT, rng.uniform(0.9, 1.15))
    return _espeak(rng, held_out_variants())


def known_variants() -> list[str]:
    """Return the variants of espeak-ng that are trained on; "" is the accent's own voice."""
    return ["", *(name for name in variants() if name not in held_out_variants())]


def held_out_variants() -> list[str]:
    """Return the tenth of espeak-ng's variants that is never trained on."""
    return variants()[HELD_OUT_VARIANT // 2 :: HELD_OUT_VARIANT]


def _espeak(rng: random.Random, among: list[str]) -> EspeakVoice:
    return EspeakVoice(
        rng.choice(accents()),
        rng.choice(among),
        speed=round(rng.triangular(120, 230, 165)),
        pitch=round(rng.triangular(10, 90, 50)),
        pitch_range=round(rng.triangular(10, 95, 50)),
    )


def speak(voice: Voice, text: str) -> Speech:
    """Speak a text.

    Raises:
        SynthesisError: The synthesiser gave no sound, or other words than the text has.
    """
    if isinstance(voice, EspeakVoice):
        return _espeak_ng().speak(voice, text)
    if isinstance(voice, FliteVoice):
        return _flite().speak(voice, text)
    return _festival().speak(voice, text)


@cache
def _espeak_ng() -> Espeak:
    return Espeak()


@cache
def _flite() -> Flite:
    return Flite()


@cache
def _festival() -> Festival:
    return Festival()
