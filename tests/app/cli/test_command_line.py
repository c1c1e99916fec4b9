"""What every command has in common, and every way to use one wrongly."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import sotto
from sotto.app.cli import flags, listen, main, overlay
from sotto.app.cli.flags.machine import SUBSTITUTES
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
        (["frobnicate"], "there is no command 'frobnicate'"),
        (["trnscribe", "a"], "there is no command 'trnscribe'; did you mean transcribe?"),
        (["models", "lst"], "there is no action 'lst'; did you mean list?"),
        (["devices", "a"], "'a' is one too many"),
        (["--colour"], "no such option --colour"),
        (["--hiden"], "no such option --hiden; did you mean --hidden?"),
        (["listen", "--langage", "en"], "no such option --langage; did you mean --language?"),
        (["listen", "--langage=en"], "no such option --langage; did you mean --language?"),
        (["transcribe", "a", "-osrtt"], "no such option -osrtt; did you mean -osrt?"),
        (["overlay", "--flolow"], "no such option --flolow; did you mean --follow?"),
        (["record", "status", "--folow"], "no such option --folow; did you mean --follow?"),
        (["doctor", "--reprot"], "no such option --reprot; did you mean --report?"),
        (["bench", "--thread", "2"], "no such option --thread; did you mean --threads?"),
        (["models", "pull", "base", "--sorce", "hub"], "did you mean --source?"),
        (["transcribe", "a", "--task", "tanslate"], "did you mean translate?"),
        (["listen", "--speed", "2"], "'2' is not one of 1, max"),
        (["listen", "--source", "a", "--microphone", "b"], "not allowed with argument --source"),
        (["transcribe"], "the following arguments are required: FILE"),
        (["transcribe", "a", "--temperature=--"], "--temperature: expected one argument"),
        (["transcribe", "a", "--word_timestamps=2"], "'2' is neither True nor False"),
        (["transcribe", "a", "--beam_size", "x"], "--beam-size: 'x' is not a whole number"),
        (["transcribe", "a", "--beam_size", "0"], "--beam-size: must be between 1 and 100, not 0"),
        (["transcribe", "a", "--beam_size", "101"], "must be between 1 and 100, not 101"),
        (["transcribe", "a", "--temperature", "2"], "must be between 0 and 1, not 2"),
        (["transcribe", "a", "--temperature", "nan"], "'nan' is not a number"),
        (["transcribe", "a", "--threads", "-1"], "--threads: must be at least 0, not -1"),
        (["transcribe", "a", "--clip_timestamps", "3,2"], "must ascend from 0, unlike 3,2"),
        (["transcribe", "a", "--clip_timestamps", "-1"], "must ascend from 0, unlike -1"),
        (["transcribe", "a", "--clip_timestamps", "1;2"], "'1;2' is not a number"),
        (["transcribe", "a", "--suppress_tokens", "a"], "is not a list of token ids"),
        (["transcribe", "a", "--suppress_tokens", "-2"], "-2 is no token"),
        (["transcribe", "a", "--output_format", "srt,vt"], "did you mean vtt?"),
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
        (["listen", "--microphone", "nonsuch"], "no microphone"),
        (["listen", "--device", "cuda"], "--device cuda: Sotto computes on the processor alone"),
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
        (["transcribe", CLIP, "--model", "tinny"], "no model 'tinny'; did you mean tiny?"),
        (["transcribe", CLIP, "--language", "klingon"], "Whisper knows no language 'klingon'; "),
        (["transcribe", CLIP, "--language", "Germn"], "no language 'Germn'; did you mean German?"),
        (["listen", "--source", CLIP, "--language", "klingon"], "Whisper knows no language"),
        (["listen", "--source", CLIP, "--languages", "de,klingon"], "Whisper knows no language"),
        (["transcribe", CLIP, "--compute_type", "int4"], "'int4' is not one of float32, int8, "),
        (["transcribe", CLIP, "--compute_type", "int8_flaot16"], "did you mean int8_float16?"),
        (["transcribe", CLIP, "--patience", "2", "--beam_size", "None"], "needs --beam_size"),
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


@pytest.mark.parametrize("command", [["listen"], ["overlay"], ["bench"], ["transcribe", "a"]])
def test_a_device_means_the_same_in_every_command(command: list[str]) -> None:
    for device in ("auto", "cpu"):
        assert flags.parse([*command, "--device", device]).device == "cpu"
    for device in ("cuda", "cuda:1", "GPU", "0"):
        with pytest.raises(UsageError, match="computes on the processor alone so far; use --dev"):
            flags.parse([*command, "--device", device])
    with pytest.raises(UsageError, match="not 'Headset'; to choose a microphone: sotto listen"):
        flags.parse([*command, "--device", "Headset"])


@pytest.mark.parametrize("command", [["listen"], ["overlay"], ["bench"], ["transcribe", "a"]])
def test_types_that_are_not_here_are_replaced_and_it_is_said(command: list[str]) -> None:
    for asked, used in SUBSTITUTES.items():
        parsed = flags.parse([*command, "--compute_type", asked])
        assert parsed.compute_type == used
        assert parsed.notes == (f"--compute-type {asked}: {used} is used instead",)
    for asked in ("auto", "default", *flags.COMPUTE_TYPES):
        parsed = flags.parse([*command, "--compute_type", asked])
        assert parsed.compute_type == (asked if asked in flags.COMPUTE_TYPES else None)
        assert parsed.notes == ()


@pytest.mark.parametrize("command", [listen, overlay])
def test_hotwords_are_the_vocabulary_of_live_text(
    command: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SOTTO_CONFIG_DIR", str(tmp_path))
    name = command.__name__.rpartition(".")[2]
    settings = command._settings(flags.parse([name, "--hotwords", "Anna, Köln"]))
    assert settings.vocabulary == ("Anna", "Köln")


def test_files_and_flags_come_in_any_order() -> None:
    parsed = flags.parse(["transcribe", "a", "--beam_size", "2", "-", "-bo", "3", "--", "--b", "c"])
    assert parsed.audio == [Path(name) for name in ("a", "-", "--b", "c")]
    assert (parsed.beam_size, parsed.best_of) == (2, 3)


def test_values_may_begin_with_a_dash_where_they_are_numbers() -> None:
    parsed = flags.parse(["transcribe", "a", "--suppress_tokens", "-1,220", "-lpt", "-0.5"])
    assert (parsed.suppress_tokens, parsed.logprob_threshold) == ((-1, 220), -0.5)


def test_switches_may_stand_alone() -> None:
    parsed = flags.parse(["transcribe", "--word_timestamps", "--vad", "off", "a", "--multilingual"])
    assert (parsed.word_timestamps, parsed.vad, parsed.multilingual) == (True, False, True)
    assert parsed.audio == [Path("a")]


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
