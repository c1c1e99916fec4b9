import random
from pathlib import Path

import pytest

from tools.starter.voices.speakers import KokoroVoice, mixed_voice, speakers


def test_speakers_are_files_of_voices(tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    for name in ("bm_lewis.bin", "af_sky.bin", "README.md"):
        (tmp_path / "voices" / name).touch()
    assert speakers(tmp_path) == ["af_sky", "bm_lewis"]


@pytest.mark.parametrize(("name", "is_british"), [("bf_emma", True), ("am_adam", False)])
def test_who_is_heard_more_decides_the_accent(name: str, is_british: bool) -> None:
    assert KokoroVoice(name, "bf_alice", 0.7, 1.0).is_british == is_british


def test_the_first_of_two_is_heard_more() -> None:
    rng = random.Random(1)
    voices = [mixed_voice(rng, ["af_sky", "bm_lewis"]) for _ in range(100)]
    assert all(0.5 <= voice.share <= 1 for voice in voices)
    assert {str(voice) for voice in voices} == {
        f"kokoro-{first}+{second}"
        for first in ("af_sky", "bm_lewis")
        for second in ("af_sky", "bm_lewis")
    }
