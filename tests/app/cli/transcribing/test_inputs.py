"""What comes from the standard input and from lists."""

import io
import os
import pty
from pathlib import Path

import pytest

from sotto.app.cli.flags import parse
from sotto.app.cli.transcribing import inputs
from sotto.app.cli.transcribing.inputs import as_file, recordings_of
from sotto.app.core.recordings.given import STANDARD_INPUT, Recording
from sotto.errors import AudioFileError, UsageError


class Stdin(io.TextIOWrapper):
    """A standard input with something in it."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))


def meant(*flags: str) -> tuple[list[str], int]:
    found, n_nothing = recordings_of(parse(["transcribe", *flags]))
    return [str(recording.path) for recording in found], n_nothing


def test_what_is_sent_can_be_read_from_behind_and_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("sys.stdin", Stdin(bytes(range(256)) * 1000))
    with as_file(Recording(STANDARD_INPUT)) as (path, name):
        assert name == "standard input"
        with path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            assert file.read() == b"\xff"
        assert path.read_bytes() == bytes(range(256)) * 1000
        assert list(tmp_path.iterdir()) == []


def test_a_terminal_sends_no_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as terminal, monkeypatch.context() as patch:
        patch.setattr("sys.stdin", terminal)
        with (
            pytest.raises(AudioFileError, match="is a terminal: send a recording into it"),
            as_file(Recording(STANDARD_INPUT)),
        ):
            pass
    os.close(ours)


def test_a_list_adds_to_the_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("talks").mkdir()
    for name in ("talks/1.wav", "2.mp3"):
        Path(name).touch()
    Path("list").write_text("talks\n*.mp3\n*.ogg\n")
    expected = ["a.wav", "talks/1.wav", "2.mp3"]
    assert meant("a.wav", "--files-from", "list") == (expected, 1)
    assert "sotto: “*.ogg” matches no recording" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", Stdin(b"2.mp3\n"))
    assert meant("--files-from", "-") == (["2.mp3"], 0)


def test_what_is_no_list_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"cannot be read .no such file"):
        meant("--files-from", str(tmp_path / "nothing"))
    monkeypatch.setattr(inputs, "LONGEST_LIST", 10)
    (tmp_path / "talk.wav").write_bytes(bytes(11))
    with pytest.raises(UsageError, match="is too long for a list of files"):
        meant("--files-from", str(tmp_path / "talk.wav"))
