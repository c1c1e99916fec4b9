from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.events import Dropped, Event, Final, Gap, Partial
from sotto.app.core.transcript import Paragraph, Transcript, from_text
from sotto.app.ui.overlay.caption_lines import CaptionLines, Line
from sotto.app.ui.overlay.flow import Flow


def flow_of(width: int = 20, n_lines: int = 4) -> Flow:
    return Flow(lambda: CaptionLines(len, width, hang=2, n_lines=n_lines))


def partial(committed: str, tentative: str = "") -> Partial:
    return Partial(1.0, 1.0, committed, tentative)


def final(text: str) -> Final:
    return Final(1.0, 1.0, 0.0, 1.0, text)


def after(flow: Flow, *events: Event, transcript: Transcript | None = None) -> Transcript:
    transcript = transcript or Transcript()
    for event in events:
        transcript = transcript.after(event)
        flow.show(transcript)
    return transcript


def texts(flow: Flow) -> list[str]:
    return [line.text for line in flow.lines]


def test_utterances_follow_each_other_on_a_line() -> None:
    flow = flow_of()
    after(flow, partial("Good", " morning"), final(" Good morning."), partial("", " Hello"))
    assert flow.lines == (Line("Good morning.", " Hello"),)


def test_words_that_become_certain_stay_where_they_are() -> None:
    flow = flow_of(width=12)
    after(flow, partial("One two", " three"))
    before = texts(flow)
    after(flow, partial("One two three"))
    assert texts(flow) == before == ["One two ", "three"]


def test_a_final_in_other_words_replaces_its_utterance() -> None:
    flow = flow_of()
    after(flow, final("First."), partial("one comma"), final("One,"))
    assert texts(flow) == ["First. One,"]


def test_what_was_dropped_leaves_what_was_certain() -> None:
    flow = flow_of()
    after(
        flow,
        partial("Well", " then"),
        Dropped(1.0, 0.0, 1.0, "no speech"),
        partial("", "Next"),
    )
    assert texts(flow) == ["Well Next"]


def test_a_gap_is_told_between_what_was_said_before_and_after() -> None:
    flow = flow_of(width=80)
    after(flow, final("Before."), Gap(9.0, 2.0, 7.0, "away"), partial("After"))
    assert texts(flow) == ["Before. [5.0 s of sound missing] After"]


def test_another_text_counts_as_read() -> None:
    flow = flow_of()
    transcript = after(flow, final("Spoken before."))
    opened = from_text("An old text.\nOf yesterday.")
    flow.show(opened)
    assert texts(flow) == [""]
    after(flow, partial("New", " words"), transcript=opened)
    assert texts(flow) == ["New words"]
    flow.show(transcript)
    assert texts(flow) == [""]


def test_after_clearing_lines_begin_with_the_next_words() -> None:
    flow = flow_of()
    transcript = after(flow, final("Long ago."))
    flow.clear()
    assert texts(flow) == [""]
    after(flow, partial("", " Now"), transcript=transcript)
    assert texts(flow) == ["Now"]


def test_lines_are_broken_anew_for_another_width() -> None:
    width = 40
    flow = Flow(lambda: CaptionLines(len, width, hang=2, n_lines=4))
    after(flow, final("One two three."), partial("four", " five"))
    assert texts(flow) == ["One two three. four five"]
    width = 14
    flow.lay_out()
    assert texts(flow) == ["One two three. ", "four five"]


def test_a_long_transcript_is_not_kept_twice() -> None:
    flow = flow_of()
    many = tuple(Paragraph(0.0, 1.0, f"Sentence {number}.") for number in range(1000))
    flow.show(Transcript(many))
    assert texts(flow)[-1].strip() == "Sentence 999."
    assert len(flow._texts) < 20


@given(st.lists(st.text("ab 你\n", max_size=10), max_size=6))
def test_growing_commits_give_the_text_at_last(parts: list[str]) -> None:
    flow, committed = flow_of(n_lines=200, width=9), ""
    for part in parts:
        committed += part
        flow.show(Transcript(committed=committed))
    shown = "".join(texts(flow)).replace(" ", "")
    assert shown == "".join(committed.split())


def test_a_sentence_that_goes_on_loses_the_full_stop_of_its_pause() -> None:
    flow = flow_of(width=80)
    spoken: list[Event] = [
        final("First."),
        partial("We rest"),
        final("We rest."),
        partial("and go"),
    ]
    transcript = after(flow, *spoken)
    assert texts(flow) == ["First. We rest. and go"]
    after(flow, replace(final("and go on."), joined_by=","), transcript=transcript)
    assert texts(flow) == ["First. We rest, and go on."]
