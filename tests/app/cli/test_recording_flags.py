"""Flags about recordings and texts: what goes together, and what is refused in a clear line."""

from pathlib import Path

import pytest

from sotto.app.cli.flags import parse, recordings
from sotto.app.cli.transcribing.output import shape_of
from sotto.app.core.transcription_files import ALL, FORMATS, Shape
from sotto.errors import UsageError


def test_the_flags_know_the_formats_that_there_are() -> None:
    assert recordings.OUTPUT_FORMATS == FORMATS
    assert recordings.ALL_FORMATS == ALL


@pytest.mark.parametrize(
    ("flags", "formats"),
    [
        ((), ALL),
        (("-f", "srt"), ("srt",)),
        (("--output_format", "SRT,txt,srt"), ("srt", "txt")),
        (("-f", "all,lrc"), (*ALL, "lrc")),
        (("-o", "-"), ("txt",)),
    ],
)
def test_formats_of_one_kind_or_several(flags: tuple[str, ...], formats: tuple[str, ...]) -> None:
    assert parse(["transcribe", "a.wav", *flags]).output_format == formats


def test_texts_go_here_or_beside_what_is_watched() -> None:
    here = parse(["transcribe", "a.wav"])
    assert (here.output_dir, here.beside) == (Path(), False)
    assert parse(["transcribe", "--watch", "in"]).beside
    elsewhere = parse(["transcribe", "--watch", "in", "-o", "out"])
    assert (elsewhere.output_dir, elsewhere.beside) == (Path("out"), False)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ((), "the following arguments are required: FILE"),
        (("a", "-f", "srt,doc"), "'doc' is no format; did you mean docx?"),
        (("a", "--output-format", "talk.wav"), "'talk.wav' is no format"),
        (("a", "--output-format", ""), "'' is no format"),
        (("a", "-o", "-", "-f", "srt,txt"), "the standard output takes one --output-format"),
        (("a", "-o", "-", "--skip-existing"), "--skip-existing is about files"),
        (("a", "-o", "out", "--beside"), "not allowed with argument"),
        (("-", "--files-from", "-"), "either a recording or a list, not both"),
        (("a", "--max-line-width", "0"), "must be at least 1, not 0"),
        (("a", "--subtitles", "broadcast", "--highlight-words", "True"), "--subtitles broadcast"),
        (("a", "--subtitles", "broadcast", "--max-words-per-line", "3"), "--subtitles broadcast"),
    ],
)
def test_what_makes_no_sense_is_refused(flags: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError) as told:
        parse(["transcribe", *flags])
    assert said in str(told.value)


def test_subtitles_have_the_shape_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    flags = ("--max_line_width", "30", "--max_line_count", "None", "--highlight_words", "True")
    shape = shape_of(parse(["transcribe", "a", *flags]))
    assert shape == Shape(max_line_width=30, highlight_words=True)
    assert shape.needs_words
    assert not shape_of(parse(["transcribe", "a"])).needs_words
    assert shape_of(parse(["transcribe", "a", "--subtitles", "broadcast"])) == Shape(broadcast=True)
    assert capsys.readouterr().err == ""
    shape_of(parse(["transcribe", "a", "--max_line_count", "2"]))
    assert "no effect without --max-line-width" in capsys.readouterr().err
