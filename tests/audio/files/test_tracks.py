"""What sound tracks a file has is told by the process that decodes it."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from sotto.audio.files.reading import read_recording
from sotto.audio.files.selection import Track
from sotto.audio.files.tracks import tracks_of
from sotto.audio.input.source import SAMPLE_RATE
from sotto.errors import AudioFileError
from tools.fixtures.film import film
from tools.fixtures.media_files import caf

TONE = np.sin(np.arange(SAMPLE_RATE) / 9).astype(np.float32)


def test_the_tracks_of_a_film(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    path.write_bytes(
        film((TONE, 0 * TONE), default=1, names=(("ger", "Ton"), ("eng", "Commen\ttary")))
    )
    assert tracks_of(path) == (
        Track(1, "ger", "Ton", is_default=False),
        Track(1, "eng", "Commentary", is_default=True),
    )
    assert len(read_recording(path).pcm) >= SAMPLE_RATE  # the same process goes on


def test_stereo_is_one_track_of_two_channels(tmp_path: Path) -> None:
    path = tmp_path / "stereo.wav"
    soundfile.write(path, np.stack([TONE, TONE], axis=1), SAMPLE_RATE)
    assert tracks_of(path) == (Track(2, is_default=True),)


@pytest.mark.parametrize("tag", [126, 140])
def test_loudspeakers_in_uncommon_places_are_counted(tag: int, tmp_path: Path) -> None:
    path = tmp_path / "sound.caf"
    path.write_bytes(caf(8, SAMPLE_RATE, layout_tag=tag << 16 | 8))
    for _ in range(3):
        (track,) = tracks_of(path)
        assert track.n_channels == 8


def test_a_silent_film_has_none(tmp_path: Path) -> None:
    path = tmp_path / "silent.mkv"
    path.write_bytes(film(()))
    assert tracks_of(path) == ()


def test_a_letter_is_no_recording(tmp_path: Path) -> None:
    path = tmp_path / "letter.mp3"
    path.write_text("a letter")
    with pytest.raises(AudioFileError, match="holds no sound"):
        tracks_of(path)


@pytest.mark.parametrize("name", ["gone.mkv", ""])
def test_what_is_no_file_has_none(name: str, tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match=r"does not exist|is a folder"):
        tracks_of(tmp_path / name)
