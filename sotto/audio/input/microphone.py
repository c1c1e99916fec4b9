"""The microphone as a source."""

from sotto.audio.input.capture import CaptureSource
from sotto.audio.input.devices import find_device
from sotto.audio.input.portaudio import BLOCK_S
from sotto.clock import Clock


def microphone_source(
    wanted: str | int | None = None, clock: Clock | None = None, block_s: float = BLOCK_S
) -> CaptureSource:
    """Return a source that listens to a device; nothing is opened yet.

    Args:
        wanted: a device by its name, a part of its name or its position; None is the default. See
            `sotto.audio.input.devices.find_device`.
        clock: for the watchdog.
        block_s: see `CaptureSource`.
    """
    return CaptureSource(lambda: find_device(wanted), clock, block_s)
