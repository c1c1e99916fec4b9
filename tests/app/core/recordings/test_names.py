"""No text takes another one's place."""

import os
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.recordings.given import Recording
from sotto.app.core.recordings.names import LONGEST_NAME, bases, possible_bases

OUT = Path("out")


def named(*paths: str, folder: Path | None = OUT) -> list[str]:
    return [str(base) for base in bases([Recording(Path(path)) for path in paths], folder)]


def test_a_text_has_the_stem_of_its_recording() -> None:
    assert named("talk.mp3", "/x/a.b.wav", "-") == ["out/talk", "out/a.b", "out/stdin"]
    assert named("talk.mp3", "/x/a.b.wav", folder=None) == ["talk", "/x/a.b"]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (("a.mp3", "a.wav", "b.wav"), ["out/a.mp3", "out/a.wav", "out/b"]),
        (("x/a.wav", "y/a.wav"), ["out/x/a", "out/y/a"]),
        (("x/1/a.wav", "x/2/a.wav", "b.wav"), ["out/1/a", "out/2/a", "out/b"]),
        (("x/a.wav", "y/a.mp3", "y/a.wav"), ["out/x/a", "out/y/a.mp3", "out/y/a.wav"]),
        (("a.wav", "x/a.wav"), ["out/a", "out/x/a"]),
        (("a.mp3", "a.wav", "a.mp3.ogg"), ["out/a.mp3", "out/a.wav", "out/a.mp3.ogg"]),
        (("A.wav", "a.wav"), ["out/A.wav", "out/a.wav-2"]),
        (("-", "stdin.wav"), ["out/stdin", "out/stdin.wav"]),
    ],
)
def test_those_that_would_have_one_name_have_longer_ones(
    paths: tuple[str, ...], expected: list[str]
) -> None:
    assert named(*paths) == expected


def test_recordings_below_a_folder_keep_their_subfolders() -> None:
    recordings = [
        Recording(Path("in/a.wav")),
        Recording(Path("in/x/a.wav"), Path("x")),
        Recording(Path("in/x/a.mp3"), Path("x")),
    ]
    assert [str(base) for base in bases(recordings, OUT)] == ["out/a", "out/x/a.wav", "out/x/a.mp3"]


def test_a_name_leaves_room_for_its_suffix() -> None:
    (base,) = bases([Recording(Path("ß" * 124 + "x.wav"))], OUT)
    assert len(os.fsencode(base.name)) <= LONGEST_NAME
    assert base.name == "ß" * 124 + "x"
    (base, other) = bases([Recording(Path("é" * 125 + end)) for end in (".wav", ".mp3")], OUT)
    assert (base.name, other.name) == ("é" * 123 + ".wav", "é" * 123 + ".mp3")


parts = st.sampled_from(("a", "A", "b", "a.mp3", "a.wav-2", "é" * 130))
paths = st.builds(
    lambda folders, stem, suffix: Path(*folders, stem + suffix),
    st.lists(st.sampled_from(("x", "y", "X")), max_size=2),
    parts,
    st.sampled_from((".wav", ".mp3", ".WAV", "")),
)


@given(st.lists(paths, unique=True, max_size=12), st.sampled_from((OUT, None)))
def test_all_names_differ(them: list[Path], folder: Path | None) -> None:
    recordings = [Recording(path) for path in them]
    found = bases(recordings, folder)
    assert len({str(base).casefold() for base in found}) == len(recordings)
    assert all(len(os.fsencode(base.name)) <= LONGEST_NAME for base in found)
    assert bases(recordings, folder) == found
    if folder is None:
        assert [base.parent for base in found] == [path.parent for path in them]


def test_one_more_finds_a_name_for_itself() -> None:
    possible = possible_bases(Recording(Path("a.wav")), OUT)
    assert [str(base) for base in islice(possible, 4)] == [
        *("out/a", "out/a.wav", "out/a.wav-2", "out/a.wav-3")
    ]
