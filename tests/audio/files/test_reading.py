import os
import struct
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sotto.audio.files.reading import decode, read_audio
from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.errors import AudioFileError
from tests.helpers.examples import examples
from tests.helpers.sound_files import FORMATS, encode
from tools.fixtures.clips import CLIPS


def chirp(rate: int, seconds: float = 2.0) -> Pcm:
    """A tone that climbs from 200 to 2,200 Hz: no two moments are alike."""
    t = np.arange(round(rate * seconds)) / rate
    return (0.4 * np.sin(2 * np.pi * (200 + 1_000 * t / seconds) * t)).astype(np.float32)


def likeness(pcm: Pcm, probe: Pcm) -> NDArray[np.float64]:
    """Return the correlation of `probe` with every stretch of `pcm` as long; neither has a mean."""
    products = np.fft.irfft(np.fft.rfft(pcm) * np.conj(np.fft.rfft(probe, len(pcm))), len(pcm))
    energies = np.cumsum(np.concatenate(([0.0], np.square(pcm, dtype=np.float64))))
    stretches = energies[len(probe) :] - energies[: -len(probe)]
    scores: NDArray[np.float64] = products[: len(stretches)] / np.sqrt(stretches * (probe @ probe))
    return scores


@pytest.mark.parametrize("rate", [16_000, 48_000])
@pytest.mark.parametrize("n_channels", [1, 2])
@pytest.mark.parametrize("file_format", FORMATS)
def test_every_format_gives_its_sound(
    tmp_path: Path, file_format: str, n_channels: int, rate: int
) -> None:
    path = tmp_path / f"sound.{file_format}"
    path.write_bytes(encode(np.tile(chirp(rate)[:, None], n_channels), rate, file_format))
    pcm, expected = read_audio(path), chirp(SAMPLE_RATE)
    assert pcm.dtype == np.float32
    assert abs(len(pcm) - len(expected)) < 0.15 * SAMPLE_RATE
    # Lossy encoders pad a frame or two at either end: find the shift, then compare.
    probe = expected[8_000:24_000]
    assert likeness(pcm[6_000 : 10_000 + len(probe)], probe).max() > 0.98


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_every_depth_of_wav_is_scaled_alike(tmp_path: Path, subtype: str) -> None:
    path = tmp_path / "sound.wav"
    soundfile.write(path, chirp(SAMPLE_RATE), SAMPLE_RATE, subtype=subtype)
    atol = 1 / 128 if subtype == "PCM_U8" else 2**-15
    np.testing.assert_allclose(read_audio(path), chirp(SAMPLE_RATE), atol=atol)


def test_lossless_speech_is_exact() -> None:
    path = CLIPS / "starter" / "000.flac"
    expected, _ = soundfile.read(path, dtype="float32")
    np.testing.assert_array_equal(read_audio(path), expected)


def test_blocks_are_small_however_long_the_file_is(tmp_path: Path) -> None:
    path = tmp_path / "long.flac"
    path.write_bytes(encode(np.tile(chirp(SAMPLE_RATE), 60), SAMPLE_RATE, "flac"))
    assert max(len(block) for block in decode(path)) <= SAMPLE_RATE


def test_a_file_without_a_length_in_its_header(tmp_path: Path) -> None:
    """As `arecord -t wav | …` writes it: the length was not known when the header was written."""
    data = bytearray(encode(chirp(SAMPLE_RATE), SAMPLE_RATE, "wav"))
    data[4:8] = data[40:44] = struct.pack("<I", 0xFFFFFFFF)
    path = tmp_path / "streamed.wav"
    path.write_bytes(data)
    assert len(read_audio(path)) == 2 * SAMPLE_RATE


def test_text_encoding_of_tags_and_names_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode("naïve 日本 \udcff.wav".encode("utf-8", "surrogateescape"))
    path.write_bytes(encode(chirp(SAMPLE_RATE), SAMPLE_RATE, "wav"))
    assert len(read_audio(path)) == 2 * SAMPLE_RATE


def write_nothing(path: Path) -> None:
    path.touch()


def write_text(path: Path) -> None:
    path.write_text("Dear Laura, thank you for the budget.\n" * 50)


def write_no_samples(path: Path) -> None:
    path.write_bytes(encode(np.zeros(0, np.float32), SAMPLE_RATE, "wav"))


def write_half_a_flac(path: Path) -> None:
    data = encode(chirp(SAMPLE_RATE), SAMPLE_RATE, "flac")
    path.write_bytes(data[: len(data) // 2])


def write_half_an_m4a(path: Path) -> None:
    data = encode(chirp(SAMPLE_RATE), SAMPLE_RATE, "m4a")
    path.write_bytes(data[: len(data) // 2])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: None, "does not exist"),
        (Path.mkdir, "is a folder"),
        (write_nothing, "is empty"),
        (write_text, "holds no sound|cannot be read as sound"),
        (write_no_samples, "holds no samples|cannot be read as sound"),
        (write_half_a_flac, "damaged or cut short"),
        (write_half_an_m4a, "cannot be read as sound"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(
    tmp_path: Path, make: Callable[[Path], None], message: str
) -> None:
    path = tmp_path / "sound"
    make(path)
    with pytest.raises(AudioFileError, match=message) as caught:
        read_audio(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_an_address_of_the_web_is_no_file() -> None:
    with pytest.raises(AudioFileError, match="fetches nothing: download it first"):
        read_audio(Path("https://example.org/a.mp3"))


@cache
def encoded(file_format: str) -> bytes:
    return encode(chirp(SAMPLE_RATE, 0.5), SAMPLE_RATE, file_format)


damage = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=20)


@settings(max_examples=examples(150))
@given(
    file_format=st.sampled_from(FORMATS),
    kept=st.floats(0, 1),
    damage=damage,
    in_header=st.booleans(),
)
def test_damage_gives_sound_or_one_clear_line(
    tmp_path_factory: pytest.TempPathFactory,
    file_format: str,
    kept: float,
    damage: list[tuple[float, int]],
    in_header: bool,
) -> None:
    data = bytearray(encoded(file_format))
    reach = min(200, len(data)) if in_header else len(data)
    for place, value in damage:
        data[int(place * reach)] = value
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(data[: round(kept * len(data))])
    try:
        pcm, message = read_audio(path), ""
    except AudioFileError as error:
        pcm, message = np.zeros(1, np.float32), str(error)
    assert "\n" not in message
    assert np.abs(pcm).max() <= 1.0


@pytest.mark.parametrize("name", ["hello", "printing"])
def test_a_bundled_clip_is_ten_seconds_of_sound_at_most(name: str) -> None:
    pcm = read_audio(str(files("sotto") / "assets" / "clips" / f"{name}.flac"))
    assert 5 * SAMPLE_RATE <= len(pcm) <= 10 * SAMPLE_RATE
    assert np.abs(pcm).max() > 0.1
