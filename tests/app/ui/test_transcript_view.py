"""The text on screen is the transcript's, and only what differs is written anew."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from sotto.app.core.transcript import Paragraph, Transcript
from sotto.app.ui.main_window.transcript_view import TranscriptView
from tests.helpers.examples import examples

words = st.text("ab \n", min_size=1).map(str.strip).filter(bool)
texts = st.lists(words, max_size=4).map(tuple)


def test_any_transcript_may_follow_any_other(qtbot: QtBot) -> None:
    view = TranscriptView()
    qtbot.addWidget(view)
    view.set_font_size(14)
    margins = view.document().rootFrame().frameFormat()
    assert margins.leftMargin() > 0
    changed_from: list[int] = []
    view.document().contentsChange.connect(lambda at, *_: changed_from.append(at))
    transcript = Transcript()

    @given(st.integers(0, 6), texts, st.sampled_from(["", "live"]))
    @settings(max_examples=examples(200))
    def follow(n_kept: int, added: tuple[str, ...], live: str) -> None:
        nonlocal transcript
        kept = transcript.paragraphs[:n_kept]
        new = tuple(Paragraph(n, n + 1, text) for n, text in enumerate(added))
        transcript = replace(transcript, paragraphs=kept + new, committed=live)
        changed_from.clear()
        view.show_transcript(transcript)
        assert view.toPlainText() == transcript.text + live
        n_same = sum(len(paragraph.text) + 1 for paragraph in kept)
        assert min(changed_from, default=n_same) >= n_same
        assert view.document().rootFrame().frameFormat() == margins

    follow()
