"""The window's engine on this machine: real devices, real models, real sessions.

Every method runs on a background thread and imports there what it needs: numpy, PortAudio and the
hub client take a second that the first sight of the window can spare.
"""
# ruff: noqa: PLC0415

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from sotto.app.core.events import Incident
from sotto.app.core.settings import SettingsStore
from sotto.app.core.spoken_languages import Spoken, model_language
from sotto.app.dictating.engine import Microphone, Model, Session, Sink
from sotto.app.dictating.recognising import Recognisers

if TYPE_CHECKING:
    from sotto.app.core.journal.journal import Journal
    from sotto.app.core.models.registry import InstalledModel
    from sotto.app.core.models.speeds import Speed
    from sotto.app.dictating.session import Feed
    from sotto.audio.input.source import Source
    from sotto.audio.input.standby import Standby


class LocalEngine:
    """See `sotto.app.dictating.engine.Engine`.

    Threads: all is called on background threads, several at a time: while a model compiles, the
    microphone can be opened and closed. What the settings are then is read once by each method.
    `_lock` guards the standby and whom it is for, and is never held while a device is waited for
    but by those who wait for the same one. The recognisers guard themselves.
    """

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings
        self._recognisers = Recognisers()
        self._lock = threading.Lock()
        self._standby: Standby | None = None
        self._stands_by_for = ""

    def stand_by(self, microphone: str | None) -> None:
        """Keep a microphone open for the next session; None lets it go."""
        from sotto.audio.input.microphone import microphone_source
        from sotto.audio.input.standby import STANDBY_BLOCK_S, Standby

        with self._lock:
            if self._standby is not None:
                self._standby.stop()
                self._standby = None
            if microphone is not None:
                self._stands_by_for = microphone
                self._standby = Standby(
                    lambda: microphone_source(microphone or None, block_s=STANDBY_BLOCK_S)
                )
                self._standby.start()

    def warm_up(self, model: str) -> None:
        """Load a model for the next session.

        Raises:
            ModelError: it cannot be used.
        """
        self._recognisers.warm_up(replace(self._settings.current, model=model))

    def let_go(self) -> None:
        """Hold no model in memory until the next session."""
        self._recognisers.let_go()

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
        self,
        microphone: str,
        model: str,
        sink: Sink,
        spoken: Spoken | None = None,
        *,
        is_kept: bool = True,
    ) -> Session:
        """See `Engine.listen`."""
        from sotto.app.dictating.session import Feed
        from sotto.audio.input.microphone import microphone_source

        source: Source = microphone_source(microphone or None)
        with self._lock:
            if self._standby is not None and microphone == self._stands_by_for:
                source = self._standby.listen()
        return self._session(source, Feed.LIVE, model, sink, spoken, is_kept=is_kept)

    def listen_to_system(self, model: str, sink: Sink, spoken: Spoken | None = None) -> Session:
        """See `Engine.listen_to_system`."""
        from sotto.app.dictating.session import Feed
        from sotto.audio.input.system_audio import system_audio_source

        return self._session(system_audio_source(), Feed.LIVE, model, sink, spoken)

    def play_clip(self, model: str, sink: Sink) -> Session:
        """See `Engine.play_clip`."""
        from sotto.app.dictating.new_session import clip
        from sotto.app.dictating.session import Feed
        from sotto.audio.input.file_source import FileSource

        played = clip(replace(self._settings.current, model=model))
        return self._session(FileSource(played), Feed.PLAYED, model, sink)

    def _session(  # noqa: PLR0913 (the parts of a session)
        self,
        source: "Source",
        feed: "Feed",
        model: str,
        sink: Sink,
        spoken: Spoken | None = None,
        *,
        is_kept: bool = False,
    ) -> Session:
        from sotto.app.dictating.new_session import new_session

        settings = replace(self._settings.current, model=model)
        self._recognisers.start()  # while the microphone opens
        keeps_sound = settings.history and settings.history_audio
        return new_session(
            source,
            feed,
            settings,
            sink,
            self._recognisers,
            spoken=spoken,
            keeps_sound=keeps_sound,
            keeps_doubtful_sound=settings.history and is_kept,
            journal=_journal(spoken or Spoken.of(settings), sink) if is_kept else None,
        )


def _journal(spoken: Spoken, sink: Sink) -> "Journal":
    from sotto.app.core.journal.journal import Journal
    from sotto.app.core.journal.places import journals_folder
    from sotto.app.core.journal.record import Record
    from sotto.app.dictating.recovering.recovery_process import FACE

    tell = lambda line: sink(Incident(0.0, line))  # noqa: E731 (named for what it does)
    return Journal(journals_folder(), Record(FACE, spoken=spoken), tell)


def _row(model: "InstalledModel", speed: "Speed") -> Model:
    from sotto.app.core.models.wording import details

    languages = () if model.is_multilingual else ("en",)
    return Model(model.name, languages, model.is_starter, details=details(model, speed))
