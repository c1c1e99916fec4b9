"""One page of settings: a title, sections, and rows of a label and a field."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sotto.app.core.settings import Settings, Value
from sotto.app.ui.fields.fields import WORDS_INDENT, Field, Toggle, width_of
from sotto.app.ui.settings_dialog.form import Form, Refuse
from sotto.app.ui.widgets.labels import wrapped_label
from sotto.app.ui.widgets.theme.colours import Colours

_GAP = 10  # pixels between rows
_SECTION_GAP = 22
_WIDEST = 90  # characters; longer lines are hard to read
_TITLE_SIZE = 1.6  # of the text
_LEAST_LABEL = 150  # pixels, so that fields stand below each other on all pages


class Page(QScrollArea):
    """Rows that scroll where the window is small. `title` and `icon` are for the list of pages."""

    title = ""
    icon = ""

    def __init__(
        self,
        form: Form,
        set_elsewhere: "Callable[[str], str]",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.form = form
        self._set_elsewhere = set_elsewhere
        self._names: list[str] = []
        self._cells: dict[Field, QWidget] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.title)
        self._build()
        QApplication.instance().focusChanged.connect(self._follow_focus)  # type: ignore[union-attr]

    def set_colours(self, colours: Colours) -> None:
        """Paint what is drawn by hand in these colours."""

    @property
    def names(self) -> tuple[str, ...]:
        """The settings on this page."""
        return tuple(self._names)

    def defaults(self) -> dict[str, Value]:
        """Return the default of every setting on this page."""
        standard = Settings()
        return {name: getattr(standard, name) for name in self._names}

    def section(self, title: str, explanation: str = "") -> None:
        """Begin a group of rows."""
        heading = wrapped_label(title, "section")
        heading.setContentsMargins(0, _SECTION_GAP if self._rows.rowCount() else 0, 0, 2)
        self._rows.addRow(heading)
        if explanation:
            self._rows.addRow(wrapped_label(explanation, "secondary"))

    def row(self, name: str, label: str, field: Field, explanation: str = "") -> Field:
        """Add the field of a setting; `&` in the label marks the letter that goes there."""
        cell, refuse = self._cell(name, field, explanation)
        field.name(label.replace("&", ""))
        if isinstance(field, Toggle):
            self._rows.addRow(cell)
        else:
            self._rows.addRow(self._buddy(label, field.control), cell)
        self._names.append(name)
        self.form.bind(name, field, refuse)
        return field

    def toggle(self, name: str, text: str, explanation: str = "") -> Field:
        """Add a setting that is on or off."""
        return self.row(name, text, Toggle(text), explanation)

    def wide(self, name: str, words: str, field: Field) -> Field:
        """Add a field that needs the whole width; the section's title says what it is."""
        cell, refuse = self._cell(name, field, "")
        field.name(words)
        self._rows.addRow(cell)
        self._names.append(name)
        self.form.bind(name, field, refuse)
        return field

    def add(self, label: str, widget: QWidget) -> None:
        """Add something that is no setting; without a label it takes the whole width."""
        cell = QWidget()
        layout = QHBoxLayout(cell)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(widget)
        if isinstance(widget, QPushButton):
            layout.addStretch()
        if label:
            self._rows.addRow(self._buddy(label, widget), cell)
        else:
            self._rows.addRow(cell)

    def set_row_visible(self, field: Field, *, is_visible: bool) -> None:
        """Show or hide the row of a field with its label."""
        self._rows.setRowVisible(self._cells[field], is_visible)

    def fill(self) -> None:
        """Add the sections and rows; for subclasses."""
        raise NotImplementedError

    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Scroll to what a letter or a new row has given the focus, once it has its place."""
        if now is not None and self.isAncestorOf(now):
            QTimer.singleShot(0, now, lambda: self.ensureWidgetVisible(now))

    def _build(self) -> None:
        # In its place before it is filled: with each change of parent, Qt goes through the style
        # sheet for all that is inside.
        content = QWidget(self)
        self.setWidget(content)
        content.setMaximumWidth(width_of(_WIDEST))
        layout = QVBoxLayout(content)
        layout.setContentsMargins(28, 22, 12, 22)
        layout.setSpacing(16)
        layout.addWidget(_title(self.title))
        self._rows = QFormLayout()
        self._rows.setVerticalSpacing(_GAP)
        self._rows.setHorizontalSpacing(20)
        self._rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._rows.setFormAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        layout.addLayout(self._rows)
        layout.addStretch()
        self.fill()

    def _cell(self, name: str, field: Field, explanation: str) -> tuple[QWidget, Refuse]:
        """Return a field with what is said below it, and what says that a value is refused."""
        cell = self._cells[field] = QWidget()
        layout = QVBoxLayout(cell)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(field)
        refusal = wrapped_label("", "refusal")
        refusal.hide()
        layout.addWidget(refusal)
        for words in (explanation, self._set_elsewhere(name)):
            if words:
                layout.addWidget(_below(field, words))
        described = [words for words in (explanation, self._set_elsewhere(name)) if words]
        field.control.setAccessibleDescription(" ".join(described))

        def refuse(why: str) -> None:
            refusal.setText(why)
            refusal.setVisible(bool(why))
            field.show_wrong(is_wrong=bool(why))

        return cell, refuse

    def _buddy(self, text: str, widget: QWidget) -> QLabel:
        label = QLabel(text)
        label.setBuddy(widget)
        label.setMinimumWidth(_LEAST_LABEL)
        label.setContentsMargins(0, 8, 0, 0)  # level with the text in the field
        label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        return label


def _title(text: str) -> QLabel:
    label = wrapped_label(text, "title")
    font = label.font()
    font.setPointSizeF(_TITLE_SIZE * font.pointSizeF())
    label.setFont(font)
    return label


def _below(field: Field, words: str) -> QLabel:
    label = wrapped_label(words, "secondary")
    if isinstance(field, Toggle):
        label.setContentsMargins(WORDS_INDENT, 0, 0, 4)  # under the words of its box
    return label
