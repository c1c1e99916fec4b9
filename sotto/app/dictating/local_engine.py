"""The window's engine on this machine: real devices, real models, real sessions.

Every method runs on a background thread and imports there what it needs: numpy, PortAudio and the
hub client take a second that the first sight of the window can spare.
"""
# ruff: noqa: PLC0415

from dataclasses import replace
from typing import TYPE_CHECKING

from sotto.app.core.models.model_cache import ModelCache
from sotto.app.core.settings import SettingsStore
from sotto.app.core.spoken_languages import Spoken, model_language
from sotto.app.dictating.engine import Microphone, Model, Session, Sink

if TYPE_CHECKING:
    from sotto.app.core.models.registry import InstalledModel
    from sotto.app.core.models.speeds import Speed
    from sotto.app.dictating.session import Feed
    from sotto.audio.input.source import Source
    from sotto.audio.input.standby import Standby


class LocalEngine:
    """See `sotto.app.dictating.engine.Engine`.

    Threads: all is called on background threads, one at a time. What the settings are then is read
    once by each method. The model cache guards itself.
    """

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings
        self._model_cache = ModelCache()
        self._standby: Standby | None = None
        self._stands_by_for = ""

    def stand_by(self, microphone: str | None) -> None:
        """Keep a microphone open for the next session; None lets it go."""
        from sotto.audio.input.microphone import MicrophoneSource
        from sotto.audio.input.standby import STANDBY_BLOCK_S, Standby

        if self._standby is not None:
            self._standby.stop()
            self._standby = None
        if microphone is not None:
            self._stands_by_for = microphone
            self._standby = Standby(
                lambda: MicrophoneSource(microphone or None, block_s=STANDBY_BLOCK_S)
            )
            self._standby.start()

    def warm_up(self, model: str) -> None:
        """Load a model for the next session.

        Raises:
            ModelError: it cannot be used.
        """
        from sotto.app.core.models.loader import load_chosen

        settings = replace(self._settings.current, model=model)
        load_chosen(settings, self._model_cache.load, lambda *_: None)

    def let_go(self) -> None:
        """Hold no model in memory until the next session."""
        import gc

        self._model_cache.let_go()
        gc.collect()

    def microphones(self) -> tuple[Microphone, ...]:
        """See `Engine.microphones`."""
        from sotto.audio.input.devices import input_devices

        # Two devices of one name could not be told apart when they are opened by name.
        names = dict.fromkeys(device.name for device in input_devices() if not device.is_monitor)
        if not names:
            return ()
        return (
            Microphone("", "Default microphone"),
            *(Microphone(name, name) for name in names),
        )

    def models(self) -> tuple[Model, ...]:
        """See `Engine.models`. A multilingual model's languages are not listed: it knows most."""
        from sotto.app.core.models.choice import best, speeds_of
        from sotto.app.core.models.registry import installed

        settings = self._settings.current
        found = installed(settings.models_folder)
        speeds = speeds_of(found, settings.compute_type)
        chosen = best(found, model_language(settings), settings.compute_type)
        rows = [_row(model, speeds[model.name]) for model in found]
        automatic = replace(rows[found.index(chosen)], name="", label=f"Automatic · {chosen.name}")
        return (automatic, *rows)

    def listen(
        self, microphone: str, model: str, sink: Sink, spoken: Spoken | None = None
    ) -> Session:
        """See `Engine.listen`."""
        from sotto.app.dictating.session import Feed
        from sotto.audio.input.microphone import MicrophoneSource

        if self._standby is not None and microphone == self._stands_by_for:
            return self._session(self._standby.listen(), Feed.LIVE, model, sink, spoken)
        source = MicrophoneSource(microphone or None)
        return self._session(source, Feed.LIVE, model, sink, spoken)

    def listen_to_system(self, model: str, sink: Sink, spoken: Spoken | None = None) -> Session:
        """See `Engine.listen_to_system`."""
        from sotto.app.dictating.session import Feed
        from sotto.audio.input.system_audio import SystemAudioSource

        return self._session(SystemAudioSource(), Feed.LIVE, model, sink, spoken)

    def play_clip(self, model: str, sink: Sink) -> Session:
        """See `Engine.play_clip`."""
        from sotto.app.dictating.new_session import CLIP
        from sotto.app.dictating.session import Feed
        from sotto.audio.input.file_source import FileSource

        return self._session(FileSource(CLIP), Feed.PLAYED, model, sink)

    def _session(
        self, source: "Source", feed: "Feed", model: str, sink: Sink, spoken: Spoken | None = None
    ) -> Session:
        from sotto.app.dictating.new_session import new_session
        from sotto.app.dictating.recorder import RecordedSource

        settings, load = replace(self._settings.current, model=model), self._model_cache.load
        if settings.history and settings.history_audio:
            recorded = RecordedSource(source, sink)
            return new_session(recorded, feed, settings, recorded.post, load, spoken=spoken)
        return new_session(source, feed, settings, sink, load, spoken=spoken)


def _row(model: "InstalledModel", speed: "Speed") -> Model:
    from sotto.app.core.models.wording import details

    languages = () if model.is_multilingual else ("en",)
    return Model(model.name, languages, model.is_starter, details=details(model, speed))
