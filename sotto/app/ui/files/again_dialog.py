"""How a recording is to be transcribed once more."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from sotto.app.core.projects.queued import Queued, State
from sotto.app.core.projects.wanted import Wanted
from sotto.app.dictating.engine import Model
from sotto.app.ui.fields.fields import width_of
from sotto.app.ui.files.track_finder import Found
from sotto.app.ui.widgets.labels import ElidedLabel, wrapped_label
from sotto.audio.files.selection import Track
from sotto.inference.languages import AUTO, LANGUAGES

_CHANNELS = (
    ("mix", "All, mixed"),
    ("left", "Left only"),
    ("right", "Right only"),
    ("separate", "Left and right, a speaker each"),
)
_WIDTH = 68  # characters, among which every choice can be read
_KEPT = "The new text comes into a row of its own."
_LOST = "The new text takes the place of this one, with all that was corrected in it."


class AgainDialog(QDialog):
    """Asks for a model, a language, a track and channels; `chosen` tells.

    Args:
        row: The recording, with what was wanted of it before.
        models: That are on this machine.
        parent: Above which it stands.
    """

    chosen = Signal(Wanted, bool)  # and whether the text that is there stays

    def __init__(self, row: Queued, models: Sequence[Model], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Transcribe again")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(width_of(_WIDTH))
        self._has_text = row.state is State.DONE
        self.model, self.language = _combo("Model"), _combo("Language")
        self.track, self.channels = _combo("Sound track"), _combo("Channels")
        self.keeps = QCheckBox("&Keep the text that is there")
        self.keeps.setAccessibleName("Keep the text that is there")
        self.keeps.setChecked(True)
        self._consequence = wrapped_label(_KEPT, "secondary")
        self._source, self._before = row.source, row.wanted
        self._form = QFormLayout()
        self._tracks: tuple[Track, ...] = ()  # none while nobody knows
        self._fill(row.wanted, models)
        self._arrange(row)
        for combo in (self.track, self.channels):
            self._form.setRowVisible(combo, False)
        self.keeps.toggled.connect(
            lambda keeps: self._consequence.setText(_KEPT if keeps else _LOST)
        )
        self.track.currentIndexChanged.connect(lambda _: self._offer_channels())

    def offer_tracks(self, found: Found) -> None:
        """Offer the sound tracks of the recording, and their channels, where there is a choice."""
        if found.source != self._source or self._tracks:
            return
        self._tracks = tracks = found.tracks
        for number, track in enumerate(tracks, start=1):
            self.track.addItem(_words(number, track), number)
        default = next((at for at, each in enumerate(tracks, start=1) if each.is_default), 1)
        self.track.setCurrentIndex(max(0, self.track.findData(self._before.track or default)))
        self._form.setRowVisible(self.track, len(tracks) > 1)
        self._offer_channels()

    @property
    def consequence(self) -> str:
        """What becomes of the text that is there, in words."""
        return self._consequence.text()

    @property
    def wanted(self) -> Wanted:
        """What is chosen; tracks and channels as before where nobody knows them."""
        spoken = replace(
            self._before, model=self.model.currentData(), language=self.language.currentData()
        )
        if not self._tracks:
            return spoken
        at = self.track.currentIndex()
        track = None if self._tracks[at].is_default else at + 1
        is_stereo = self._tracks[at].n_channels > 1
        return replace(
            spoken, track=track, channels=self.channels.currentData() if is_stereo else "mix"
        )

    def _fill(self, wanted: Wanted, models: Sequence[Model]) -> None:
        self.model.addItem("As in the settings", "")
        for model in models:
            if model.name:
                self.model.addItem(model.shown, model.name)
        self.language.addItem("As in the settings", "")
        self.language.addItem("Detect", AUTO)
        for code, name in sorted(LANGUAGES.items(), key=lambda pair: pair[1]):
            self.language.addItem(name.title(), code)
        for value, words in _CHANNELS:
            self.channels.addItem(words, value)
        for combo, value in (
            (self.model, wanted.model),
            (self.language, wanted.language),
            (self.channels, wanted.channels),
        ):
            combo.setCurrentIndex(max(0, combo.findData(value)))

    def _arrange(self, row: Queued) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(14)
        layout.addWidget(ElidedLabel(row.source.name, "title"))
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        align = Qt.AlignmentFlag
        self._form.setLabelAlignment(align.AlignLeft | align.AlignVCenter)
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(8)
        self._form.addRow("&Model", self.model)
        self._form.addRow("&Language", self.language)
        self._form.addRow("&Sound track", self.track)
        self._form.addRow("&Channels", self.channels)
        layout.addLayout(self._form)
        for part in (self.keeps, self._consequence):
            part.setVisible(self._has_text)
            layout.addWidget(part)
        layout.addWidget(self._buttons())

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setIcon(QIcon())  # Fusion's is grey
        accept = buttons.addButton("&Transcribe", QDialogButtonBox.ButtonRole.AcceptRole)
        accept.setDefault(True)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def _offer_channels(self) -> None:
        at = self.track.currentIndex()
        is_stereo = 0 <= at < len(self._tracks) and self._tracks[at].n_channels > 1
        self._form.setRowVisible(self.channels, is_stereo)

    def _accept(self) -> None:
        self.chosen.emit(self.wanted, self._has_text and self.keeps.isChecked())
        self.accept()


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return combo


def _words(number: int, track: Track) -> str:
    """Return what a track is called: `1: German, Commentary`."""
    names = ", ".join(filter(None, (_language(track.language), track.title)))
    return f"{number}: {names}" if names else f"{number}"


def _language(code: str) -> str:
    """Return the name of a language by a code of ISO 639, of which files have every kind."""
    language = QLocale.codeToLanguage(code, QLocale.LanguageCodeType.AnyLanguageCode)
    is_known = language is not QLocale.Language.AnyLanguage
    return QLocale.languageToString(language) if is_known else code.replace("und", "")
