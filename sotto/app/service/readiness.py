"""Microphone and model are ready when the key is pressed, and the model goes when nobody does."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from sotto.app.core.settings import Settings
from sotto.app.dictating.engine import Engine
from sotto.app.dictating.phases import Phase
from sotto.app.service.background import Background
from sotto.app.service.dictation import Dictation

# The window is there before anything heavy is imported beside it.
_AFTER_START_MS = 300


class Readiness(QObject):
    """Opens the microphone, loads the model and lets it go. Lives on Qt's thread.

    Args:
        engine: keeps both.
        dictation: whose end begins the wait.
        choose: returns the microphone and the model that are chosen now.
    """

    def __init__(
        self, engine: Engine, dictation: Dictation, choose: Callable[[], tuple[str, str]]
    ) -> None:
        super().__init__(dictation)
        self._engine = engine
        self._dictation = dictation
        self._choose = choose
        self._settings = Settings()
        self._stands_by_for: str | None = None
        self._warm = ""  # the model that was loaded last without being asked for
        # Two, for a microphone is closed at once, whatever is being compiled.
        self._devices = Background("sotto-standby", self)
        self._models = Background("sotto-warm-up", self)
        self._start = QTimer(self, singleShot=True, interval=_AFTER_START_MS)
        self._start.timeout.connect(self._make_ready)
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(lambda: self._models.run(engine.let_go, _ignore, _ignore))
        dictation.phase_changed.connect(self._follow)

    def use(self, settings: Settings) -> None:
        """Be as ready as these settings say."""
        self._settings = settings
        self._start.start()

    def close(self) -> None:
        """Make nothing ready any more, and close the microphone."""
        self._start.stop()
        self._rest.stop()
        self._devices.run(lambda: self._engine.stand_by(None), _ignore, _ignore)

    def _make_ready(self) -> None:
        microphone, model = self._choose()
        has_key = bool(self._settings.hotkey or self._settings.hotkeys)
        wanted = microphone if has_key and self._settings.standby else None
        if wanted != self._stands_by_for:
            self._stands_by_for = wanted
            self._devices.run(lambda: self._engine.stand_by(wanted), _ignore, _ignore)
        if has_key and model != self._warm:
            self._warm = model
            self._models.run(lambda: self._engine.warm_up(model), _ignore, _ignore)
        self._follow(self._dictation.phase)

    def _follow(self, phase: Phase) -> None:
        minutes = self._settings.unload_after_min
        if phase is Phase.IDLE and minutes:
            self._rest.start(minutes * 60_000)
        else:
            self._rest.stop()


def _ignore(_answer: object) -> None:
    """What goes wrong here is said when somebody dictates."""
