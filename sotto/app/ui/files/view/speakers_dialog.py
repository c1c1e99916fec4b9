"""What the speakers of a recording are called."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from sotto.app.core.projects.document import Document
from sotto.app.core.projects.speakers import LONGEST_NAME
from sotto.app.ui.fields.fields import width_of
from sotto.app.ui.widgets.buttons import cancel_or
from sotto.app.ui.widgets.labels import wrapped_label

_WIDTH = 44  # characters
_WORDS = "A name holds for all lines of a speaker, and stands before them in what you export."


class SpeakersDialog(QDialog):
    """Asks for a name for each speaker; `named` tells. An empty one is none.

    Args:
        document: In which they speak.
        speaker: Whose name is asked for first; the first one's where he does not speak.
        parent: Above which it stands.
    """

    named = Signal(dict)  # speakers to names, of those who have one

    def __init__(self, document: Document, speaker: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Name the speakers")
        self.setAccessibleName("Name the speakers")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(width_of(_WIDTH))
        self._before: Mapping[str, str] = document.names
        self.fields = {each: self._field(each) for each in document.speakers}
        self._arrange()
        first = self.fields.get(speaker) or next(iter(self.fields.values()))
        first.setFocus()
        first.selectAll()

    def _field(self, speaker: str) -> QLineEdit:
        field = QLineEdit(self._before.get(speaker, ""))
        field.setMaxLength(LONGEST_NAME)
        field.setPlaceholderText(speaker.capitalize())
        field.setAccessibleName(f"Name of “{speaker.capitalize()}”")
        return field

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        for speaker, field in self.fields.items():
            form.addRow(speaker.capitalize(), field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(14)
        layout.addLayout(form)
        layout.addWidget(wrapped_label(_WORDS, "secondary"))
        layout.addStretch(1)
        layout.addWidget(cancel_or("&Name", self._accept, self))

    def _accept(self) -> None:
        names = {speaker: field.text() for speaker, field in self.fields.items()}
        self.named.emit({**self._before, **names})
        self.accept()
