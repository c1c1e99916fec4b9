"""Files must be, byte for byte, what openai-whisper writes."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sotto.app.core.transcription_files import (
    ALL,
    FORMATS,
    Shape,
    content,
    make_folder,
    write,
)
from sotto.errors import OutputError
from sotto.inference.decoding import Segment, Transcription, WordTiming

GOLDEN = Path(__file__).parents[3] / "golden" / "output"
SHAPES = json.loads((GOLDEN / "shapes" / "shapes.json").read_text())
SUFFIXES = {f".{name}" for name in FORMATS}


def segment_of(fields: Mapping[str, Any]) -> Segment:
    words = fields.get("words")
    return Segment(
        **{name: value for name, value in fields.items() if name not in {"words", "tokens"}},
        tokens=tuple(fields["tokens"]),
        words=None if words is None else tuple(WordTiming(tokens=(), **word) for word in words),
    )


def golden(name: str) -> Transcription:
    result = json.loads((GOLDEN / f"{name}.json").read_text())
    segments = tuple(segment_of(fields) for fields in result["segments"])
    return Transcription(result["text"], segments, result["language"])


@pytest.mark.parametrize("output_format", ALL)
@pytest.mark.parametrize("name", ["plain", "words", "silence"])
def test_writes_what_openai_whisper_writes(name: str, output_format: str, tmp_path: Path) -> None:
    (path,) = write(golden(name), tmp_path / name, [output_format])
    assert path == tmp_path / f"{name}.{output_format}"
    assert path.read_bytes() == (GOLDEN / path.name).read_bytes()


@pytest.mark.parametrize("output_format", ["srt", "vtt"])
@pytest.mark.parametrize(("number", "shape"), list(enumerate(SHAPES)))
def test_subtitles_in_shapes_as_openai_whisper_writes_them(
    number: int, shape: dict[str, Any], output_format: str
) -> None:
    expected = (GOLDEN / "shapes" / f"{number}.{output_format}").read_bytes()
    assert content(golden("shapes/speech"), output_format, Shape(**shape)) == expected


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o000, 0o666), (0o077, 0o600)])
def test_all_formats_at_once_for_whom_the_umask_says(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        paths = write(golden("plain"), tmp_path / "talk 1.2", FORMATS)
    finally:
        os.umask(before)
    assert {path.name for path in paths} == {f"talk 1.2{suffix}" for suffix in SUFFIXES}
    assert {path.stat().st_mode & 0o777 for path in paths} == {mode}
    assert set(tmp_path.iterdir()) == set(paths)


def test_one_format_that_cannot_be_written_costs_no_other(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").mkdir()
    with pytest.raises(OutputError, match=r"talk\.txt could not be written \(is a directory\)"):
        write(golden("plain"), tmp_path / "talk", FORMATS)
    assert {path.suffix for path in tmp_path.iterdir()} == SUFFIXES


def test_a_folder_that_cannot_be_made_is_named_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"file/below .*--output-dir"):
        make_folder(tmp_path / "file" / "below")


def test_makes_the_folder(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []
