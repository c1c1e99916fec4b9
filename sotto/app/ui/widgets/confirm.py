"""A question before something is lost."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QMessageBox, QWidget

# Names that Qt gives; without a width a short title would make the details a narrow column.
_SHEET = """
QLabel#qt_msgbox_label { font-weight: 600; }
QLabel#qt_msgbox_informativelabel { min-width: 320px; }
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; `yes` is the button that does it, all else keeps things."""

    title: str
    text: str
    details: str
    yes: str


def confirm(window: QWidget, question: Question, act: Callable[[], None]) -> None:
    """Ask without blocking, and call `act` if the answer is yes."""
    box = QMessageBox(window)
    box.setStyleSheet(_SHEET)
    box.setWindowTitle(question.title)
    box.setText(question.text)
    box.setInformativeText(question.details)
    yes = box.addButton(question.yes, QMessageBox.ButtonRole.DestructiveRole)
    yes.clicked.connect(lambda _checked=False: act())
    keep = box.addButton("&Keep", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.open()
