"""One recording: its waveform above, its words below, and what can be done with them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sotto.app.core.projects.peaks import Peaks
from sotto.app.core.projects.project import Project
from sotto.app.core.projects.search import Found, find, next_doubt
from sotto.app.ui.files.lines.text_list import TextList
from sotto.app.ui.files.lines.text_model import TextModel
from sotto.app.ui.files.player import FilePlayer
from sotto.app.ui.files.view.file_head import FileHead
from sotto.app.ui.files.view.line_menu import show_line_menu
from sotto.app.ui.files.view.search_bar import SearchBar
from sotto.app.ui.files.view.speakers_dialog import SpeakersDialog
from sotto.app.ui.files.view.transport import Transport
from sotto.app.ui.files.view.waveform import Waveform
from sotto.app.ui.widgets.theme.colours import Colours

_SAVED_MS = 400  # after a correction: who corrects quickly is not written out each time
_HINT = "Click a word to hear it, twice to correct it; F1 lists the keys"
_HINT_OF_NAMES = (
    "Click a word to hear it, twice to correct it, a name to change it; F1 lists the keys"
)
_COPIED = "All of the text is copied"
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
        self.player = FilePlayer(self)
        self.waveform = Waveform(self)
        self.model = TextModel(self)
        self.text = TextList(self.model, self)
        self.search = SearchBar(self)
        self._unsaved = QTimer(self, singleShot=True, interval=_SAVED_MS)
        self._unsaved.timeout.connect(self._tell_edited)
        self.head, self.transport = FileHead(self), Transport(self)
        self._arrange()
        self._connect()

    @property
    def project(self) -> Project:
        """The recording as it is now, with all corrections."""
        return replace(self._project, document=self.model.document)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What takes the keyboard, in reading order."""
        parts = (*self.head.controls, self.waveform, *self.transport.controls)
        return *parts, self.search.field, self.text

    def show_project(self, row_id: str, project: Project, peaks: Peaks) -> None:
        """Show another recording, from its start; its sound comes by `give_sound`."""
        self.save()
        self._id, self._project = row_id, project
        self.player.load(None)
        self.waveform.show_peaks(peaks, project.duration_s)
        self.model.show_document(project.document)
        self._end_search()
        self._show_details()
        self.head.show_edits(self.model)
        self._show_place(0.0)

    def give_sound(self, sound: NDArray[np.int16]) -> None:
        """Let the recording that is shown be heard."""
        self.player.give(sound)

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        for part in (self.head, self.waveform, self.transport, self.text, self.search):
            part.set_colours(colours)

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

    def _arrange(self) -> None:
        wave = QHBoxLayout()
        wave.setContentsMargins(20, 0, 20, 0)
        wave.addWidget(self.waveform)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addLayout(wave)
        layout.addWidget(self.transport)
        layout.addWidget(self.search)
        layout.addWidget(self.text, 1)

    def _connect(self) -> None:
        head, transport = self.head, self.transport
        self.player.moved.connect(self._show_place)
        self.player.playing_changed.connect(
            lambda is_playing: self.transport.show_playing(is_playing=is_playing)
        )
        self.waveform.seek_requested.connect(self.player.seek)
        self.waveform.seek_requested.connect(lambda _: self.text.reading.follow())
        self.waveform.zoomed.connect(self.transport.show_zoom)
        self.text.word_chosen.connect(self.player.play)
        self.text.correcting.connect(self.player.stop)
        self.model.corrected.connect(self._take_correction)
        head.undo_button.clicked.connect(self.model.undo)
        head.redo_button.clicked.connect(self.model.redo)
        head.speakers_button.clicked.connect(self.name_speakers)
        self.text.menu_requested.connect(lambda at: show_line_menu(self, at))
        self.text.name_chosen.connect(self.name_speakers)
        head.find_button.clicked.connect(self.search.open)
        head.copy_button.clicked.connect(self.copy)
        head.export_button.clicked.connect(self.export)
        transport.play_button.clicked.connect(self.play_or_pause)
        transport.tempo_button.chosen.connect(self.player.set_tempo)
        transport.zoom_out_button.clicked.connect(self.waveform.zoom_out)
        transport.zoom_in_button.clicked.connect(self.waveform.zoom_in)
        self.search.wanted.connect(self._search)
        self.search.next_requested.connect(lambda: self.go_on_searching(1))
        self.search.previous_requested.connect(lambda: self.go_on_searching(-1))
        self.search.closed.connect(self.close_search)

    # Doing ---------------------------------------------------------------------------------

    def play_or_pause(self) -> None:
        """Play on from where it is, or pause."""
        self.text.reading.follow()
        self.player.toggle()

    def copy(self) -> None:
        """Put all of the text on the clipboard, a line a line."""
        document = self.model.document
        lines = map(document.spoken, range(len(document.lines)))
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.transport.say(_COPIED)

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
        self.head.show_edits(self.model)
        self._show_details()
        if self.search.isVisible():  # words may have moved
            self._found = find(self.model.document, self.search.field.text())
            self._at = min(self._at, len(self._found) - 1)
            self.text.marks.set_found(self._found)
            self.search.show_count(self._at, len(self._found))

    # Showing -------------------------------------------------------------------------------

    def _show_details(self) -> None:
        self.head.show_project(self.project)
        document = self.model.document
        hint = _HINT_OF_NAMES if document.speakers else _HINT
        self.transport.show_hint(hint if document.n_words else _NOTHING_SAID)

    def _show_place(self, place_s: float) -> None:
        is_playing = self.player.is_playing
        self.waveform.show_place(place_s, follows=is_playing)
        self.text.reading.show_place(place_s, is_playing=is_playing)
        self.transport.show_place(place_s, self._project.duration_s)
