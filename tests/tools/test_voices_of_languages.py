"""Voices of many languages, gathered from folders as their projects have them."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sotto.audio.input.source import SAMPLE_RATE
from tools.fixtures.clips import word_clips
from tools.voices_of_languages import KEPT_S, N_RECORDINGS, of_gcompris, without_silence, write

WORD = word_clips()[0]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("de/words/apfel.ogg", "nb/misc/ok.ogg", "pt_BR/intro/a.ogg", "de/alphabet/b.ogg"):
        path = tmp_path / "checkout" / name
        path.parent.mkdir(parents=True)
        soundfile.write(path, WORD.pcm(), SAMPLE_RATE)
    (tmp_path / "checkout/LICENSE").touch()
    (tmp_path / "checkout/gd/words").mkdir(parents=True)  # Gaelic: Whisper does not know it
    return tmp_path / "checkout"


def test_voices_have_the_codes_of_whisper(checkout: Path) -> None:
    found = {
        name: (code, [path.stem for path in paths]) for name, code, paths in of_gcompris(checkout)
    }
    assert found == {"de": ("de", ["apfel"]), "nb": ("no", ["ok"]), "pt_BR": ("pt", ["a"])}


def test_silence_around_speech_is_cut() -> None:
    rng = np.random.default_rng(0)
    speech = 0.3 * rng.standard_normal(8_000, np.float32)
    pcm = np.pad(speech, 16_000) + 1e-4 * rng.standard_normal(40_000, np.float32)
    kept = 2 * round(KEPT_S * SAMPLE_RATE)
    assert len(without_silence(pcm)) == pytest.approx(8_000 + kept, abs=50)
    assert len(without_silence(np.zeros(1_000, np.float32))) == 0


def test_no_more_than_wanted_are_written_and_listed(checkout: Path, tmp_path: Path) -> None:
    word = checkout / "de/words/apfel.ogg"
    write(tmp_path / "de", "de", [word] * (N_RECORDINGS + 5))
    rows = [json.loads(line) for line in (tmp_path / "de/clips.jsonl").read_text().splitlines()]
    assert len(rows) == N_RECORDINGS == len(list((tmp_path / "de").glob("*.flac")))
    assert rows[0] == {"file": "00.flac", "language": "de", "text": "apfel"}
