"""What is meant by files, folders, patterns and lists."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.recordings.given import Given, listed
from sotto.errors import AudioFileError


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as people have them."""
    for name in (
        *("talk.mp3", "notes.txt", "._talk.mp3", "Track10.WAV", "track2.wav", "odd.dat"),
        *("sub/deep.ogg", "sub/more/deepest.m4a", ".hidden/a.wav", "empty/readme.md"),
        *("[x].wav", "-/a.wav"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def meant(*arguments: str, recursive: bool = False) -> list[str]:
    all_of_them = Given(recursive=recursive)
    for argument in arguments:
        all_of_them.add(Path(argument))
    return [str(recording.path) for recording in all_of_them.recordings]


def test_a_folder_means_the_recordings_in_it_in_the_order_of_people() -> None:
    assert meant(".") == ["[x].wav", "talk.mp3", "track2.wav", "Track10.WAV"]


def test_recursive_means_those_below_it_too() -> None:
    found = Given(recursive=True)
    found.add(Path())
    below = {str(each.path): str(each.subfolder) for each in found.recordings}
    assert below["sub/more/deepest.m4a"] == "sub/more"
    assert below["talk.mp3"] == "."
    assert set(below) == {
        *("[x].wav", "talk.mp3", "track2.wav", "Track10.WAV"),
        *("sub/deep.ogg", "sub/more/deepest.m4a", "-/a.wav"),
    }


def test_a_file_may_have_any_name_and_need_not_be_there() -> None:
    assert meant("notes.txt", "missing.wav", "[x].wav") == ["notes.txt", "missing.wav", "[x].wav"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.mp3", ["talk.mp3"]),
        ("t*", ["talk.mp3", "track2.wav"]),
        ("*.dat", ["odd.dat"]),
        ("**/*.m4a", ["sub/more/deepest.m4a"]),
        ("su?", ["sub/deep.ogg"]),
    ],
)
def test_patterns_that_no_shell_has_made_names_of(pattern: str, expected: list[str]) -> None:
    assert meant(pattern) == expected
    assert meant(str(Path.cwd() / pattern)) == [str(Path.cwd() / name) for name in expected]


def test_each_is_meant_once() -> None:
    assert meant("talk.mp3", "./talk.mp3", "*.mp3", str(Path.cwd() / "talk.mp3")) == ["talk.mp3"]


def test_the_standard_input_is_no_folder() -> None:
    assert meant("-", "-") == ["-"]


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("empty", "“empty” has no recording in it: --recursive looks below it, too"),
        ("*.xyz", "“*.xyz” matches no recording: check the pattern"),
    ],
)
def test_what_means_nothing_is_told(argument: str, said: str) -> None:
    with pytest.raises(AudioFileError) as told:
        meant(argument)
    assert str(told.value) == said


def test_links_to_folders_are_not_followed_round_and_round(tree: Path) -> None:
    (tree / "sub" / "loop").symlink_to(tree / "sub")
    assert meant("sub", recursive=True) == ["sub/deep.ogg", "sub/more/deepest.m4a"]


def test_a_list_has_a_name_a_line_or_with_a_nul_behind_each() -> None:
    assert list(listed(b"\xef\xbb\xbfa b.wav\r\n\n #1.mp3\n")) == [Path("a b.wav"), Path(" #1.mp3")]
    assert list(listed(b"a\nb.wav\0c.wav\0")) == [Path("a\nb.wav"), Path("c.wav")]
    assert not list(listed(b""))


names = st.binary(min_size=1, max_size=20).filter(
    lambda name: not set(name) & set(b"\0\n\r/") and name.strip() and name not in {b".", b".."}
)


@given(st.lists(names))
def test_a_list_holds_any_name_that_the_disk_holds(written: list[bytes]) -> None:
    expected = [Path(os.fsdecode(name)) for name in written]
    assert list(listed(b"".join(name + b"\0" for name in written))) == expected
    if not written or not written[0].startswith(b"\xef\xbb\xbf"):
        assert list(listed(b"\n".join(written))) == expected
