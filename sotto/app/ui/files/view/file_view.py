"""One recording: its waveform above, its words below, and what can be done with them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFont, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from sotto.app.core.projects.peaks import Peaks
from sotto.app.core.projects.project import Project
from sotto.app.core.projects.search import Found, find, next_doubt
from sotto.app.ui.files.clock_words import clock, length_words
from sotto.app.ui.files.player import FilePlayer
from sotto.app.ui.files.view.search_bar import SearchBar
from sotto.app.ui.files.view.speakers_dialog import SpeakersDialog
from sotto.app.ui.files.view.tempo_button import TempoButton
from sotto.app.ui.files.view.text_list import TextList
from sotto.app.ui.files.view.text_model import TextModel
from sotto.app.ui.files.view.waveform import Waveform
from sotto.app.ui.widgets import icons
from sotto.app.ui.widgets.buttons import name_button, push_button, tool_button
from sotto.app.ui.widgets.colours import LIGHT, Colours
from sotto.app.ui.widgets.labels import ElidedLabel
from sotto.app.ui.widgets.sizes import icon_size
from sotto.inference.languages import language_name

_SAVED_MS = 400  # after a correction: who corrects quickly is not written out each time
_HINT = "Click a word to hear it, twice to correct it; F1 lists the keys"
_HINT_OF_NAMES = (
    "Click a word to hear it, twice to correct it, a name to change it; F1 lists the keys"
)
_COPIED = "All of the text is copied"
_SAID_MS = 4000  # for which what was done stands in the place of the hint
_NOTHING_SAID = "Nobody is heard to speak in this recording"

_NOTHING = Project(Path(), 0.0, "", "")


class FileView(QWidget):
    """Shows a project. Corrections are told once they are made, to be kept."""

    edited = Signal(str, Project)  # the id of a recording, and what it is now
    export_requested = Signal(Project)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._id = ""
        self._project = _NOTHING
        self._found: tuple[Found, ...] = ()
        self._at = -1
        self._colours = LIGHT
        self.player = FilePlayer(self)
        self.waveform = Waveform(self)
        self.model = TextModel(self)
        self.text = TextList(self.model, self)
        self.search = SearchBar(self)
        self._unsaved = QTimer(self, singleShot=True, interval=_SAVED_MS)
        self._unsaved.timeout.connect(self._tell_edited)
        self._said = QTimer(self, singleShot=True, interval=_SAID_MS)
        self._said.timeout.connect(self._show_details)
        self._make_controls()
        self._arrange()
        self._connect()

    @property
    def project(self) -> Project:
        """The recording as it is now, with all corrections."""
        return replace(self._project, document=self.model.document)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What takes the keyboard, in reading order."""
        head = (*self._edit_buttons, self.find_button, self.copy_button)
        zoom = (self.zoom_out_button, self.zoom_in_button)
        transport = (self.play_button, self.tempo_button, *zoom)
        return (*head, self.export_button, self.waveform, *transport, self.search.field, self.text)

    @property
    def _edit_buttons(self) -> tuple[QToolButton, ...]:
        return self.undo_button, self.redo_button, self.speakers_button

    def show_project(self, row_id: str, project: Project, peaks: Peaks) -> None:
        """Show another recording, from its start; its sound comes by `give_sound`."""
        self.save()
        self._id, self._project = row_id, project
        self._title.setText(project.source.name)
        self._title.setToolTip(str(project.source))
        self.player.load(None)
        self.waveform.show_peaks(peaks, project.duration_s)
        self.model.show_document(project.document)
        self._end_search()
        self._show_details()
        self._show_edits()
        self._show_place(0.0)

    def give_sound(self, sound: NDArray[np.int16]) -> None:
        """Let the recording that is shown be heard."""
        self.player.give(sound)

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours
        for part in (self.waveform, self.text, self.search):
            part.set_colours(colours)
        for button, name in self._pictures.items():
            button.setIcon(icons.icon(name, colours.text))
        self._show_playing()

    def set_font_size(self, points: int) -> None:
        """Write the text in another size."""
        font = QFont(self.font())
        font.setPointSize(points)
        self.text.set_text_font(font)

    def save(self) -> None:
        """Have corrections kept that are not yet, with what is just being written."""
        self.text.end_correcting()
        if self._unsaved.isActive():
            self._unsaved.stop()
            self._tell_edited()

    def _tell_edited(self) -> None:
        self._project = self.project
        self.edited.emit(self._id, self._project)

    def forget_changes(self) -> None:
        """The recording was transcribed again: what was corrected before gave way."""
        self._unsaved.stop()

    # Making --------------------------------------------------------------------------------

    def _make_controls(self) -> None:
        self._title, self._details = ElidedLabel("", "title"), ElidedLabel("", "secondary")
        self._time = QLabel()
        self._time.setObjectName("secondary")
        self._hint = ElidedLabel(_HINT, "secondary")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.undo_button = tool_button("Undo", "Ctrl+Z", self)
        self.redo_button = tool_button("Redo", "Ctrl+Shift+Z", self)
        self.speakers_button = tool_button("Name the speakers", "Shift+F2", self)
        self.find_button = tool_button("Find", "Ctrl+F", self)
        self.copy_button = tool_button("Copy all text", "Ctrl+Shift+C", self)
        self.export_button = push_button("&Export…", self.export)
        self.export_button.setToolTip("Export (Ctrl+E)")
        self.play_button = tool_button("Play", "Space", self)
        self.play_button.setIconSize(icon_size(26))
        self.tempo_button = TempoButton(self)
        self.zoom_out_button = tool_button("Zoom out", "-", self)
        self.zoom_in_button = tool_button("Zoom in", "+", self)
        self._pictures = {
            self.undo_button: "undo",
            self.redo_button: "redo",
            self.speakers_button: "speakers",
            self.find_button: "search",
            self.copy_button: "copy",
            self.zoom_out_button: "zoom_out",
            self.zoom_in_button: "zoom_in",
        }

    def _arrange(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._title)
        names.addWidget(self._details)
        head = QHBoxLayout()
        head.setContentsMargins(20, 14, 20, 8)
        head.setSpacing(4)
        head.addLayout(names, 1)
        for button in (*self._edit_buttons, self.find_button, self.copy_button):
            head.addWidget(button)
        head.addSpacing(6)
        head.addWidget(self.export_button)
        wave = QHBoxLayout()
        wave.setContentsMargins(20, 0, 20, 0)
        wave.addWidget(self.waveform)
        transport = QHBoxLayout()
        transport.setContentsMargins(16, 4, 16, 8)
        transport.setSpacing(8)
        transport.addWidget(self.play_button)
        transport.addWidget(self._time)
        transport.addWidget(self.tempo_button)
        transport.addWidget(self._hint, 1)
        transport.addWidget(self.zoom_out_button)
        transport.addWidget(self.zoom_in_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (head, wave, transport):
            layout.addLayout(part)
        layout.addWidget(self.search)
        layout.addWidget(self.text, 1)

    def _connect(self) -> None:
        self.player.moved.connect(self._show_place)
        self.player.playing_changed.connect(lambda _: self._show_playing())
        self.waveform.seek_requested.connect(self.player.seek)
        self.waveform.seek_requested.connect(lambda _: self.text.follow())
        self.waveform.zoomed.connect(self._show_zoom)
        self.text.word_chosen.connect(self.player.play)
        self.text.correcting.connect(self.player.stop)
        self.model.corrected.connect(self._take_correction)
        self.undo_button.clicked.connect(self.model.undo)
        self.redo_button.clicked.connect(self.model.redo)
        self.speakers_button.clicked.connect(self.name_speakers)
        self.text.name_chosen.connect(self.name_speakers)
        self.find_button.clicked.connect(self.search.open)
        self.copy_button.clicked.connect(self.copy)
        self.play_button.clicked.connect(self.play_or_pause)
        self.tempo_button.chosen.connect(self.player.set_tempo)
        self.zoom_out_button.clicked.connect(self.waveform.zoom_out)
        self.zoom_in_button.clicked.connect(self.waveform.zoom_in)
        self.search.wanted.connect(self._search)
        self.search.next_requested.connect(lambda: self.go_on_searching(1))
        self.search.previous_requested.connect(lambda: self.go_on_searching(-1))
        self.search.closed.connect(self.close_search)

    # Doing ---------------------------------------------------------------------------------

    def play_or_pause(self) -> None:
        """Play on from where it is, or pause."""
        self.text.follow()
        self.player.toggle()

    def copy(self) -> None:
        """Put all of the text on the clipboard, a line a line."""
        document = self.model.document
        lines = map(document.spoken, range(len(document.lines)))
        QGuiApplication.clipboard().setText("\n".join(lines))
        self._hint.setText(_COPIED)
        self._said.start()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._hint, _COPIED))

    def name_speakers(self) -> None:
        """Ask what the speakers are called, first who says the line of the cursor."""
        if self.model.document.speakers:
            self.text.end_correcting()
            dialog = SpeakersDialog(self.model.document, self.text.speaker, self)
            dialog.named.connect(self.model.name)
            dialog.open()

    def go_to_doubt(self, step: int) -> None:
        """Go to the next word that is likely to be wrong, or with -1 to the one before."""
        place = next_doubt(self.model.document, self.text.marks.cursor, step)
        if place is not None:
            self.text.go_to(place)
            self.text.setFocus()

    def export(self) -> None:
        """Ask where the text is to be exported to."""
        self.save()
        self.export_requested.emit(self.project)

    def go_on_searching(self, step: int) -> None:
        """Go to the next place that was found, or the one before; around the ends."""
        if self._found:
            self._show_found((self._at + step) % len(self._found))

    def close_search(self) -> None:
        """Search no more, and go on in the text."""
        self._end_search()
        self.text.setFocus()

    def _end_search(self) -> None:
        self.search.hide()
        self._found, self._at = (), -1
        self.text.show_found((), None)

    def _search(self, words: str) -> None:
        self._found = find(self.model.document, words)
        line = max(0, self.text.marks.cursor[0])
        after = (at for at, found in enumerate(self._found) if found.line >= line)
        self._show_found(next(after, 0) if self._found else -1)

    def _show_found(self, at: int) -> None:
        self._at = at
        self.text.show_found(self._found, self._found[at] if at >= 0 else None)
        self.search.show_count(at, len(self._found))

    def _take_correction(self) -> None:
        self._unsaved.start()
        self._show_edits()
        self._show_details()
        if self.search.isVisible():  # words may have moved
            self._found = find(self.model.document, self.search.field.text())
            self._at = min(self._at, len(self._found) - 1)
            self.text.marks.set_found(self._found)
            self.search.show_count(self._at, len(self._found))

    # Showing -------------------------------------------------------------------------------

    def _show_details(self) -> None:
        project = self._project
        n_words = self.model.document.n_words
        parts = (
            length_words(project.duration_s),
            language_name(project.language).title() if project.language else "",
            project.model,
            "1 word" if n_words == 1 else f"{n_words:,} words",
            project.wanted.sound_words,
        )
        self._details.setText("  ·  ".join(part for part in parts if part))
        hint = _HINT_OF_NAMES if self.model.document.speakers else _HINT
        self._hint.setText(hint if n_words else _NOTHING_SAID)

    def _show_edits(self) -> None:
        self.speakers_button.setVisible(bool(self.model.document.speakers))
        self.undo_button.setEnabled(self.model.can_undo)
        self.redo_button.setEnabled(self.model.can_redo)

    def _show_place(self, place_s: float) -> None:
        is_playing = self.player.is_playing
        self.waveform.show_place(place_s, follows=is_playing)
        self.text.show_place(place_s, is_playing=is_playing)
        words = f"{clock(place_s)} / {length_words(self._project.duration_s)}"
        if words != self._time.text():
            self._time.setText(words)

    def _show_playing(self) -> None:
        is_playing = self.player.is_playing
        name = "Pause" if is_playing else "Play"
        self.play_button.setIcon(
            icons.icon("pause" if is_playing else "resume", self._colours.accent)
        )
        name_button(self.play_button, name, "Space")

    def _show_zoom(self, closer: bool, further: bool) -> None:
        self.zoom_in_button.setEnabled(closer)
        self.zoom_out_button.setEnabled(further)
