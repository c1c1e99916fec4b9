"""The word that is heard is marked, and kept in sight until the user looks elsewhere."""

from typing import TYPE_CHECKING

from sotto.app.core.projects.document import Document
from sotto.app.core.projects.search import WordTimes
from sotto.app.ui.files.lines.text_painting import NOWHERE, Marks, Place

if TYPE_CHECKING:
    from sotto.app.ui.files.lines.text_list import TextList

_READING_SHARE = 0.3  # of the height, where the line that is heard comes to stand
_LOW_SHARE = 0.8  # of the height, below which a line is brought up


class ReadingAlong:
    """Follows what is played through the lines of a list."""

    def __init__(self, text: "TextList", marks: Marks) -> None:
        self._text = text
        self._marks = marks
        self._times = WordTimes(Document())
        self._follows = True

    def measure(self, document: Document) -> None:
        """Look words up in another text from now on."""
        self._times = WordTimes(document)
        self._marks.heard = NOWHERE

    def follow(self) -> None:
        """Keep what is heard in sight from now on."""
        self._follows = True

    def stop(self) -> None:
        """Leave in sight what is."""
        self._follows = False

    def show_place(self, place_s: float, *, is_playing: bool) -> None:
        """Mark the word at a place, and keep it in sight while it is playing."""
        heard = self._place_at(place_s) if is_playing or place_s > 0 else NOWHERE
        if heard == self._marks.heard:
            return
        before, self._marks.heard = self._marks.heard, heard
        for line in {before[0], heard[0]}:
            self._text.update_line(line)
        if is_playing and self._follows and heard[0] != before[0]:
            self._bring_into_sight(heard[0])

    def _place_at(self, place_s: float) -> Place:
        return self._times.place_at(place_s + 1e-3) or NOWHERE

    def _bring_into_sight(self, line: int) -> None:
        text = self._text
        rect = text.visualRect(text.model().index(line, 0))
        height = text.viewport().height()
        if rect.top() < 0 or rect.bottom() > _LOW_SHARE * height:
            bar = text.verticalScrollBar()
            bar.setValue(bar.value() + rect.top() - round(_READING_SHARE * height))
