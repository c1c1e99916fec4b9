"""One line becomes two, and two become one: from the words, and while a line is corrected."""

from typing import TYPE_CHECKING

from sotto.app.ui.files.lines.text_model import TextModel

if TYPE_CHECKING:
    from sotto.app.ui.files.lines.text_list import TextList


class LineParting:
    """Parts and joins the lines of a list, and leaves the cursor where they met."""

    def __init__(self, text: "TextList", model: TextModel) -> None:
        self._text = text
        self._model = model

    def split(self) -> None:
        """Let a line begin with the word of the cursor."""
        line, word = self._text.marks.cursor
        if line >= 0 and word > 0:
            texts = [each.text for each in self._model.document.lines[line].words]
            self._model.split(line, "".join(texts[:word]), "".join(texts[word:]))
            self._text.go_to((line + 1, 0))

    def join(self) -> None:
        """Join the line whose first word has the cursor with the one before it."""
        line, word = self._text.marks.cursor
        if line > 0 and word == 0:
            before, own = self._model.document.lines[line - 1 : line + 1]
            self._model.join(line, own.text)
            self._text.go_to((line - 1, len(before.words)))

    def split_at(self, line: int, first: str, second: str) -> None:
        """Part a line that is being corrected, and go on at the start of the second."""
        self._model.split(line, first, second)
        self._text.correct_at((line + 1, 0), 0)

    def join_text(self, line: int, text: str) -> None:
        """Join a line that is being corrected with the one before, and go on between them."""
        before = self._model.document.lines[line - 1]
        self._model.join(line, text)
        behind = self._model.document.lines[line - 1].text[len(before.text) :]
        n_spaces = len(behind) - len(behind.lstrip())
        place = (line - 1, len(before.words))
        self._text.correct_at(place, len(before.text.lstrip()) + n_spaces)
