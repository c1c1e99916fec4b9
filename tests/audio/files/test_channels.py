import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from sotto.audio.files.frames import ChannelChoice
from sotto.audio.files.reading import read_recording, read_sounds
from sotto.audio.files.selection import Channels, Selection
from sotto.audio.input.source import SAMPLE_RATE
from sotto.errors import AudioFileError
from tools.fixtures.clips import human_clips
from tools.fixtures.media_files import AAC_LAYOUTS, OPUS_LAYOUTS, caf, muxed, tone, wav

SPEECH = human_clips()[0].pcm()
OTHER = human_clips()[1].pcm()[: len(SPEECH)]
SPEECH = SPEECH[: len(OTHER)]
RATE = SAMPLE_RATE
ROUNDED = 2**-16  # a recording is kept in 16 bits


def written(path: Path, *channels: NDArray[np.float32]) -> Path:
    soundfile.write(path, np.stack(channels, axis=1), RATE, subtype="FLOAT")
    return path


def test_a_channel_upside_down_is_turned_over(tmp_path: Path) -> None:
    path = written(tmp_path / "swapped.wav", SPEECH, -SPEECH)
    np.testing.assert_allclose(read_recording(path).pcm, SPEECH, atol=ROUNDED)


def test_upside_down_and_softer_with_an_offset_and_noise(tmp_path: Path) -> None:
    noise = 0.003 * np.random.default_rng(0).standard_normal(len(SPEECH)).astype(np.float32)
    path = written(tmp_path / "swapped.wav", SPEECH + 0.05, 0.05 - 0.5 * SPEECH + noise)
    pcm = read_recording(path).pcm
    assert np.corrcoef(pcm, SPEECH)[0, 1] > 0.99
    assert np.std(pcm) > 0.7 * np.std(SPEECH)


@pytest.mark.parametrize("right", [SPEECH, OTHER, 0 * SPEECH])
def test_other_stereo_is_its_mean(right: NDArray[np.float32], tmp_path: Path) -> None:
    path = written(tmp_path / "stereo.wav", SPEECH, right)
    np.testing.assert_allclose(read_recording(path).pcm, (SPEECH + right) / 2, atol=ROUNDED)


def test_a_recording_that_is_mended_on_the_way_is_heard_throughout(tmp_path: Path) -> None:
    half = len(SPEECH) // 2
    right = np.concatenate([-SPEECH[:half], SPEECH[half:]])
    pcm = read_recording(written(tmp_path / "mended.wav", SPEECH, right)).pcm
    early, late = half - RATE // 10, half + RATE  # a block; it takes a moment to notice
    np.testing.assert_allclose(pcm[:early], SPEECH[:early], atol=ROUNDED)
    np.testing.assert_allclose(pcm[late:], SPEECH[late:], atol=ROUNDED)


@pytest.mark.parametrize(("channels", "expected"), [("left", SPEECH), ("right", OTHER)])
def test_one_side(channels: Channels, expected: NDArray[np.float32], tmp_path: Path) -> None:
    path = written(tmp_path / "sides.wav", SPEECH, OTHER)
    pcm = read_recording(path, Selection(channels=channels)).pcm
    np.testing.assert_allclose(pcm, expected, atol=ROUNDED)
    mono = written(tmp_path / "mono.wav", expected)
    pcm = read_recording(mono, Selection(channels=channels)).pcm
    np.testing.assert_allclose(pcm, expected, atol=ROUNDED)


@pytest.mark.parametrize("rate", [RATE, 22_050])
def test_all_sides_of_one_pass_are_those_of_passes_of_their_own(rate: int, tmp_path: Path) -> None:
    path = tmp_path / "sides.wav"
    soundfile.write(path, np.stack([SPEECH, -OTHER], axis=1), rate)
    sides: tuple[Channels, ...] = ("mix", "left", "right")
    at_once = read_sounds(path, Selection(channels=sides))
    for side, recording in zip(sides, at_once, strict=True):
        alone = read_recording(path, Selection(channels=side)).pcm
        np.testing.assert_array_equal(recording.pcm, alone)


def test_damage_is_the_same_on_all_sides(tmp_path: Path) -> None:
    whole = written(tmp_path / "sides.wav", SPEECH, OTHER).read_bytes()
    (tmp_path / "cut.wav").write_bytes(whole[: len(whole) // 2])
    left, right = read_sounds(tmp_path / "cut.wav", Selection(channels=("left", "right")))
    assert left.missing == right.missing != ()


def test_what_is_no_number_does_not_spoil_what_follows() -> None:
    choice = ChannelChoice("mix")
    broken = np.full((1_600, 2), np.nan, np.float32)
    swapped = np.stack([SPEECH, -SPEECH], axis=1)
    with np.errstate(invalid="ignore"):
        choice.of(broken, RATE)
    np.testing.assert_array_equal(choice.of(swapped, RATE)[:, 1], SPEECH)


@pytest.mark.parametrize("n_channels", [1, 2, 3, 7, 8, 9, 16, 63, 64])
def test_any_number_of_channels_is_mixed(n_channels: int, tmp_path: Path) -> None:
    path = tmp_path / "many.wav"
    path.write_bytes(wav(n_channels))
    np.testing.assert_allclose(read_recording(path).pcm, tone(RATE, 1)[:, 0], atol=1e-4)


@pytest.mark.parametrize("layout", AAC_LAYOUTS)
def test_every_layout_of_aac(layout: str, tmp_path: Path) -> None:
    path = tmp_path / "sound.m4a"
    path.write_bytes(muxed("ipod", "aac", layout))
    assert np.std(read_recording(path).pcm) > 0.1


@pytest.mark.parametrize("layout", OPUS_LAYOUTS)
def test_every_layout_of_opus(layout: str, tmp_path: Path) -> None:
    path = tmp_path / "sound.opus"
    path.write_bytes(muxed("ogg", "libopus", layout))
    assert np.std(read_recording(path).pcm) > 0.1


@pytest.mark.parametrize("tag", [100, 103, 113, 117, 126, 127, 128, 140])
def test_loudspeakers_in_uncommon_places(tag: int, tmp_path: Path) -> None:
    """FFmpeg gives some of these a layout of their own, which PyAV frees more than once."""
    n_channels = 8 if tag >= 126 else 4
    path = tmp_path / "sound.caf"
    path.write_bytes(caf(n_channels, RATE, layout_tag=tag << 16 | n_channels))
    np.testing.assert_allclose(read_recording(path).pcm, tone(RATE, 1)[:, 0], atol=1e-4)


@pytest.mark.parametrize("n_channels", [0, 65, 65_535])
def test_numbers_of_channels_that_cannot_be(n_channels: int, tmp_path: Path) -> None:
    data = io.BytesIO(wav(2))
    data.getbuffer()[22:24] = n_channels.to_bytes(2, "little")
    (tmp_path / "sound.wav").write_bytes(data.getvalue())
    with pytest.raises(AudioFileError, match=r"channels|no samples"):
        read_recording(tmp_path / "sound.wav")
