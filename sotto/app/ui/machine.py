"""The window's engine on this machine: real devices, real models, real sessions."""

from dataclasses import replace

from sotto.app.core.dictation import CLIP, new_session
from sotto.app.core.models import installed
from sotto.app.core.session import Feed
from sotto.app.core.settings import Settings
from sotto.app.ui.engine import Microphone, Model, Session, Sink
from sotto.audio.devices import input_devices
from sotto.audio.file import FileSource
from sotto.audio.microphone import MicrophoneSource


class Machine:
    """See `sotto.app.ui.engine.Engine`. Holds nothing that changes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def microphones(self) -> tuple[Microphone, ...]:
        """See `Engine.microphones`."""
        names = [device.name for device in input_devices() if not device.is_monitor]
        if not names:
            return ()
        # Two devices of one name could not be told apart when they are opened by name.
        distinct = dict.fromkeys(names)
        return (
            Microphone("", "Default microphone"),
            *(Microphone(name, name) for name in distinct),
        )

    def models(self) -> tuple[Model, ...]:
        """See `Engine.models`. A multilingual model's languages are not listed: it knows most."""
        return tuple(
            Model(model.name, () if model.is_multilingual else ("en",), model.is_demonstration)
            for model in installed()
        )

    def listen(self, microphone: str, model: str, sink: Sink) -> Session:
        """See `Engine.listen`."""
        chosen = replace(self._settings, model=model)
        return new_session(MicrophoneSource(microphone or None), Feed.LIVE, chosen, sink)

    def play_clip(self, model: str, sink: Sink) -> Session:
        """See `Engine.play_clip`."""
        chosen = replace(self._settings, model=model)
        return new_session(FileSource(CLIP), Feed.PLAYED, chosen, sink)
