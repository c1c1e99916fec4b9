"""What every command has in common, and every way to use one wrongly."""

import subprocess
import sys
from pathlib import Path

import pytest

import sotto
from sotto.app.cli import flags, main
from sotto.app.core.settings import CaptionSource, Task
from sotto.errors import UsageError
from sotto.inference.compute_type import ComputeType
from tests.app.cli.conftest import Sotto, refused

CLIP = Path(__file__).parents[2] / "clips" / "starter" / "000.flac"


def test_version(sotto_program: Sotto) -> None:
    result = sotto_program("--version")
    assert (result.returncode, result.stdout) == (0, f"sotto {sotto.__version__}\n")


@pytest.mark.parametrize(
    "command", [[], ["listen"], ["transcribe"], ["models"], ["devices"], ["bench"]]
)
def test_help_imports_nothing_heavy(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for heavy in ("max", "numpy", "PySide6", "rich", "huggingface_hub"):
        monkeypatch.setitem(sys.modules, heavy, None)  # importing it would fail
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("usage: sotto")


def test_files_in_the_place_of_a_command_are_opened_in_the_window() -> None:
    parsed = flags.parse(["a_b.mp3", "--hidden", "/c/-d --e.wav"])
    assert parsed.command == "default_command"
    assert parsed.open == [Path("a_b.mp3"), Path("/c/-d --e.wav")]
    assert parsed.hidden
    assert flags.parse([]).open is None


def test_flags_take_hyphens_and_underscores() -> None:
    hyphens = flags.parse(["transcribe", "a_b.wav", "--output-format", "json", "--beam-size=3"])
    underscores = flags.parse(["transcribe", "a_b.wav", "--output_format", "json", "--beam_size=3"])
    assert hyphens == underscores
    assert hyphens.audio == [Path("a_b.wav")]
    assert flags.parse(["transcribe", "--", "--a_b"]).audio == [Path("--a_b")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frobnicate"], "invalid choice: 'frobnicate'"),
        (["--colour"], "unrecognized arguments: --colour"),
        (["listen", "--langage", "en"], "unrecognized arguments: --langage"),
        (["listen", "--speed", "2"], "choose from '1', 'max'"),
        (["listen", "--source", "a", "--device", "b"], "not allowed with argument --source"),
        (["transcribe"], "the following arguments are required: FILE"),
        (["transcribe", "a", "--temperature=--"], "--temperature: expected one argument"),
        (["transcribe", "a", "--word_timestamps", "yes"], "'yes' is neither True nor False"),
        (["transcribe", "a", "--beam_size", "x"], "invalid int value: 'x'"),
        (["models"], "the following arguments are required: ACTION"),
    ],
)
def test_arguments_that_make_no_sense(arguments: list[str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        flags.parse(arguments)
    assert said in str(caught.value)
    assert "--help" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frobnicate"], "see: sotto --help"),
        (["listen", "--speed", "max"], "add --source FILE"),
        (["listen", "--track", "2"], "--track is about a recording; add --source FILE"),
        (["listen", "--channels", "left"], "--channels is about a recording"),
        (["listen", "--source", "nothing.wav"], "“nothing.wav” does not exist"),
        (["listen", "--source", __file__], "holds no sound itself"),
        (["listen", "--model", "tinny", "--source", CLIP], "there is no model 'tinny'"),
        (["listen", "--model", "/", "--source", CLIP], "holds no config.json"),
        (["listen", "--device", "nonsuch"], "no microphone"),
        (["devices"], "no microphone was found"),
        (["listen", "--system-audio"], "system audio cannot be heard"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    arguments: list[str | Path], said: str, sotto_program: Sotto, tmp_path: Path
) -> None:
    result = sotto_program(*arguments)
    assert said in refused(result)
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["transcribe", "nothing.wav"], "“nothing.wav” does not exist"),
        (["transcribe", __file__], "holds no sound itself"),
        (["transcribe", CLIP, "--model", "tinny"], "there is no model 'tinny'"),
        (["transcribe", CLIP, "--language", "klingon"], "Whisper knows no language 'klingon'; "),
        (["listen", "--source", CLIP, "--language", "klingon"], "Whisper knows no language"),
        (["listen", "--source", CLIP, "--languages", "de,klingon"], "Whisper knows no language"),
        (["transcribe", CLIP, "--compute_type", "int4"], "invalid choice: 'int4'"),
        (["transcribe", CLIP, "--device", "cuda"], "cuda is not there yet"),
        (["transcribe", CLIP, "--threads", "0"], "--threads must be at least 1"),
        (["transcribe", CLIP, "--beam_size", "0"], "--beam-size must be between 1 and 100"),
        (["transcribe", CLIP, "--beam_size", "101"], "--beam-size must be between 1 and 100"),
        (["transcribe", CLIP, "--temperature", "2"], "--temperature must be between 0 and 1"),
        (["transcribe", CLIP, "--output_dir", __file__], "nothing can be written to"),
    ],
)
def test_what_cannot_be_transcribed_is_told_in_one_line(
    arguments: list[str | Path],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("SOTTO_CONFIG_DIR", str(tmp_path))
    assert main(list(map(str, arguments))) == 2
    output, error = capsys.readouterr()
    assert output == ""
    assert error.startswith("sotto: ")
    assert said in error
    assert len(error.splitlines()) == 1


def test_a_broken_setting_is_told_and_the_default_used(
    sotto_program: Sotto, tmp_path: Path
) -> None:
    folder = tmp_path / "settings"
    folder.mkdir()
    (folder / "settings.toml").write_text("font_size = 'huge'\n")
    first, last = sotto_program("listen", "--source", "nothing.wav").stderr.splitlines()
    assert "font_size = 'huge' is not a whole number" in first
    assert "does not exist" in last


def test_flags_offer_every_compute_type_and_caption_source() -> None:
    assert set(flags.COMPUTE_TYPES) == set(ComputeType)
    assert set(flags.CAPTION_SOURCES) == set(CaptionSource)
    assert set(flags.TASKS) == set(Task)


def test_a_bound_key_waits_for_no_heavy_import() -> None:
    code = "import sys, sotto.app.cli.record, sotto.app.cli.flags; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"dataclasses", "numpy", "PySide6", "rich", "max"} & set(loaded)
