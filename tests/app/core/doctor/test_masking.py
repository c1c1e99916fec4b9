import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.doctor.masking import MASK, masked

NAME = st.text("abcAÖ 漢9_-.", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("/home/anna/My models/a.bin is damaged; fetch it again", f"{MASK}; fetch it again"),
        ("the disk of ~/models is full", f"the disk of {MASK}"),
        (r"C:\Users\Anna\a.bin: it is empty", f"{MASK}: it is empty"),
        ("no microphone “Anna's headset”: choose “USB”", f"no microphone {MASK}: choose {MASK}"),
        ("there is no setting 'anna'; there are", f"there is no setting {MASK}; there are"),
        ("it doesn't matter, isn't it", "it doesn't matter, isn't it"),
        ("5 times as fast, 24 kHz/s", "5 times as fast, 24 kHz/s"),
    ],
)
def test_paths_and_quotes_are_left_out_and_the_rest_stays(text: str, left: str) -> None:
    assert masked(text) == left


def test_words_that_are_the_users_are_left_out() -> None:
    assert masked("Anna's Anna, USB", ["Anna", "Anna's Anna"]) == f"{MASK}, USB"


@given(st.lists(NAME, min_size=1, max_size=4), st.sampled_from(["/", "~/", "C:\\", "\\\\"]))
def test_no_part_of_a_path_is_left(names: list[str], root: str) -> None:
    path = root + ("/" if "/" in root else "\\").join(names)
    assert masked(f"{path}: it is empty; fetch it again") == f"{MASK}: it is empty; fetch it again"
