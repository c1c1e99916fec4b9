"""Above a recording's waveform: what it is, and what can be done with its text."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sotto.app.core.projects.project import Project
from sotto.app.ui.files.clock_words import length_words
from sotto.app.ui.files.lines.text_model import TextModel
from sotto.app.ui.widgets.buttons import push_button, tool_button
from sotto.app.ui.widgets.labels import ElidedLabel
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import Colours
from sotto.inference.languages import language_name


class FileHead(QWidget):
    """Its name, some figures, and buttons, which somebody else connects."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title, self._details = ElidedLabel("", "title"), ElidedLabel("", "secondary")
        self.undo_button = tool_button("Undo", "Ctrl+Z", self)
        self.redo_button = tool_button("Redo", "Ctrl+Shift+Z", self)
        self.speakers_button = tool_button("Name the speakers", "Shift+F2", self)
        self.find_button = tool_button("Find", "Ctrl+F", self)
        self.copy_button = tool_button("Copy all text", "Ctrl+Shift+C", self)
        self.export_button = push_button("&Export…", lambda: None)
        self.export_button.setToolTip("Export (Ctrl+E)")
        self._pictures = {
            self.undo_button: "undo",
            self.redo_button: "redo",
            self.speakers_button: "speakers",
            self.find_button: "search",
            self.copy_button: "copy",
        }
        self._arrange()

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What takes the keyboard, in reading order."""
        return *self._pictures, self.export_button

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        for button, name in self._pictures.items():
            button.setIcon(icons.icon(name, colours.text))

    def show_project(self, project: Project) -> None:
        """Say what it is."""
        self._title.setText(project.source.name)
        self._title.setToolTip(str(project.source))
        n_words = project.document.n_words
        parts = (
            length_words(project.duration_s),
            language_name(project.language).title() if project.language else "",
            project.model,
            "1 word" if n_words == 1 else f"{n_words:,} words",
            project.wanted.sound_words,
        )
        self._details.setText("  ·  ".join(part for part in parts if part))

    def show_edits(self, model: TextModel) -> None:
        """Offer what can be undone, done again, and named."""
        self.speakers_button.setVisible(bool(model.document.speakers))
        self.undo_button.setEnabled(model.can_undo)
        self.redo_button.setEnabled(model.can_redo)

    def _arrange(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._title)
        names.addWidget(self._details)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 14, 20, 8)
        layout.setSpacing(4)
        layout.addLayout(names, 1)
        for button in self._pictures:
            layout.addWidget(button)
        layout.addSpacing(6)
        layout.addWidget(self.export_button)
