"""docs/flags.md: every flag of the four programs, and what the parser really does with it."""

import json
import re
import shlex
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sotto.app.cli import flags
from sotto.errors import UsageError

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs" / "flags.md").read_text(encoding="utf-8")
LISTED = json.loads((ROOT / "tests" / "golden" / "flags.json").read_text(encoding="utf-8"))
ENDS_AT_ONCE = ("--help", "-h", "--version", "-V")


class Row(NamedTuple):
    """A row of the table: a program's flags with values, each a way to say the same."""

    program: str
    theirs: tuple[str, ...]
    here: str
    words: str

    def __str__(self) -> str:
        return f"{self.program}: {self.theirs[0]}"

    def arguments(self) -> Iterator[list[str]]:
        """Yield what is typed, for each way to say it."""
        for text in self.theirs:
            if "faster-whisper" in self.program:
                name, _, value = text.partition("=")
                name = name.replace("vad_parameters.neg", "neg").replace("vad_parameters.", "vad_")
                yield [f"--{name}", *([value] if value else [])]
            else:
                # Quotes are for shells; a bracket alone is a value.
                yield text.split(" ")


def rows() -> Iterator[Row]:
    for section in re.split(r"^## ", DOCUMENT, flags=re.MULTILINE):
        program, _, body = section.partition("\n")
        if program not in LISTED:
            continue
        for line in body.splitlines():
            if line.startswith("| `"):
                theirs, here, words = (cell.strip() for cell in line.strip("|").split(" |", 2))
                yield Row(program, tuple(re.findall("`([^`]+)`", theirs)), here, words.strip(" |"))


ROWS = list(rows())


def parsed(arguments: list[str]) -> Namespace:
    return flags.parse(["transcribe", "other.wav", *arguments])


def without_notes(namespace: Namespace) -> Namespace:
    namespace.notes = ()
    return namespace


def name_of(example: str) -> str:
    return re.split("[ =]", example)[0]


@pytest.mark.parametrize("program", LISTED)
def test_no_flag_is_missing(program: str) -> None:
    in_table = [name_of(each) for row in ROWS if row.program == program for each in row.theirs]
    assert sorted(in_table) == sorted(name for names in LISTED[program] for name in names)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_parser_does_what_the_table_says(row: Row) -> None:
    for arguments in row.arguments():
        match row.here:
            case "same" if arguments[0] in ENDS_AT_ONCE:
                with pytest.raises(SystemExit):
                    parsed(arguments)
            case "same":
                assert parsed(arguments).notes == ()
            case "taken":
                assert without_notes(parsed(arguments)) == parsed([])
            case "no":
                with pytest.raises(UsageError) as caught:
                    parsed(arguments)
                assert row.words in str(caught.value)
            case "later":
                with pytest.raises(UsageError):
                    parsed(arguments)
            case alias:
                assert parsed(arguments) == parsed(shlex.split(alias.strip("`")))


@pytest.mark.parametrize("row", [row for row in ROWS if row.here == "same"], ids=str)
def test_what_is_the_same_changes_what_is_asked_for(row: Row) -> None:
    """Each value in the table differs from the default, or is what openai-whisper must say."""
    defaults = {"auto", "True", "1.0", "0.5", "int8"}
    for arguments in row.arguments():
        if arguments[0] not in ENDS_AT_ONCE and arguments[-1] not in defaults:
            is_alone = len(arguments) == 1
            assert is_alone or parsed(arguments) != parsed([]), arguments


def test_what_is_taken_for_nothing_is_said_where_it_matters() -> None:
    notes = parsed(["--entropy-thold", "2.4", "-fa", "--fp16", "False"]).notes
    assert notes == ("--entropy-thold: --compression-ratio-threshold is what tells loops",)


def test_what_is_taken_takes_no_file_away() -> None:
    files = parsed(["--fp16", "b.wav", "-fa", "c.wav", "-vm", "silero.bin", "-pp", "d.wav"]).audio
    assert [str(file) for file in files] == ["other.wav", "b.wav", "c.wav", "d.wav"]


def test_formats_of_whisper_cpp_add_up() -> None:
    parsed_formats = parsed(["-osrt", "-oj", "-osrt"]).output_format
    assert parsed_formats == ("srt", "json")


def test_f_is_a_format_or_a_file() -> None:
    assert parsed(["-f", "json"]).output_format == ("json",)
    assert parsed(["-f", "b.wav", "-f=c.wav"]).audio == [
        Path(name) for name in ("other.wav", "b.wav", "c.wav")
    ]


@pytest.mark.parametrize("command", ["listen", "overlay", "bench"])
def test_short_names_are_understood_where_there_is_such_a_thing(command: str) -> None:
    assert flags.parse([command, "-m", "base"]).model == "base"
    if command != "bench":
        assert flags.parse([command, "-l", "de", "-tr"]).task == "translate"
    with pytest.raises(UsageError, match="no such option -bs"):
        flags.parse([command, "-bs", "3"])
