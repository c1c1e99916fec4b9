"""What there is to choose from, in the window's pickers, and what is missing, in its banners."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.core.spoken_languages import ALL_SPOKEN_NAMES, Spoken
from sotto.app.dictating.engine import Microphone, Model
from sotto.app.service.inventory import Inventory
from sotto.app.service.qt_settings import follow
from sotto.app.ui.main_window import notices
from sotto.app.ui.main_window.header import Header
from sotto.app.ui.widgets.banner import BannerArea, Kind, Notice
from sotto.app.ui.widgets.picker import Choice


class Pickers(QObject):
    """Fills the pickers and says what is missing.

    Args:
        inventory: what there is.
        settings: what is chosen.
        header: has the pickers; it owns this.
        banners: say what is missing.
        play_clip: offered where there is no microphone.
    """

    def __init__(
        self,
        inventory: Inventory,
        settings: SettingsStore,
        header: Header,
        banners: BannerArea,
        play_clip: Callable[[], None],
    ) -> None:
        super().__init__(header)
        self._inventory = inventory
        self._settings = settings
        self._header = header
        self._banners = banners
        self._play_clip = play_clip
        header.microphone.fill([Choice("", "Default microphone")], "")
        model = settings.current.model
        header.model.fill([Choice(model, model or "Automatic")], model)
        inventory.microphones_found.connect(self._show_microphones)
        inventory.microphones_failed.connect(self._lack_microphones)
        inventory.models_found.connect(self._show_models)
        inventory.models_failed.connect(
            lambda message: self._notify("model", Notice(Kind.ERROR, message))
        )
        follow(settings, ("microphone", "model"), self._choose, self)
        follow(settings, ("model", *ALL_SPOKEN_NAMES), lambda _: self._judge_model(), self)

    def _show_microphones(self, found: tuple[Microphone, ...]) -> None:
        wanted = self._settings.current.microphone
        choices = [Choice(microphone.name, microphone.label) for microphone in found]
        self._header.microphone.fill(choices or [Choice("", "No microphone")], wanted)
        self._notify("microphone", notices.about_microphones(found, wanted, self._play_clip))

    def _lack_microphones(self, message: str) -> None:
        self._notify("microphone", Notice(Kind.ERROR, message, "&Play the clip", self._play_clip))

    def _show_models(self, found: tuple[Model, ...]) -> None:
        wanted = self._settings.current.model
        choices = [Choice(model.name, model.shown, model.details) for model in found]
        if wanted and wanted not in {model.name for model in found} and found:
            choices.insert(0, Choice(wanted, wanted.rstrip("/").rpartition("/")[2]))
        self._header.model.fill(choices or [Choice("", "No model")], wanted)
        self._say_about_model(found)

    def _choose(self, settings: Settings) -> None:
        """Show what was chosen elsewhere."""
        self._header.microphone.choose(settings.microphone)
        self._header.model.choose(settings.model)

    def _judge_model(self) -> None:
        if self._inventory.models:
            self._say_about_model(self._inventory.models)

    def _say_about_model(self, models: tuple[Model, ...]) -> None:
        """Say what the chosen model cannot do of what is asked for."""
        spoken = Spoken.of_all(self._settings.current)
        self._notify("model", notices.about_model(models, self._inventory.model, spoken))

    def _notify(self, topic: str, notice: Notice | None) -> None:
        if notice is None:
            self._banners.dismiss(topic)
        else:
            self._banners.show_notice(topic, notice)
