"""The microphone as a source."""

from sotto.audio.input.capture import CaptureSource
from sotto.audio.input.devices import InputDevice, find_device
from sotto.audio.input.portaudio import BLOCK_S
from sotto.audio.input.server_watch import ServerState
from sotto.clock import Clock


def microphone_source(
    wanted: str | int | None = None, clock: Clock | None = None, block_s: float = BLOCK_S
) -> CaptureSource:
    """Return a source that listens to a device; nothing is opened yet.

    Args:
        wanted: a device by its name, a part of its name or its position; None is the default, which
            is followed where that changes. See `sotto.audio.input.devices.find_device`.
        clock: see `CaptureSource`.
        block_s: likewise.
    """
    aim = _chosen if wanted is not None else _default
    return CaptureSource(lambda: find_device(wanted), clock, block_s, aim)


def _default(state: ServerState, _device: InputDevice) -> str | None:
    return state.microphone


def _chosen(state: ServerState, device: InputDevice) -> str | None:
    return device.pulse_source if device.pulse_source in state.sources else None
