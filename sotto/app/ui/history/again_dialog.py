"""What a sound is recognised with, the second time."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QWidget

from sotto.app.dictating.engine import Model
from sotto.app.ui.history.second_hearing import Manner
from sotto.inference.languages import AUTO, LANGUAGES


class AgainDialog(QDialog):
    """Asks for a model and a language; `chosen` tells."""

    chosen = Signal(Manner)

    def __init__(self, models: tuple[Model, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Recognise again")
        self.model = QComboBox(self)
        for model in models:
            self.model.addItem(model.shown, model.name)
        self.language = QComboBox(self)
        self.language.addItem("Detect", AUTO)
        for code, name in sorted(LANGUAGES.items(), key=lambda pair: pair[1]):
            self.language.addItem(name.title(), code)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        accept = self.buttons.addButton("&Recognise", QDialogButtonBox.ButtonRole.AcceptRole)
        accept.setDefault(True)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        layout = QFormLayout(self)
        layout.addRow("&Model", self.model)
        layout.addRow("&Language", self.language)
        layout.addRow(self.buttons)

    def _accept(self) -> None:
        self.chosen.emit(Manner(self.model.currentData() or "", self.language.currentData()))
        self.accept()
