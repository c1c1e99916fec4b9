"""The judge of subtitles sees what is wrong with them."""

from sotto.app.core.transcription_files.cues import Cue
from tools.judge_subtitles import judge


def test_each_fault_is_seen() -> None:
    good = Cue(0.0, 2.0, "It was late,\nand we went.")
    torn = Cue(2.0, 6.0, "somebody walked through the\ncorridor of a house")
    quick = Cue(6.0, 6.5, "nobody can read all of this in time.")
    long = Cue(7.0, 12.0, "x" * 43 + ".")
    judged = judge([good, torn, quick, long])
    assert judged == (4, 0.75, 0.25, 0.25, 1, 1 / 6)
    assert judge([good]) == (1, 1.0, 0.0, 0.0, 0, 0.0)
