"""How recordings are to be transcribed, where not as the settings say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from sotto.app.core.projects.queued import Queued, State
from sotto.app.core.projects.wanted import AS_USUAL, Sides, Wanted
from sotto.app.dictating.engine import Model
from sotto.app.service.recordings.track_finder import Found
from sotto.app.ui.fields.fields import width_of
from sotto.app.ui.files.common_tracks import common_tracks
from sotto.app.ui.widgets.buttons import cancel_or
from sotto.app.ui.widgets.labels import ElidedLabel, wrapped_label
from sotto.app.ui.widgets.theme.sizes import on_screen
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
_GIVEN_UP = "It begins anew: what is done of it up to now is given up."
_LOST = "The new text takes the place of this one, with all that was corrected in it."


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about.

    Attributes:
        sources: The recordings.
        before: What was wanted of them until now.
        has_text: Whether there is a text that may stay or go.
        gives_up: Whether one is being transcribed, which begins anew.
    """

    sources: tuple[Path, ...]
    before: Wanted = AS_USUAL
    has_text: bool = False
    gives_up: bool = False

    @classmethod
    def of(cls, row: Queued) -> Self:
        """Ask about a recording of the queue."""
        is_done, is_at_work = row.state is State.DONE, row.state is State.WORKING
        return cls((row.source,), row.wanted, has_text=is_done, gives_up=is_at_work)

    @property
    def title(self) -> str:
        """What is to be done."""
        return "Transcribe again" if self.has_text else "Transcribe with other settings"

    @property
    def heading(self) -> str:
        """With what."""
        n = len(self.sources)
        return self.sources[0].name if n == 1 else f"{n:,} recordings"


class WantedDialog(QDialog):
    """Asks for a model, a language, a track and channels; `chosen` tells.

    Args:
        asked: Which recordings, and what was wanted of them before.
        models: That are on this machine.
        parent: Above which it stands.
    """

    chosen = Signal(Wanted, bool)  # and whether the text that is there stays

    def __init__(self, asked: Asked, models: Sequence[Model], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(asked.title)
        self.setAccessibleName(asked.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(on_screen(width_of(_WIDTH)))
        self._asked = asked
        self.model, self.language = _combo("Model"), _combo("Language")
        self.track, self.channels = _combo("Sound track"), _combo("Channels")
        self.keeps = QCheckBox("&Keep the text that is there")
        self.keeps.setAccessibleName("Keep the text that is there")
        self.keeps.setChecked(True)
        self._consequence = wrapped_label(_GIVEN_UP if asked.gives_up else _KEPT, "secondary")
        self._form = QFormLayout()
        self._unknown = set(asked.sources)
        self._found: list[tuple[Track, ...]] = []
        self._tracks: tuple[Track, ...] = ()  # none while nobody knows
        self._fill(asked.before, models)
        self._arrange()
        for combo in (self.track, self.channels):
            self._form.setRowVisible(combo, False)
        self.keeps.toggled.connect(
            lambda keeps: self._consequence.setText(_KEPT if keeps else _LOST)
        )
        self.track.currentIndexChanged.connect(lambda _: self._offer_channels())

    def offer_tracks(self, found: Found) -> None:
        """Offer tracks and channels, where there is a choice, once all recordings are known."""
        if found.source not in self._unknown:
            return
        self._unknown.remove(found.source)
        self._found.append(found.tracks)
        if not self._unknown:
            self._tracks = common_tracks(self._found)
            self._offer()

    def _offer(self) -> None:
        is_one = len(self._asked.sources) == 1
        if not is_one:
            self.track.addItem("The one that each file plays first")
        for number, track in enumerate(self._tracks, start=1):
            is_usual = is_one and track.is_default
            self.track.addItem(_words(number, track), None if is_usual else number)
        wanted = self._asked.before.track
        at = self.track.findData(wanted) if wanted else self._usual
        self.track.setCurrentIndex(max(0, at))
        self._form.setRowVisible(self.track, len(self._tracks) > 1)
        self._offer_channels()

    @property
    def _usual(self) -> int:
        """Where the track stands that is heard where none is asked for."""
        all_data = map(self.track.itemData, range(self.track.count()))
        return next((at for at, data in enumerate(all_data) if data is None), 0)

    @property
    def consequence(self) -> str:
        """What becomes of the text that is there, in words."""
        return self._consequence.text()

    @property
    def wanted(self) -> Wanted:
        """What is chosen; tracks and channels as before where nobody knows them."""
        spoken = replace(
            self._asked.before,
            model=self.model.currentData(),
            language=self.language.currentData(),
        )
        if not self._tracks:
            return spoken
        channels: Sides = self.channels.currentData() if self._is_stereo else "mix"
        return replace(spoken, track=self.track.currentData(), channels=channels)

    @property
    def _is_stereo(self) -> bool:
        """Whether what is chosen has a left and a right side."""
        if not self._tracks:
            return False
        number = self.track.currentData()
        chosen = self._tracks if number is None else self._tracks[number - 1 : number]
        if len(self._asked.sources) == 1 and number is None:
            chosen = self._tracks[self._usual : self._usual + 1]
        return all(track.n_channels > 1 for track in chosen)

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

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(14)
        layout.addWidget(ElidedLabel(self._asked.heading, "title"))
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
        self.keeps.setVisible(self._asked.has_text)
        self._consequence.setVisible(self._asked.has_text or self._asked.gives_up)
        layout.addWidget(self.keeps)
        layout.addWidget(self._consequence)
        layout.addWidget(cancel_or("&Transcribe", self._accept, self))

    def _offer_channels(self) -> None:
        self._form.setRowVisible(self.channels, self._is_stereo)

    def _accept(self) -> None:
        self.chosen.emit(self.wanted, self._asked.has_text and self.keeps.isChecked())
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
