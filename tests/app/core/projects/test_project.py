"""Projects on disk, and as the transcription that files are written from."""

import contextlib
import io
import json
import stat
from dataclasses import replace
from pathlib import Path

import docx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.app.core.projects.document import Document, Figures, Line, Word
from sotto.app.core.projects.names import PEAKS, TEXT
from sotto.app.core.projects.peaks import Peaks
from sotto.app.core.projects.project import (
    Project,
    load_peaks,
    load_text,
    map_sound,
    save_sound,
    save_text,
)
from sotto.app.core.sides import conversation
from sotto.app.core.transcription_files import FORMATS, WRITERS, content
from sotto.errors import OutputError
from sotto.inference.decoding import Segment, Transcription, WordTiming
from tests.helpers.examples import examples

EMPTY = Project(Path("/talk.mp3"), 12.5, "", "tiny.en")
SECONDS = st.floats(0, 1e5)
WORDS = st.builds(Word, st.text(min_size=1, max_size=8), SECONDS, SECONDS, st.floats(0, 1))
FIGURES = st.builds(Figures, st.integers(0, 10**7), *[st.floats(-9, 9)] * 4)
LINES = st.builds(
    Line,
    SECONDS,
    SECONDS,
    st.lists(WORDS, min_size=1, max_size=4).map(tuple),
    FIGURES,
    st.sampled_from(["", "left", "right"]),
)
PROJECTS = st.builds(
    Project,
    st.text("/äb .", min_size=1).map(Path),
    SECONDS,
    st.sampled_from(["en", "de", ""]),
    st.text(max_size=5),
    st.text(max_size=9),
    st.builds(
        Document,
        st.lists(LINES, max_size=4).map(tuple),
        st.dictionaries(st.sampled_from(["left", "right"]), st.text(max_size=5)),
    ),
)


def segment(number: int, text: str, words: tuple[WordTiming, ...] | None) -> Segment:
    return Segment(number, 0, 0.5, 2.5, text, (1, 2), 0.2, -0.3, 1.1, 0.01, words)


HEARD = Transcription(
    " One two. Three.",
    (
        segment(
            0,
            " One two.",
            (WordTiming(" One", (1,), 0.5, 1.0, 0.9), WordTiming(" two.", (2,), 1.0, 2.5, 0.8)),
        ),
        segment(1, " Three.", None),
        segment(2, "", ()),
    ),
    "en",
)


@settings(max_examples=examples(40))
@given(PROJECTS)
def test_what_is_kept_comes_back(
    tmp_path_factory: pytest.TempPathFactory, project: Project
) -> None:
    folder = tmp_path_factory.mktemp("project")
    save_text(project, folder)
    assert load_text(folder) == project


def test_a_text_is_for_the_user_alone(tmp_path: Path) -> None:
    save_text(EMPTY.heard(HEARD), tmp_path / "one")
    save_sound(np.zeros(1600, np.float32), tmp_path / "one")
    assert stat.S_IMODE((tmp_path / "one").stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "one").iterdir()}
    assert modes == {0o600}


@pytest.mark.parametrize(
    "damage",
    ["", "[]", "{}", '{"source": 1}', "\0", '"', "[" * 100_000],
)
def test_a_damaged_text_is_told_in_a_line(tmp_path: Path, damage: str) -> None:
    (tmp_path / TEXT).write_text(damage)
    with pytest.raises(OutputError, match="cannot be read") as told:
        load_text(tmp_path)
    assert "\n" not in str(told.value)


@settings(max_examples=examples(60))
@given(st.data())
def test_no_change_of_a_text_does_worse(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("project")
    save_text(EMPTY.heard(HEARD), folder)
    content = bytearray((folder / TEXT).read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (folder / TEXT).write_bytes(content)
    with contextlib.suppress(OutputError):
        load_text(folder)


def test_lines_without_words_are_none_and_untimed_ones_are_spread() -> None:
    first, second = EMPTY.heard(HEARD).document.lines
    assert first.words == (Word(" One", 0.5, 1.0, 0.9), Word(" two.", 1.0, 2.5, 0.8))
    assert second.words == (Word(" Three.", 0.5, 2.5, 1.0),)


@pytest.mark.parametrize("name", WRITERS)
def test_files_of_an_uncorrected_text_are_those_of_the_transcription(name: str) -> None:
    timed = tuple(
        replace(
            each, tokens=(), words=each.words and tuple(replace(w, tokens=()) for w in each.words)
        )
        for each in HEARD.segments[:1]
    )
    transcription = Transcription(" One two.", timed, "en")
    assert WRITERS[name](EMPTY.heard(transcription).transcription) == WRITERS[name](transcription)


TALK = conversation(
    Transcription("", (segment(0, " One two.", HEARD.segments[0].words),), "en"),
    Transcription("", (segment(0, " Three.", None),), "en"),
)


def test_who_says_what_is_kept_beside_the_words() -> None:
    first, second = EMPTY.heard(TALK).document.lines
    assert (first.speaker, first.text) == ("left", " One two.")
    assert (second.speaker, second.text) == ("right", " Three.")


@pytest.mark.parametrize("name", FORMATS)
def test_speakers_stand_in_files_as_they_are_called(name: str) -> None:
    project = EMPTY.heard(TALK)
    called = replace(project.document, names={"left": "Anna Maria"})
    named = replace(project, document=called).transcription
    before, after = (content(each, name) for each in (project.transcription, named))
    if name == "docx":
        before, after = _paragraphs(before), _paragraphs(after)
    assert b"left" in before
    assert after == before.replace(b"left", b"Anna Maria")


def _paragraphs(document: bytes) -> bytes:
    paragraphs = docx.Document(io.BytesIO(document)).paragraphs
    return "\n".join(each.text for each in paragraphs).encode()


@pytest.mark.parametrize(
    "words",
    [
        [[" [left] One", 0.5, 1.0, 0.9], [" two.", 1.0, 2.5, 0.8]],
        [[" [left]", 0.4, 0.5, 1.0], [" One", 0.5, 1.0, 0.9], [" two.", 1.0, 2.5, 0.8]],
    ],
)
def test_texts_kept_with_names_among_their_words_open(tmp_path: Path, words: list[object]) -> None:
    save_text(EMPTY.heard(HEARD), tmp_path)
    fields = json.loads((tmp_path / TEXT).read_text())
    for line in fields["lines"]:
        del line["speaker"]
    del fields["names"]
    fields["lines"][0]["words"] = words
    (tmp_path / TEXT).write_text(json.dumps(fields))
    first, second = load_text(tmp_path).document.lines
    assert (first.speaker, first.text) == ("left", " One two.")
    assert (second.speaker, second.text) == ("", " Three.")


def test_numbers_in_json_are_numbers() -> None:
    text = WRITERS["json"](EMPTY.heard(HEARD).transcription)
    json.loads(text, parse_constant=pytest.fail)


def test_sound_and_waveform_come_back(tmp_path: Path) -> None:
    pcm = np.sin(np.arange(5000, dtype=np.float32))
    save_sound(pcm, tmp_path)
    sound = map_sound(tmp_path)
    assert sound is not None
    np.testing.assert_allclose(sound / 32_767, pcm, atol=0.5 / 32_767 + 1e-6)
    np.testing.assert_array_equal(load_peaks(tmp_path).bins, Peaks.of(pcm).bins)


def test_what_is_gone_or_damaged_is_no_sound(tmp_path: Path) -> None:
    assert map_sound(tmp_path) is None
    assert len(load_peaks(tmp_path).bins) == 0
    (tmp_path / PEAKS).write_bytes(b"\x93NUMPY rubbish")
    assert len(load_peaks(tmp_path).bins) == 0
    np.save(tmp_path / PEAKS, np.zeros(3))
    assert len(load_peaks(tmp_path).bins) == 0
