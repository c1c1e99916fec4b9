"""A table of texts: what stands at the left means what stands at the right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sotto.app.core.settings import Value
from sotto.app.ui.fields.fields import Field, Selection
from sotto.app.ui.widgets.picker import Choice
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours


@dataclass(frozen=True, slots=True)
class PairWords:
    """What a table of pairs is about.

    Attributes:
        left: what stands at the left, such as “Said”.
        right: what stands at the right.
        add: the button for one more pair (`&` marks the letter to press).
        left_example: shown at the left where nothing stands.
        right_example: likewise.
    """

    left: str
    right: str
    add: str
    left_example: str = ""
    right_example: str = ""


class Pairs(Field):
    """Rows of two texts each, or of a text and one of `choices`."""

    def __init__(self, words: PairWords, choices: Sequence[Choice] = ()) -> None:
        self._add = QPushButton(words.add)
        super().__init__(self._add)
        self._words = words
        self._choices = tuple(choices)
        self._colours = LIGHT
        self._rows: list[_Row] = []
        self._rows_box = QVBoxLayout()
        self._rows_box.setSpacing(6)
        self._box.insertLayout(0, self._rows_box)
        self._box.setAlignment(self._add, Qt.AlignmentFlag.AlignLeft)
        self._add.clicked.connect(self._add_empty)

    def name(self, words: str) -> None:
        """See `Field.name`."""
        self.setAccessibleName(words)
        self._add.setAccessibleName(self._words.add.replace("&", ""))

    def set_colours(self, colours: Colours) -> None:
        """Paint the icons in these colours."""
        self._colours = colours
        for row in self._rows:
            row.set_colours(colours)

    def show_value(self, value: Value) -> None:
        """See `Field.show_value`."""
        if isinstance(value, Mapping) and value == self._pairs():
            return  # what is being edited stays where it is
        for row in self._rows[:]:
            self._take(row)
        for left, right in (value if isinstance(value, Mapping) else {}).items():
            self._append(left, right)

    def show_wrong(self, *, is_wrong: bool) -> None:
        """See `Field.show_wrong`. The words say which row it is."""

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """The order of tabs is a window's, and rows may be older than theirs."""
        super().showEvent(event)
        self._order_tabs()

    def _add_empty(self) -> None:
        row = self._append("", self._choices[0].value if self._choices else "")
        row.show()
        row.left.setFocus()

    def _append(self, left: str, right: str) -> "_Row":
        row = _Row(self._words, self._choices, left, right)
        row.set_colours(self._colours)
        row.edited.connect(self._edited)
        row.removed.connect(lambda: self._remove(row))
        self._rows.append(row)
        self._rows_box.addWidget(row)
        self._order_tabs()
        self._number()
        return row

    def _order_tabs(self) -> None:
        """Tab goes through widgets as they were made; rows come where they stand instead."""
        rows = [control for row in self._rows for control in row.controls]
        before = self._add.previousInFocusChain()
        while before in rows:
            before = before.previousInFocusChain()
        chain = [before, *rows, self._add] if before is not None else [*rows, self._add]
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)

    def _remove(self, row: "_Row") -> None:
        self._take(row)
        self._number()
        self._add.setFocus()
        self._edited()

    def _take(self, row: "_Row") -> None:
        self._rows.remove(row)
        self._rows_box.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _number(self) -> None:
        for number, row in enumerate(self._rows, start=1):
            row.number(number)

    def _edited(self) -> None:
        wrong = self._fault()
        if wrong:
            self.refused.emit(wrong)
        else:
            self.edited.emit(self._pairs())

    def _pairs(self) -> dict[str, str]:
        return {row.pair[0]: row.pair[1] for row in self._rows if row.is_whole}

    def _fault(self) -> str:
        """Return why the rows are no table; rows that are half written only wait."""
        seen: set[str] = set()
        for row in self._rows:
            left, right = row.pair
            if right and not left and not self._choices:
                return f"“{right}” has nothing at its left. Fill it in, or remove the row."
            if left and left.casefold() in seen:
                return f"“{left}” is there twice. Change or remove one of the two."
            seen.add(left.casefold())
        return ""


class _Row(QWidget):
    """One pair."""

    edited = Signal()
    removed = Signal()

    def __init__(self, words: PairWords, choices: Sequence[Choice], left: str, right: str) -> None:
        super().__init__()
        self._words = words
        self.left = QLineEdit(left)
        self.left.setPlaceholderText(words.left_example)
        self.left.editingFinished.connect(self.edited)
        self._text: QLineEdit | None = None
        self._choice: Selection | None = None
        self._arrow = QLabel()
        self.remove = QToolButton()
        self.remove.setIconSize(QSize(16, 16))
        self.remove.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.left, 1)
        row.addWidget(self._arrow)
        row.addWidget(self._right_side(choices, right), 1)
        row.addWidget(self.remove)

    @property
    def pair(self) -> tuple[str, str]:
        """What is written at the left and at the right."""
        return self.left.text().strip(), self._right()

    @property
    def is_whole(self) -> bool:
        """Whether something stands on both sides."""
        return all(self.pair)

    @property
    def controls(self) -> tuple[QWidget, QWidget, QWidget]:
        """What takes the focus, from left to right."""
        right = self._text or (self._choice.control if self._choice else self.left)
        return self.left, right, self.remove

    def number(self, number: int) -> None:
        """Tell a screen reader which row this is."""
        left, right, remove = self.controls
        left.setAccessibleName(f"{self._words.left} {number}")
        right.setAccessibleName(f"{self._words.right} {number}")
        remove.setAccessibleName(f"Remove row {number}")
        self.remove.setToolTip("Remove")

    def set_colours(self, colours: Colours) -> None:
        """Paint the icons in these colours."""
        self._arrow.setPixmap(icons.pixmap("arrow", colours.secondary, 16))
        self.remove.setIcon(icons.icon("dismiss", colours.secondary))

    def _right_side(self, choices: Sequence[Choice], right: str) -> QWidget:
        if choices:
            self._choice = Selection(choices)
            self._choice.show_value(right)
            self._choice.edited.connect(lambda _: self.edited.emit())
            return self._choice
        self._text = QLineEdit(right)
        self._text.setPlaceholderText(self._words.right_example)
        self._text.editingFinished.connect(self.edited)
        return self._text

    def _right(self) -> str:
        # A replacement may begin or end with a space; only a choice never does.
        return self._text.text() if self._text else str(self._choice and self._choice.value)
