"""What edits one setting: a box, a list, a number, a text, a colour."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QIcon, QPixmap, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QCheckBox,
    QColorDialog,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from sotto.app.core.settings import Value
from sotto.app.ui.widgets.picker import Choice, ElidingComboBox
from sotto.app.ui.widgets.theme.style import restyle

WIDEST = 54  # characters; a wider field would only be emptier
WORDS_INDENT = 28  # pixels; where the words of a box or a radio button begin
_TEXT_MARGIN = 8  # pixels; the style sheet's padding does not reach into a spin box
_LINES = 5  # of a list of texts


def width_of(n_characters: int) -> int:
    """Return how many pixels so many characters take in the application's font."""
    return n_characters * QFontMetrics(QApplication.font()).averageCharWidth()


class Field(QWidget):
    """A control that shows and edits one value. `control` is what takes the focus."""

    edited = Signal(object)  # Value, as the user left it
    refused = Signal(str)  # why what was typed is no value

    def __init__(self, control: QWidget, shown: QWidget | None = None) -> None:
        """`shown` is what is laid out, where the control is only a part of it."""
        super().__init__()
        self.control = control
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        self._box.addWidget(shown or control)

    def show_value(self, value: Value) -> None:
        """Show a value without it being an edit."""
        raise NotImplementedError

    def show_wrong(self, *, is_wrong: bool) -> None:
        """Mark the control as one whose value was refused."""
        self.control.setProperty("wrong", is_wrong)
        restyle(self.control)

    def name(self, words: str) -> None:
        """Give the control the name that a screen reader speaks."""
        self.control.setAccessibleName(words)


class Toggle(Field):
    """On or off."""

    def __init__(self, text: str) -> None:
        self._check = QCheckBox(text)
        super().__init__(self._check)
        self._check.clicked.connect(lambda: self.edited.emit(self._check.isChecked()))

    def show_value(self, value: Value) -> None:
        """See `Field.show_value`."""
        self._check.setChecked(bool(value))


class Selection(Field):
    """One of several, in a list that opens."""

    def __init__(self, choices: Sequence[Choice] = ()) -> None:
        self._combo = _Combo()
        super().__init__(self._combo)
        self._value = ""
        self._combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._combo.setMinimumContentsLength(14)
        self._combo.setMaximumWidth(width_of(WIDEST))
        self._combo.setMaxVisibleItems(12)
        self._combo.activated.connect(self._activate)
        self.fill(choices)

    @property
    def value(self) -> str:
        """What is chosen."""
        return self._value

    @property
    def n_choices(self) -> int:
        """How many are offered."""
        return self._combo.count()

    def fill(self, choices: Sequence[Choice]) -> None:
        """Offer these; what is chosen stays chosen, and is offered even if it is not there."""
        self._combo.clear()
        for choice in choices:
            self._combo.addItem(choice.label, choice.value)
            row = self._combo.count() - 1
            self._combo.setItemData(row, choice.details, Qt.ItemDataRole.ToolTipRole)
        self._select()

    def show_value(self, value: Value) -> None:
        """See `Field.show_value`."""
        self._value = str(value)
        self._select()

    def _select(self) -> None:
        index = self._combo.findData(self._value)
        if index < 0 and self._value:
            self._combo.addItem(self._value, self._value)
            index = self._combo.count() - 1
        self._combo.setCurrentIndex(index)

    def _activate(self, index: int) -> None:
        self._value = str(self._combo.itemData(index))
        self.edited.emit(self._value)


class Number(Field):
    """A whole number within a range, with its unit."""

    def __init__(  # noqa: PLR0913 (what a spin box can be told)
        self, low: int, high: int, unit: str, *, at_low: str = "", step: int = 1, scale: int = 1
    ) -> None:
        """Build the field.

        Args:
            low: The least value.
            high: The greatest.
            unit: Shown behind the number.
            at_low: Words that are shown instead of the least value.
            step: What the arrows add, in what is shown.
            scale: How much of the value one of what is shown is.
        """
        self._spin = _Spin()
        super().__init__(self._spin)
        self._scale = scale
        self._spin.setRange(low // scale, high // scale)
        self._spin.lineEdit().setTextMargins(_TEXT_MARGIN, 0, 0, 0)
        self._spin.setSuffix(f"\N{NO-BREAK SPACE}{unit}" if unit else "")
        self._spin.setSpecialValueText(at_low)
        self._spin.setSingleStep(step)
        self._spin.setMaximumWidth(width_of(WIDEST // 2))
        self._spin.setKeyboardTracking(False)  # half a number is no value yet
        self._spin.valueChanged.connect(lambda shown: self.edited.emit(shown * scale))

    def show_value(self, value: Value) -> None:
        """See `Field.show_value`."""
        blocked = self._spin.blockSignals(True)
        self._spin.setValue(round(int(str(value)) / self._scale))
        self._spin.blockSignals(blocked)


@dataclass(frozen=True, slots=True)
class Option:
    """One way, in a few words (`&` marks the letter to press), and what it means."""

    value: str
    text: str
    explanation: str


class Options(Field):
    """One of a few ways that want an explanation each."""

    def __init__(self, options: Sequence[Option]) -> None:
        box = QWidget()
        super().__init__(box)
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self._group = QButtonGroup(self)
        self._values: list[str] = []
        for number, option in enumerate(options):
            button = QRadioButton(option.text)
            button.setAccessibleName(option.text.replace("&", ""))
            button.setAccessibleDescription(option.explanation)
            self._group.addButton(button, number)
            self._values.append(option.value)
            layout.addWidget(button)
            layout.addWidget(_explanation(option.explanation))
        self._group.idClicked.connect(lambda number: self.edited.emit(self._values[number]))

    def show_value(self, value: Value) -> None:
        """See `Field.show_value`."""
        self._group.button(self._values.index(str(value))).setChecked(True)


class Texts(Field):
    """A list of texts, one a line; whole when the focus leaves it."""

    def __init__(self, example: str) -> None:
        self._edit = _Lines()
        super().__init__(self._edit)
        self._edit.setPlaceholderText(example)
        self._edit.setTabChangesFocus(True)
        self._edit.setMaximumWidth(width_of(WIDEST))
        self._edit.setFixedHeight(_LINES * self._edit.fontMetrics().lineSpacing() + 24)
        self._edit.left.connect(self._leave)

    def show_value(self, value: Value) -> None:
        """See `Field.show_value`."""
        self._edit.setPlainText("\n".join(value) if isinstance(value, tuple) else str(value))

    def _leave(self) -> None:
        lines = (line.strip() for line in self._edit.toPlainText().splitlines())
        self.edited.emit(tuple(dict.fromkeys(line for line in lines if line)))


class Listed(Field):
    """A few texts in one line, with commas between them.

    Args:
        example: shown where there is none.
        shown: how each is written.
    """

    def __init__(self, example: str, shown: Callable[[str], str]) -> None:
        self._line = QLineEdit()
        super().__init__(self._line)
        self._shown = shown
        self._line.setPlaceholderText(example)
        self._line.setMaximumWidth(width_of(WIDEST))
        self._line.editingFinished.connect(lambda: self.edited.emit(self._line.text()))

    def show_value(self, value: Value) -> None:
        """See `Field.show_value`."""
        texts = value if isinstance(value, tuple) else (str(value),)
        self._line.setText(", ".join(map(self._shown, texts)))


class Folder(Field):
    """A folder, typed or picked; empty for none."""

    def __init__(self, example: str) -> None:
        self._line = QLineEdit()
        super().__init__(self._line)
        self._line.setPlaceholderText(example)
        self._line.setMaximumWidth(width_of(WIDEST))
        self._pick = QPushButton("Choose…")
        self._pick.clicked.connect(self._choose)
        self._line.editingFinished.connect(self._leave)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._line)
        row.addWidget(self._pick)
        row.addStretch()
        self._box.addLayout(row)

    def show_value(self, value: Value) -> None:
        """See `Field.show_value`."""
        self._line.setText(str(value))

    def name(self, words: str) -> None:
        """See `Field.name`."""
        super().name(words)
        self._pick.setAccessibleName(f"Choose: {words}")

    def _leave(self) -> None:
        text = self._line.text().strip()
        if text and not Path(text).expanduser().is_dir():
            self.refused.emit(f"“{text}” is not a folder.")
            return
        self.edited.emit(text)

    def _choose(self) -> None:
        dialog = QFileDialog(self, "Folder with models", self._line.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, folder: str) -> None:
        self._line.setText(folder)
        self._leave()


class Colour(Field):
    """A colour as #rrggbb, typed or picked."""

    def __init__(self) -> None:
        self._line = QLineEdit()
        super().__init__(self._line)
        self._line.setMaximumWidth(width_of(WIDEST // 3))
        self._swatch = QPushButton()
        self._swatch.setToolTip("Pick a colour")
        self._swatch.clicked.connect(self._pick)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._line)
        row.addWidget(self._swatch)
        row.addStretch()
        self._box.addLayout(row)
        self._line.editingFinished.connect(self._leave)

    def show_value(self, value: Value) -> None:
        """See `Field.show_value`."""
        self._line.setText(str(value))
        patch = QPixmap(32, 16)
        patch.fill(QColor(str(value)))
        self._swatch.setIcon(QIcon(patch))
        self._swatch.setIconSize(patch.size())

    def name(self, words: str) -> None:
        """See `Field.name`."""
        super().name(words)
        self._swatch.setAccessibleName(f"Pick the colour: {words}")

    def _leave(self) -> None:
        text = self._line.text().strip()
        if not (QColor.isValidColorName(text) and len(text) == 7 and text.startswith("#")):
            self.refused.emit(f"“{text}” is not a colour. Write it as #rrggbb, such as #ffcc00.")
            return
        self.show_value(text)
        self.edited.emit(text)

    def _pick(self) -> None:
        before = QColor(self._line.text())
        dialog = QColorDialog(before, self)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(self._picked)
        dialog.open()

    def _picked(self, colour: QColor) -> None:
        self._line.setText(colour.name())
        self._leave()


class _Combo(ElidingComboBox):
    """The wheel scrolls the page instead of changing what the pointer happens to be over."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  # Qt's name
        event.ignore()


class _Spin(QSpinBox):
    """Likewise."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  # Qt's name
        event.ignore()


class _Lines(QPlainTextEdit):
    """Says when the focus leaves it."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  # Qt's name
        super().focusOutEvent(event)
        self.left.emit()


def _explanation(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("secondary")
    label.setWordWrap(True)
    label.setContentsMargins(WORDS_INDENT, 0, 0, 8)  # under the words of its button
    return label
