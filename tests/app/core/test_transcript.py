from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.events import (
    Dropped,
    Final,
    Gap,
    Level,
    Partial,
    SessionState,
    StateChanged,
)
from sotto.app.core.transcript import Paragraph, Transcript, from_text

PREPARING = StateChanged(SessionState.PREPARING)
STOPPED = StateChanged(SessionState.STOPPED)


def fold(*events: object) -> Transcript:
    transcript = Transcript()
    for event in events:
        transcript = transcript.after(event)  # type: ignore[arg-type]  # events of all kinds
    return transcript


def final(text: str, start: float = 0.0, end: float = 1.0) -> Final:
    return Final(t=end, audio=end, start=start, end=end, text=text)


def test_a_partial_is_live_text_until_its_final() -> None:
    partial = Partial(t=1, audio=1, committed="Send the", tentative=" letter")
    assert fold(partial).live == "Send the letter"
    assert fold(partial).text == ""
    done = fold(partial, final(" Send the letter."))
    assert (done.live, done.text) == ("", "Send the letter.\n")


def test_a_sentence_that_goes_on_has_no_full_stop_inside() -> None:
    rest = replace(final("and go on.", 1.0, 2.0), joined_by=",")
    assert fold(final("We rest."), rest).text == "We rest,\nand go on.\n"
    assert fold(final("We rest"), replace(rest, joined_by="")).text == "We rest\nand go on.\n"


def test_speech_without_words_leaves_nothing() -> None:
    assert fold(Partial(1, 1, "", "uh"), Dropped(1, 0, 1, "no speech")).is_empty
    assert fold(final("")).is_empty


GAP = Gap(5.0, 2.0, 4.3, "the microphone was away")


def test_a_gap_stands_between_what_was_said_before_and_after() -> None:
    parted = fold(final("Before.", 0, 2), GAP, final("After.", 2, 3))
    assert parted.text == "Before.\n[2.3 s of sound missing]\nAfter.\n"
    assert [paragraph.is_gap for paragraph in parted.paragraphs] == [False, True, False]


def test_live_text_never_goes_on_over_a_gap() -> None:
    parted = fold(Partial(2, 2, "Call the", " office"), GAP, Partial(6, 3, "to", "morrow"))
    assert parted.text == "Call the office\n[2.3 s of sound missing]\n"
    assert parted.live == "tomorrow"


def test_what_is_taken_back_is_speech_and_no_gap() -> None:
    assert fold(final("One."), GAP).without_end("One.").text == "[2.3 s of sound missing]\n"
    assert fold(GAP).without_end("One.") == fold(GAP)


def test_a_session_that_breaks_off_loses_no_word() -> None:
    broken = fold(PREPARING, Partial(2, 2, "Call the", " office"), STOPPED)
    assert broken.text == "Call the office\n"
    assert broken.live == ""


def test_times_go_on_over_several_sessions() -> None:
    twice = fold(PREPARING, final("One.", 0, 2), STOPPED, PREPARING, final("Two.", 1, 3), STOPPED)
    assert [(p.start, p.end) for p in twice.paragraphs] == [(0, 2), (3, 5)]


def test_what_is_not_text_changes_nothing() -> None:
    before = fold(final("One."))
    assert before.after(Level(-20, -10)) is before


def test_plain_text_comes_back_as_paragraphs() -> None:
    assert from_text("One.\n\n Two. \n").paragraphs == (
        Paragraph(0, 0, "One."),
        Paragraph(0, 0, "Two."),
    )


lines = st.lists(
    st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1).map(str.strip).filter(bool)
)


@given(lines)
def test_a_kept_text_reads_back_as_it_was(spoken: list[str]) -> None:
    transcript = fold(*map(final, spoken))
    assert from_text(transcript.text).text == transcript.text
