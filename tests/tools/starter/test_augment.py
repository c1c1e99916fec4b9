"""Augmentation: nothing is delayed, nothing leaves -1..1, and the levels are what was asked for."""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.starter.augment import (
    AugmentationSettings,
    Augmenter,
    room_and_noise,
    warp_time,
    warped_mel_filters,
)
from tools.starter.augment.augmenter import at_snr
from tools.starter.augment.codecs import low_bits, mu_law
from tools.starter.augment.level import peak
from tools.starter.augment.noise import NOISES, make_noise
from tools.starter.augment.rooms import in_room, room_response
from tools.starter.augment.sound import SAMPLE_RATE, Sound, active_rms
from tools.starter.augment.spectra import to_sound, to_spectra
from tools.starter.augment.voicing import rough

GOLDEN = Path(__file__).parents[2] / "golden" / "log_mel"
LENGTHS = st.sampled_from([0, 1, 2, 159, 160, 319, 320, 384, 8_000, 20_001, 50_000])
SEEDS = st.integers(0, 2**32)


def voice(n_samples: int, seed: int = 0) -> Sound:
    """Make syllables: a buzz that comes and goes four times a second, with pauses between."""
    seconds = np.arange(n_samples) / SAMPLE_RATE
    rng = np.random.default_rng(seed)
    buzz = np.sign(np.sin(2 * np.pi * 120 * seconds)) + rng.standard_normal(n_samples) / 10
    return (0.1 * buzz * np.maximum(np.sin(2 * np.pi * 4 * seconds), 0)).astype(np.float32)


@cache
def augmenter() -> Augmenter:
    babble = [voice(20_000, seed) for seed in range(4)]
    return Augmenter(AugmentationSettings(), babble, np.random.default_rng(0))


def decibels(factor: float) -> float:
    return float(20 * np.log10(factor))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


# --- the whole -------------------------------------------------------------------------------
@settings(deadline=None)
@given(n_samples=LENGTHS, seed=SEEDS, strength=st.sampled_from([0.0, 0.5, 1.0]))
def test_a_sound_stays_as_long_and_within_full_scale(
    n_samples: int, seed: int, strength: float
) -> None:
    heard = augmenter()(voice(n_samples), rng(seed), strength)
    assert heard.shape == (n_samples,)
    assert heard.dtype == np.float32
    assert np.isfinite(heard).all()
    assert peak(heard) <= 1


@settings(deadline=None)
@given(n_samples=LENGTHS, seed=SEEDS)
def test_noise_alone_stays_within_full_scale(n_samples: int, seed: int) -> None:
    heard = augmenter().noise_only(n_samples, rng(seed))
    assert heard.shape == (n_samples,)
    assert heard.dtype == np.float32
    assert np.isfinite(heard).all()
    assert peak(heard) <= 1


@settings(deadline=None, max_examples=20)
@given(seed=SEEDS)
def test_the_same_seed_gives_the_same_sound(seed: int) -> None:
    pcm = voice(20_000)
    np.testing.assert_array_equal(augmenter()(pcm, rng(seed)), augmenter()(pcm, rng(seed)))
    a, b = (augmenter().noise_only(9_000, rng(seed)) for _ in range(2))
    np.testing.assert_array_equal(a, b)


@settings(deadline=None, max_examples=20)
@given(seed=SEEDS)
def test_strength_0_changes_the_level_only(seed: int) -> None:
    pcm = voice(20_000)
    heard = augmenter()(pcm, rng(seed), strength=0)
    np.testing.assert_allclose(heard / peak(heard), pcm / peak(pcm), atol=1e-6)
    low, high = AugmentationSettings().level_db
    assert low - 0.01 <= decibels(peak(heard)) <= high + 0.01


def test_nothing_is_delayed(monkeypatch: pytest.MonkeyPatch) -> None:
    # Without what hides a click or is louder than it.
    alone = AugmentationSettings(room_probability=0, noise_probability=0, dropout_probability=0)
    monkeypatch.setattr(augmenter(), "_settings", alone)
    for seed in range(100):
        pcm = np.zeros(16_000, np.float32)
        pcm[100 * seed + 3_000] = 0.5
        heard = augmenter()(pcm, rng(seed))
        loudest = int(np.abs(heard - np.median(heard)).argmax())
        assert loudest == pytest.approx(100 * seed + 3_000, abs=16)


def test_sounds_and_pools_are_not_written_to() -> None:
    pcm = voice(20_000)
    pcm.setflags(write=False)
    for seed in range(100):
        augmenter()(pcm, rng(seed))
    pools = augmenter()._noises
    assert all(active_rms(pool) == pytest.approx(1, rel=0.5) for pool in pools.values())


def test_silence_gets_noise_but_is_never_amplified_to_nonsense() -> None:
    for seed in range(50):
        heard = augmenter()(np.zeros(8_000, np.float32), rng(seed))
        assert np.isfinite(heard).all()


def test_people_who_talk_are_quiet_where_nobody_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.starter.augment.augmenter.BABBLE_SHARE", 1.0)
    for seed in range(50):
        heard = augmenter().noise_only(8_000, rng(seed))
        assert peak(heard - heard.mean()) < 0.02


def test_a_rough_voice_keeps_its_spectrum_and_its_low_sounds() -> None:
    pcm = voice(48_000)
    before, after = np.abs(to_spectra(pcm)), np.abs(to_spectra(rough(pcm, 2_000, 1.0, rng())))
    np.testing.assert_allclose(after[:, :50], before[:, :50], atol=0.05)
    means = [np.sqrt(np.mean(spectra[:, 70:] ** 2)) for spectra in (before, after)]
    assert means[1] == pytest.approx(means[0], rel=0.3)


# --- settings --------------------------------------------------------------------------------
def test_settings_come_from_a_table() -> None:
    table = tomllib.loads("room_probability = 0.25\nsnr_db = [5, 20]")
    loaded = AugmentationSettings(**table)
    assert loaded.room_probability == 0.25
    assert loaded.snr_db == (5, 20)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"room_probability": 1.5}, "room_probability must be between 0 and 1"),
        ({"snr_db": [20, 5]}, "snr_db must be"),
        ({"snr_db": [20]}, "snr_db must be"),
    ],
)
def test_settings_that_make_no_sense_are_named(table: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        AugmentationSettings(**table)  # type: ignore[arg-type]


# --- time ------------------------------------------------------------------------------------
@settings(deadline=None)
@given(seed=SEEDS, at=st.integers(1_000, 39_000))
def test_a_click_goes_where_the_map_says(seed: int, at: int) -> None:
    pcm = np.zeros(40_000, np.float32)
    pcm[at - 1 : at + 2] = 1
    warped, where = warp_time(pcm, AugmentationSettings(), rng(seed))
    middle = np.average(np.arange(len(warped)), weights=warped) / SAMPLE_RATE
    assert where(np.array([at / SAMPLE_RATE]))[0] == pytest.approx(middle, abs=1.5 / SAMPLE_RATE)


@settings(deadline=None)
@given(seed=SEEDS, n_samples=LENGTHS)
def test_the_map_rises_from_0_to_the_end(seed: int, n_samples: int) -> None:
    warped, where = warp_time(voice(n_samples), AugmentationSettings(), rng(seed))
    moments = where(np.linspace(0, n_samples / SAMPLE_RATE, 100))
    assert moments[0] == 0
    assert (np.diff(moments) >= 0).all()
    assert moments[-1] == pytest.approx(len(warped) / SAMPLE_RATE, abs=2 / SAMPLE_RATE)
    assert np.isfinite(warped).all()


def test_speed_moves_the_pitch() -> None:
    fast = AugmentationSettings(warp_factor=(1.2, 1.2), warp_contour=0.0, warp_jitter=0.0)
    tone = np.sin(2 * np.pi * 500 * np.arange(16_000) / SAMPLE_RATE).astype(np.float32)
    warped, _ = warp_time(tone, fast, rng())
    spectrum = np.abs(np.fft.rfft(warped * np.hanning(len(warped))))
    assert spectrum.argmax() * SAMPLE_RATE / len(warped) == pytest.approx(600, abs=2)


# --- mel filters -----------------------------------------------------------------------------
def test_filters_of_an_unchanged_tract_are_whispers() -> None:
    with np.load(GOLDEN / "mel_filters.npz") as golden:
        np.testing.assert_array_equal(warped_mel_filters(1.0), golden["mel_80"])


@given(alpha=st.floats(0.8, 1.25))
def test_all_bands_of_all_tracts_hear_something(alpha: float) -> None:
    filters = warped_mel_filters(alpha)
    assert filters.shape == (80, 201)
    assert (filters >= 0).all()
    assert (filters.sum(axis=1) > 0).all()


def test_formants_of_a_longer_tract_appear_lower() -> None:
    formant = np.exp(-(((np.arange(201) * 40 - 2_000) / 100) ** 2))
    bands = [(warped_mel_filters(alpha) @ formant).argmax() for alpha in (0.85, 1.0, 1.15)]
    assert bands == sorted(bands, reverse=True)
    assert len(set(bands)) == 3


# --- rooms -----------------------------------------------------------------------------------
@settings(deadline=None, max_examples=20)
@given(seed=SEEDS, ratio_db=st.floats(-3, 15), rt60=st.floats(0.1, 0.9))
def test_a_room_answers_at_once_and_as_loud_as_asked(
    seed: int, ratio_db: float, rt60: float
) -> None:
    response = room_response((rt60, rt60), (ratio_db, ratio_db), rng(seed))
    assert response[0] == 1
    rest = response[1:].astype(np.float64)
    assert 10 * np.log10(1 / np.dot(rest, rest)) == pytest.approx(ratio_db, abs=0.01)


def test_a_room_convolves() -> None:
    pcm, response = voice(45_000), room_response((0.5, 0.5), (0, 0), rng())
    expected = np.convolve(pcm, response)[: len(pcm)]
    np.testing.assert_allclose(in_room(pcm, response), expected, atol=1e-4)


def test_a_longer_decay_rings_longer() -> None:
    def half_energy(rt60: float) -> float:
        energies = np.cumsum(room_response((rt60, rt60), (0, 0), rng(3))[1:] ** 2)
        return float(np.searchsorted(energies, 0.9 * energies[-1]))

    assert half_energy(0.15) < half_energy(0.4) < half_energy(0.9)


# --- noise -----------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", NOISES)
def test_noises_are_finite_differ_and_have_a_level(kind: str) -> None:
    first, second = (make_noise(NOISES[kind], 30_000, rng(seed)) for seed in (1, 2))
    assert first.shape == (30_000,)
    assert np.isfinite(first).all()
    assert not np.array_equal(first, second)
    long = make_noise(NOISES[kind], 20 * SAMPLE_RATE, rng(1))
    assert active_rms(long) == pytest.approx(1, rel=0.5)


@pytest.mark.parametrize("kind", ["white", "pink", "fan", "hum"])
@pytest.mark.parametrize("snr_db", [0, 10, 30])
def test_noise_is_as_loud_as_asked(kind: str, snr_db: float) -> None:
    speech = voice(48_000)
    noise = at_snr(speech, make_noise(NOISES[kind], len(speech), rng()), snr_db)
    spoken = speech[np.abs(speech) > 0.003]
    reached = decibels(float(np.sqrt(np.mean(spoken**2) / np.mean(noise**2))))
    assert reached == pytest.approx(snr_db, abs=1)


@settings(deadline=None, max_examples=20)
@given(n_samples=LENGTHS, seed=SEEDS)
def test_room_and_noise_for_evaluation(n_samples: int, seed: int) -> None:
    heard = room_and_noise(voice(n_samples), 10, rng(seed))
    assert heard.shape == (n_samples,)
    assert np.isfinite(heard).all()
    assert peak(heard) <= 1
    np.testing.assert_array_equal(heard, room_and_noise(voice(n_samples), 10, rng(seed)))


# --- spectra and codecs ----------------------------------------------------------------------
@given(n_samples=st.sampled_from([1, 127, 128, 129, 384, 512, 5_000]))
def test_spectra_come_back_as_the_sound(n_samples: int) -> None:
    pcm = voice(n_samples)
    np.testing.assert_allclose(to_sound(to_spectra(pcm), n_samples), pcm, atol=1e-6)


def test_mu_law_is_telephone_quality() -> None:
    pcm = np.linspace(-1, 1, 1_001).astype(np.float32)
    decoded = mu_law(pcm)
    assert len(np.unique(decoded)) <= 256
    np.testing.assert_allclose(decoded, pcm, atol=0.023)


def test_low_bits_leave_few_values() -> None:
    assert len(np.unique(low_bits(voice(16_000) * 5, 7))) <= 129
