"""Microphone and model are ready when the key is pressed, and the model goes when nobody does."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.core.spoken_languages import ALL_SPOKEN_NAMES, model_language
from sotto.app.dictating.engine import Engine
from sotto.app.dictating.phases import Phase
from sotto.app.service.background import Background
from sotto.app.service.dictation import Dictation
from sotto.app.service.qt_settings import follow

# The window is there before anything heavy is imported beside it.
_AFTER_START_MS = 300
# What decides which model is loaded and how, and what is to be ready at all.
_NAMES = {
    *("model", "models_folder", "compute_type", *ALL_SPOKEN_NAMES),
    *("hotkey", "microphone", "standby", "unload_after_min"),
}


class Readiness(QObject):
    """Opens the microphone, loads the model and lets it go. Lives on Qt's thread.

    Args:
        engine: keeps both.
        dictation: whose end begins the wait.
        settings: what is to be ready, and for how long.
        choose: returns the microphone and the model that are chosen now.
    """

    def __init__(
        self,
        engine: Engine,
        dictation: Dictation,
        settings: SettingsStore,
        choose: Callable[[], tuple[str, str]],
    ) -> None:
        super().__init__(dictation)
        self._engine = engine
        self._dictation = dictation
        self._choose = choose
        self._settings = settings
        self._is_over = False
        self._stands_by_for: str | None = None
        # Of the model that was loaded last without being asked for.
        self._warm: tuple[object, ...] = ()
        # Two, for a microphone is closed at once, whatever is being compiled.
        self._devices = Background("sotto-standby", self)
        self._models = Background("sotto-warm-up", self)
        self._soon = QTimer(self, singleShot=True, interval=_AFTER_START_MS)
        self._soon.timeout.connect(self._make_ready)
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(lambda: self._models.run(engine.let_go, _ignore, _ignore))
        dictation.phase_changed.connect(self._follow)

    def start(self) -> None:
        """Be as ready as the settings say, soon and whenever they change."""
        follow(self._settings, _NAMES, lambda _: self._soon.start(), self)
        self._soon.start()

    def close(self) -> None:
        """Make nothing ready any more, and close the microphone."""
        self._is_over = True
        self._rest.stop()
        self._devices.run(lambda: self._engine.stand_by(None), _ignore, _ignore)

    def _make_ready(self) -> None:
        if self._is_over:
            return
        settings, (microphone, model) = self._settings.current, self._choose()
        has_key = bool(settings.hotkey or settings.hotkeys)
        wanted = microphone if has_key and settings.standby else None
        if wanted != self._stands_by_for:
            self._stands_by_for = wanted
            self._devices.run(lambda: self._engine.stand_by(wanted), _ignore, _ignore)
        if has_key and self._warm != (warm := _what_is_loaded(model, settings)):
            self._warm = warm
            self._models.run(lambda: self._engine.warm_up(model), _ignore, _ignore)
        self._follow(self._dictation.phase)

    def _follow(self, phase: Phase) -> None:
        minutes = self._settings.current.unload_after_min
        if phase is Phase.IDLE and minutes:
            self._rest.start(minutes * 60_000)
        else:
            self._rest.stop()


def _ignore(_answer: object) -> None:
    """What goes wrong here is said when somebody dictates."""


def _what_is_loaded(model: str, settings: Settings) -> tuple[object, ...]:
    """Return what decides which weights are loaded for a chosen model, and how."""
    language = "" if model else model_language(settings)  # only Sotto's own choice depends on it
    return model, settings.models_folder, settings.compute_type, language
