"""Which microphones and models there are, fetched without keeping anybody waiting."""

from PySide6.QtCore import QObject, Signal

from sotto.app.core.settings import SettingsStore
from sotto.app.dictating.engine import Engine, Microphone, Model
from sotto.app.service.background import Background
from sotto.errors import SottoError


class Inventory(QObject):
    """Says what there is and what of it is chosen. Lives on Qt's thread.

    Microphones and models are fetched apart.

    Args:
        engine: knows both.
        settings: what the user chose.
        parent: owns it.
    """

    answered = Signal()  # microphones or models are known now, or that there are none
    microphones_known = Signal(bool)  # whether there is any
    microphones_found = Signal(tuple)  # tuple[Microphone, ...]
    models_found = Signal(tuple)  # tuple[Model, ...]
    microphones_failed = Signal(str)
    models_failed = Signal(str)

    def __init__(
        self, engine: Engine, settings: SettingsStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._settings = settings
        self._devices = Background("sotto-devices", self)
        self._folders = Background("sotto-models", self)
        self._microphones: tuple[Microphone, ...] = ()
        self.models: tuple[Model, ...] | None = None  # None while nobody knows

    @property
    def microphone(self) -> str:
        """The chosen microphone, or the first where it is away; empty for the system's."""
        names = [each.name for each in self._microphones]
        wanted = self._settings.current.microphone
        return wanted if wanted in names else next(iter(names), "")

    @property
    def model(self) -> str:
        """The chosen model; empty for the one that Sotto chooses."""
        wanted = self._settings.current.model
        # A folder or a hub id that the user named is as good as a model that is listed.
        if self.models is None or (wanted and self.models):
            return wanted
        names = [each.name for each in self.models]
        return "" if "" in names else next(iter(names), "")

    @property
    def chosen(self) -> tuple[str, str]:
        """The microphone and the model that are chosen now."""
        return self.microphone, self.model

    def look(self) -> None:
        """Fetch both lists anew."""
        self._devices.run(self._engine.microphones, self._take_microphones, self._lack_microphones)
        self._folders.run(self._engine.models, self._take_models, self._lack_models)

    def _take_microphones(self, found: tuple[Microphone, ...]) -> None:
        self._microphones = found
        self.microphones_found.emit(found)
        self.microphones_known.emit(bool(found))
        self.answered.emit()

    def _lack_microphones(self, error: SottoError) -> None:
        self.microphones_failed.emit(str(error))
        self.answered.emit()
        self.microphones_known.emit(False)

    def _take_models(self, found: tuple[Model, ...]) -> None:
        self.models = found
        self.models_found.emit(found)
        self.answered.emit()

    def _lack_models(self, error: SottoError) -> None:
        self.models_failed.emit(str(error))
        self.answered.emit()
