"""What the machine plays as a source: the monitor of the Pulse server's default sink."""

from sotto.audio.input.capture import CaptureSource
from sotto.audio.input.devices import find_monitor
from sotto.clock import Clock


def system_audio_source(clock: Clock | None = None) -> CaptureSource:
    """Return a source that listens to what the speakers play; `clock` is for the watchdog."""
    return CaptureSource(find_monitor, clock)
