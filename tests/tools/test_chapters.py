"""Chapters: pieces in their order, cut into sessions."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from sotto.audio.input.source import SAMPLE_RATE
from tools.chapters import joined, read_chapters


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two chapters of one reader: four pieces of a second, and one."""
    for chapter, count in (("7", 4), ("8", 1)):
        place = tmp_path / "1" / chapter
        place.mkdir(parents=True)
        names = [f"1-{chapter}-{n:04}" for n in range(count)]
        lines = [f"{name} WORD{n} OF{chapter}\n" for n, name in enumerate(names)]
        (place / f"1-{chapter}.trans.txt").write_text("".join(reversed(lines)))
        for n, name in enumerate(names):
            sound = np.full(SAMPLE_RATE, (n + 1) / 10, np.float32)
            soundfile.write(place / f"{name}.flac", sound, SAMPLE_RATE)
    return tmp_path


def test_a_session_ends_with_the_piece_behind_its_time(folder: Path) -> None:
    sessions = list(read_chapters(folder, session_s=2.5))
    assert [session.text for session in sessions] == [
        "word0 of7 word1 of7 word2 of7",
        "word3 of7",
        "word0 of8",
    ]
    assert sessions[0].name == "1-7-0000"
    assert sessions[0].pcm[:: SAMPLE_RATE // 2] == pytest.approx(
        [0.1, 0.1, 0.2, 0.2, 0.3, 0.3], abs=1e-3
    )


def test_only_the_first_sessions_of_each_chapter_may_be_wanted(folder: Path) -> None:
    sessions = list(read_chapters(folder, session_s=2.5, most=1))
    assert [session.name for session in sessions] == ["1-7-0000", "1-8-0000"]


def test_sessions_are_joined_until_they_last_long_enough(folder: Path) -> None:
    sessions = list(read_chapters(folder, session_s=0.5))
    hour = joined(sessions, 2.5)
    assert (hour.duration_s, hour.text) == (3.0, "word0 of7 word1 of7 word2 of7")
