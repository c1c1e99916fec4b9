"""What can be read of a recording is read, and stands where it was; the rest is named."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sotto.audio.files.missing import Missing
from sotto.audio.files.reading import decode, read_audio, read_recording
from sotto.audio.files.selection import Selection
from sotto.audio.input.file_source import FileSource
from sotto.audio.input.source import SAMPLE_RATE, Loss
from sotto.errors import AudioFileError
from tests.helpers.sound_files import encode
from tools.fixtures.clips import human_clips
from tools.fixtures.film import film
from tools.fixtures.media_files import muxed, wav

SPEECH = human_clips()[16].pcm()
LENGTH_S = len(SPEECH) / SAMPLE_RATE
TRACKS = (SPEECH, 0 * SPEECH)


def correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    n = min(len(one), len(other))
    return float(np.corrcoef(one[:n], other[:n])[0, 1])


def test_a_damaged_second_in_the_middle(tmp_path: Path) -> None:
    data = bytearray(encode(SPEECH, SAMPLE_RATE, "m4a"))
    middle = len(data) // 2
    data[middle : middle + 4_000] = bytes(4_000)
    (tmp_path / "sound.m4a").write_bytes(data)
    recording = read_recording(tmp_path / "sound.m4a")
    (place,) = recording.missing
    assert place.end_s is not None
    assert 0.2 < place.end_s - place.start_s < 2
    assert not recording.pcm[
        round((place.start_s + 0.1) * SAMPLE_RATE) : round((place.end_s - 0.1) * SAMPLE_RATE)
    ].any()
    begin, end = (
        round(place.start_s * SAMPLE_RATE) - 2_000,
        round(place.end_s * SAMPLE_RATE) + 2_000,
    )
    padding = len(recording.pcm) - len(SPEECH)
    assert padding < 0.2 * SAMPLE_RATE
    for part in (slice(0, begin), slice(end, None)):
        shifts = range(0, 2_200, 4)  # AAC's padding
        assert max(correlation(recording.pcm[part][n:], SPEECH[part]) for n in shifts) > 0.95


@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_the_end_is_missing_and_the_header_says_how_long_it_was(
    suffix: str, tmp_path: Path
) -> None:
    data = encode(SPEECH, SAMPLE_RATE, suffix)
    (tmp_path / f"sound.{suffix}").write_bytes(data[: round(0.7 * len(data))])
    recording = read_recording(tmp_path / f"sound.{suffix}")
    n = len(recording.pcm)
    np.testing.assert_allclose(recording.pcm, SPEECH[:n], atol=1e-4)
    (place,) = recording.missing
    assert place.start_s == pytest.approx(n / SAMPLE_RATE, abs=0.01)
    assert place.end_s == pytest.approx(LENGTH_S, abs=0.01)


@pytest.mark.parametrize("suffix", ["ogg", "opus"])
def test_a_cut_ogg_file_does_not_know_its_length(suffix: str, tmp_path: Path) -> None:
    data = encode(SPEECH, SAMPLE_RATE, suffix)
    (tmp_path / f"sound.{suffix}").write_bytes(data[: round(0.6 * len(data))])
    (place,) = read_recording(tmp_path / f"sound.{suffix}").missing
    assert place.end_s is None
    assert str(place) == f"from {place.start_s:.1f} s on"
    with pytest.raises(AudioFileError, match=r"from .* s on cannot be read"):
        read_audio(tmp_path / f"sound.{suffix}")


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "ogg", "opus", "m4a"])
def test_nothing_is_missing_in_a_whole_file(suffix: str, tmp_path: Path) -> None:
    (tmp_path / f"sound.{suffix}").write_bytes(encode(SPEECH, SAMPLE_RATE, suffix))
    assert read_recording(tmp_path / f"sound.{suffix}").missing == ()


def test_a_tag_at_the_end_of_an_mp3_is_no_damage(tmp_path: Path) -> None:
    tag = b"APETAGEX" + bytes(range(256)) * 4
    (tmp_path / "sound.mp3").write_bytes(encode(SPEECH, SAMPLE_RATE, "mp3") + tag)
    assert read_recording(tmp_path / "sound.mp3").missing == ()


def test_sound_that_begins_behind_the_picture_keeps_its_place(tmp_path: Path) -> None:
    (tmp_path / "film.mkv").write_bytes(film(TRACKS, delay_s=3.0))
    recording = read_recording(tmp_path / "film.mkv")
    assert recording.missing == ()
    begin = 3 * SAMPLE_RATE
    assert not recording.pcm[:begin].any()
    np.testing.assert_allclose(recording.pcm[begin:], SPEECH, atol=1e-4)


def test_a_pause_of_the_track_keeps_its_place(tmp_path: Path) -> None:
    (tmp_path / "sound.mkv").write_bytes(muxed("matroska", "flac", "mono", gap_s=2.0))
    recording = read_recording(tmp_path / "sound.mkv")
    assert recording.missing == ()
    assert len(recording.pcm) == pytest.approx(2.4 * SAMPLE_RATE, abs=200)


@pytest.mark.parametrize(
    ("default", "track", "is_speech"),
    [(0, None, True), (1, None, False), (1, 1, True), (0, 2, False)],
)
def test_the_default_track_counts_unless_another_is_asked_for(
    default: int, track: int | None, is_speech: bool, tmp_path: Path
) -> None:
    (tmp_path / "film.mkv").write_bytes(film(TRACKS, default=default))
    recording = read_recording(tmp_path / "film.mkv", Selection(track))
    assert recording.pcm[:].any() == is_speech


@pytest.mark.parametrize("track", [-1, 0, 3])
def test_a_track_that_is_not_there(track: int, tmp_path: Path) -> None:
    (tmp_path / "film.mkv").write_bytes(film(TRACKS))
    with pytest.raises(AudioFileError, match=f"has 2 sound tracks; there is no track {track}"):
        read_recording(tmp_path / "film.mkv", Selection(track))


@pytest.mark.parametrize("rate", [1, 1_999, 1_000_001, 10_000_000])
def test_rates_that_cannot_be_speech(rate: int, tmp_path: Path) -> None:
    """At 1 Hz a file of 200 kB would be 28 h of sound."""
    (tmp_path / "sound.wav").write_bytes(wav(1, rate))
    with pytest.raises(AudioFileError, match=f"has {rate} samples a second"):
        read_recording(tmp_path / "sound.wav")


def test_a_source_tells_the_place_when_it_has_come_there(tmp_path: Path) -> None:
    data = bytearray(encode(SPEECH, SAMPLE_RATE, "m4a"))
    data[len(data) // 2 : len(data) // 2 + 4_000] = bytes(4_000)
    (tmp_path / "sound.m4a").write_bytes(data)
    decoding = decode(tmp_path / "sound.m4a")
    n_samples = sum(map(len, decoding))
    (place,) = decoding.missing
    assert isinstance(place, Missing)
    assert place.end_s is not None
    source = FileSource(tmp_path / "sound.m4a", "max")
    n_read, losses, fault = heard(source)
    assert n_read == n_samples
    ((at, loss),) = losses
    assert loss.start == round(place.start_s * SAMPLE_RATE)
    assert at - SAMPLE_RATE < loss.start + loss.n_samples <= at
    assert "s cannot be read" in fault


def heard(source: FileSource) -> tuple[int, list[tuple[int, Loss]], str]:
    """Return samples read, losses with the number of samples read by then, and the fault."""
    source.open()
    n_read, losses = 0, list[tuple[int, Loss]]()
    try:
        while not source.exhausted:
            n_read += len(source.read())
            losses += [(n_read, loss) for loss in source.losses()]
    except AudioFileError as error:
        return n_read, losses, str(error)
    return n_read, losses, ""
