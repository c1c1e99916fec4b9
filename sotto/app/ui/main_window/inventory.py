"""Which microphones and models there are, fetched without keeping the window waiting."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.core.spoken_languages import ALL_SPOKEN_NAMES, Spoken
from sotto.app.dictating.engine import Engine, Microphone, Model
from sotto.app.service.background import Background
from sotto.app.service.qt_settings import follow
from sotto.app.ui.main_window import notices
from sotto.app.ui.main_window.header import Header
from sotto.app.ui.widgets.banner import BannerArea, Kind, Notice
from sotto.app.ui.widgets.picker import Choice
from sotto.errors import SottoError


class Inventory(QObject):
    """Fills the pickers and says what is missing. Microphones and models are fetched apart."""

    answered = Signal()  # microphones or models are known now, or that there are none
    microphones_known = Signal(bool)  # whether there is any
    microphones_found = Signal(tuple)  # tuple[Microphone, ...]
    models_found = Signal(tuple)  # tuple[Model, ...]

    def __init__(
        self,
        engine: Engine,
        settings: SettingsStore,
        header: Header,
        banners: BannerArea,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._settings = settings
        self._header = header
        self._banners = banners
        self._devices = Background("sotto-devices", self)
        self._folders = Background("sotto-models", self)
        self._models: tuple[Model, ...] = ()
        header.microphone.fill([Choice("", "Default microphone")], "")
        model = settings.current.model
        header.model.fill([Choice(model, model or "Automatic")], model)
        follow(settings, ("microphone", "model"), self._choose, self)
        follow(settings, ("model", *ALL_SPOKEN_NAMES), lambda _: self._judge_model(), self)

    @property
    def model(self) -> str:
        """The chosen model; empty for the one that Sotto chooses."""
        is_known = self._header.model.count() > 0
        return self._header.model.value if is_known else self._settings.current.model

    def look(self, play_clip: Callable[[], None]) -> None:
        """Fetch both lists anew; without a microphone, offer `play_clip`."""
        self._devices.run(
            self._engine.microphones,
            lambda found: self._show_microphones(found, play_clip),
            lambda error: self._fail_microphones(error, play_clip),
        )
        self._folders.run(
            self._engine.models, self._show_models, lambda error: self._fail("model", error)
        )

    def _show_microphones(
        self, found: tuple[Microphone, ...], play_clip: Callable[[], None]
    ) -> None:
        wanted = self._settings.current.microphone
        choices = [Choice(microphone.name, microphone.label) for microphone in found]
        self._header.microphone.fill(choices or [Choice("", "No microphone")], wanted)
        self._notify("microphone", notices.about_microphones(found, wanted, play_clip))
        self.microphones_found.emit(found)
        self.microphones_known.emit(bool(found))
        self.answered.emit()

    def _fail_microphones(self, error: SottoError, play_clip: Callable[[], None]) -> None:
        self._fail("microphone", error, "&Play the clip", play_clip)
        self.microphones_known.emit(False)

    def _show_models(self, found: tuple[Model, ...]) -> None:
        self._models = found
        wanted = self._settings.current.model
        choices = [Choice(model.name, model.shown, model.details) for model in found]
        if wanted and wanted not in {model.name for model in found} and found:
            # A folder or a hub id that the user named is as good as a model that is listed.
            choices.insert(0, Choice(wanted, wanted.rstrip("/").rpartition("/")[2]))
        self._header.model.fill(choices or [Choice("", "No model")], wanted)
        self._say_about_model()
        self.models_found.emit(found)
        self.answered.emit()

    def _choose(self, settings: Settings) -> None:
        """Show what was chosen elsewhere."""
        self._header.microphone.choose(settings.microphone)
        self._header.model.choose(settings.model)

    def _judge_model(self) -> None:
        if self._models:
            self._say_about_model()

    def _say_about_model(self) -> None:
        """Say what the chosen model cannot do of what is asked for."""
        spoken = Spoken.of_all(self._settings.current)
        notice = notices.about_model(self._models, self.model, spoken)
        self._notify("model", notice)

    def _fail(
        self,
        topic: str,
        error: SottoError,
        action: str = "",
        act: Callable[[], None] | None = None,
    ) -> None:
        self._notify(topic, Notice(Kind.ERROR, str(error), action, act))
        self.answered.emit()

    def _notify(self, topic: str, notice: Notice | None) -> None:
        if notice is None:
            self._banners.dismiss(topic)
        else:
            self._banners.show_notice(topic, notice)
