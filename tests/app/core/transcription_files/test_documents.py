"""Texts to read and lyrics to sing."""

import io
import re
from dataclasses import replace

import docx
import pytest

from sotto.app.core.transcription_files import WRITERS, Shape, as_lrc, content
from sotto.app.core.transcription_files.word_documents import language_tag
from sotto.inference.decoding import Segment, Transcription, WordTiming


def said(*pieces: tuple[float, float, str]) -> Transcription:
    segments = tuple(
        Segment(number, 0, start, end, text, (), 0.0, -0.1, 1.0, 0.0, speaker=speaker_of(text))
        for number, (start, end, text) in enumerate(pieces)
    )
    return Transcription("".join(text for _, _, text in pieces), segments, "en")


def speaker_of(text: str) -> str:
    """Return the name in brackets with which a text begins."""
    name = re.match(r" \[([a-z]+)\] ", text)
    return name[1] if name else ""


TALK = said(
    (0.0, 4.0, " Good morning."),
    (4.0, 6.0, " We begin."),
    (61.5, 63.0, " <b> & *stars* # [1]"),
    (63.0, 64.0, ""),
    (3725.0, 3727.0, " [right] Yes."),
    (3727.0, 3728.0, " [left] No."),
    (3728.0, 3729.0, " [left] Perhaps."),
)


def test_markdown_has_a_paragraph_for_what_belongs_together() -> None:
    assert WRITERS["md"](TALK).split("\n\n") == [
        "**00:00** Good morning. We begin.",
        r"**01:01** \<b\> \& \*stars\* \# \[1\]",
        r"**1:02:05** \[right\] Yes.",
        "**1:02:07** \\[left\\] No. Perhaps.\n",
    ]


def test_a_long_paragraph_ends_with_its_sentence() -> None:
    pieces = [(i, i + 1.0, " and so on" + "." * (i % 7 == 6)) for i in range(100)]
    first = WRITERS["md"](said(*pieces)).split("\n\n")[0]
    assert 600 < len(first) < 700
    assert first.endswith(".")


def test_chinese_is_joined_without_spaces() -> None:
    assert WRITERS["md"](said((0, 1, "你好。"), (1, 2, "再见。"))) == "**00:00** 你好。再见。\n"


def test_word_processors_read_the_same_paragraphs() -> None:
    document = docx.Document(io.BytesIO(content(TALK, "docx")))
    assert [paragraph.text for paragraph in document.paragraphs] == [
        "00:00 Good morning. We begin.",
        "01:01 <b> & *stars* # [1]",
        "1:02:05 [right] Yes.",
        "1:02:07 [left] No. Perhaps.",
    ]


def test_times_and_speakers_have_styles_and_the_language_is_told() -> None:
    document = docx.Document(io.BytesIO(content(replace(TALK, language="de"), "docx")))
    assert [(run.text, run.style.name) for run in document.paragraphs[3].runs] == [
        ("1:02:07 ", "Time"),
        ("[left] ", "Speaker"),
        ("No. Perhaps.", "Default Paragraph Font"),
    ]
    defaults = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang/@w:val")
    assert defaults == ["de-DE"]


@pytest.mark.parametrize(
    ("code", "tag"),
    [("en", "en-US"), ("ar", "ar-SA"), ("no", "nb-NO"), ("zh", "zh-CN"), ("la", "la")],
)
def test_languages_are_named_as_spelling_checkers_want_them(code: str, tag: str) -> None:
    assert language_tag(code) == tag


def test_arabic_goes_from_right_to_left() -> None:
    talk = replace(said((0.0, 1.0, " [left] مرحبا.")), language="ar")
    (paragraph,) = docx.Document(io.BytesIO(content(talk, "docx"))).paragraphs
    assert paragraph._p.xpath("w:pPr/w:bidi")
    assert [run.font.rtl for run in paragraph.runs] == [None, None, True]


def test_a_document_is_the_same_each_time_and_takes_any_text() -> None:
    odd = said((0.0, 1.0, " a\x00\x1b\ud800\uffff😀]]>"))
    assert content(odd, "docx") == content(odd, "docx")
    (paragraph,) = docx.Document(io.BytesIO(content(odd, "docx"))).paragraphs
    assert paragraph.text == "00:00 a😀]]>"
    assert not docx.Document(io.BytesIO(content(said(), "docx"))).paragraphs


def test_lyrics_are_taken_away_when_nobody_sings() -> None:
    assert as_lrc(said((1.0, 2.0, " One"), (2.5, 3.004, " two"), (6000.0, 6001.0, " three"))) == (
        "[00:01.00]One\n[00:02.50]two\n[00:03.00]\n[100:00.00]three\n[100:01.00]\n"
    )
    assert not as_lrc(said())


def test_a_cue_of_two_lines_is_one_of_lyrics() -> None:
    words = tuple(WordTiming(f" {each}", (), i, i + 1) for i, each in enumerate(("one", "two")))
    segment = Segment(0, 0, 0.0, 2.0, " one two", (), 0.0, -0.1, 1.0, 0.0, words)
    shape = Shape(max_line_width=4, max_line_count=2)
    lyrics = as_lrc(Transcription(" one two", (segment,), "en"), shape)
    assert lyrics == "[00:00.00]one two\n[00:02.00]\n"
