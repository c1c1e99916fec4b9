"""What the machine plays as a source: the monitor of the Pulse server's default sink."""

from sotto.audio.input.capture import CaptureSource
from sotto.audio.input.devices import find_monitor
from sotto.clock import Clock


class SystemAudioSource(CaptureSource):
    """Listens to what the speakers play.

    Args:
        clock: for the watchdog.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(find_monitor, clock)
