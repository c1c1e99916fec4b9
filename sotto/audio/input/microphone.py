"""The microphone as a source."""

from sotto.audio.input.capture import CaptureSource
from sotto.audio.input.devices import find_device
from sotto.audio.input.portaudio import BLOCK_S
from sotto.clock import Clock


class MicrophoneSource(CaptureSource):
    """Listens to a device by its name, a part of its name or its position; None is the default.

    Args:
        wanted: which device; see `sotto.audio.input.devices.find_device`.
        clock: for the watchdog.
        block_s: see `CaptureSource`.
    """

    def __init__(
        self,
        wanted: str | int | None = None,
        clock: Clock | None = None,
        block_s: float = BLOCK_S,
    ) -> None:
        super().__init__(lambda: find_device(wanted), clock, block_s)
