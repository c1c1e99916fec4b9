import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.history import EXPORT_FORMATS, Entry, export

WHEN = datetime(2026, 11, 21, 8, 15, 30, tzinfo=UTC)
TIME = r"(?:(\d+):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
CUE = re.compile(rf"{TIME} --> {TIME}")


def entry(number: int, text: str, start_s: float, end_s: float, dictation: str = "one") -> Entry:
    return Entry(number, WHEN, text, "mousepad", start_s, end_s, dictation, Path("sound.flac"))


NEWEST_FIRST = (
    entry(3, "A line\n\nand <b>more</b> & --> so on", 1.0, 3.25, "two"),
    entry(2, "World.", 12.5, 13.0),
    entry(1, "Hello", 10.0, 11.5),
)


def test_plain_text_is_a_line_each() -> None:
    assert export(NEWEST_FIRST[1:], "txt") == "Hello\nWorld.\n"


@pytest.mark.parametrize("format_", ["txt", "srt", "vtt"])
def test_what_is_missing_is_told_where_it_is(format_: str) -> None:
    gap = replace(NEWEST_FIRST[1], missing_s=2.34)
    document = export((gap, NEWEST_FIRST[2]), format_)
    assert document.index("Hello") < document.index("[2.3 s of sound missing]\nWorld.")


def test_json_tells_what_is_missing_in_seconds() -> None:
    gap = replace(NEWEST_FIRST[1], missing_s=2.34)
    said, parted = json.loads(export((gap, NEWEST_FIRST[2]), "json"))["segments"]
    assert parted["missing_before"] == 2.34
    assert "missing_before" not in said
    assert parted["text"] == "World."


def test_srt_goes_on_from_dictation_to_dictation() -> None:
    assert export(NEWEST_FIRST, "srt") == (
        "1\n00:00:00,000 --> 00:00:01,500\nHello\n\n"
        "2\n00:00:02,500 --> 00:00:03,000\nWorld.\n\n"
        "3\n00:00:03,000 --> 00:00:05,250\nA line\nand <b>more</b> & -> so on\n\n"
    )


def test_vtt_escapes_what_it_would_take_for_tags() -> None:
    assert export(NEWEST_FIRST[:1], "vtt") == (
        "WEBVTT\n\n00:00.000 --> 00:02.250\n"
        "A line\nand &lt;b&gt;more&lt;/b&gt; &amp; --&gt; so on\n\n"
    )


def test_json_tells_everything() -> None:
    document = json.loads(export(NEWEST_FIRST, "json"))
    assert document["text"] == "Hello\nWorld.\nA line\n\nand <b>more</b> & --> so on"
    assert document["segments"][1] == {
        "id": 1,
        "start": 2.5,
        "end": 3.0,
        "text": "World.",
        "when": "2026-11-21T08:15:30+00:00",
        "application": "mousepad",
        "dictation": "one",
    }


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_nothing_exported_is_a_valid_document(name: str) -> None:
    document = export((), name)
    if name == "json":
        assert json.loads(document) == {"text": "", "segments": []}
    else:
        assert document.strip() in {"", "WEBVTT"}


@st.composite
def histories(draw: st.DrawFn) -> tuple[Entry, ...]:
    result = []
    now_s = draw(st.floats(0, 100))
    dictation = 0
    for number in range(draw(st.integers(0, 6))):
        if draw(st.booleans()):
            dictation += 1
            now_s = 0.0
        start_s = now_s + draw(st.floats(0, 4000))
        now_s = start_s + draw(st.floats(0.001, 30))
        text = draw(st.text(max_size=20) | st.text("a \n\r-><&\t\u2028", max_size=20))
        result.append(entry(number, text, start_s, now_s, str(dictation)))
    return tuple(draw(st.permutations(result)))


def seconds(hours: str | None, minutes: str, whole: str, thousandths: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(whole) + int(thousandths) / 1000


@given(histories(), st.sampled_from(["srt", "vtt"]))
def test_cues_are_well_formed_and_in_order(entries: tuple[Entry, ...], name: str) -> None:
    document = export(entries, name)
    blocks = document.split("\n\n")
    assert blocks.pop() == ""
    if name == "vtt":
        assert blocks.pop(0) == "WEBVTT"
    assert len(blocks) == sum(bool(each.text.strip()) for each in entries)
    last_end = 0.0
    for number, block in enumerate(blocks, start=1):
        lines = block.split("\n")
        if name == "srt":
            assert lines.pop(0) == str(number)
        times = CUE.fullmatch(lines.pop(0))
        assert times is not None
        start, end = seconds(*times.groups()[:4]), seconds(*times.groups()[4:])
        assert last_end <= start <= end
        last_end = end
        assert lines
        assert all(line.strip() for line in lines)
        assert "-->" not in block.split("\n", 1 if name == "vtt" else 2)[-1]
        if name == "vtt":
            assert "<" not in block


@given(histories())
def test_json_holds_every_text_oldest_first(entries: tuple[Entry, ...]) -> None:
    document = json.loads(export(entries, "json"))
    oldest_first = sorted(entries, key=lambda each: each.id)
    assert [each["text"] for each in document["segments"]] == [each.text for each in oldest_first]
