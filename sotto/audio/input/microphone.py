"""The microphone as a source."""

from contextlib import suppress

from sotto.audio.input.capture import CaptureSource
from sotto.audio.input.devices import InputDevice, find_device
from sotto.audio.input.portaudio import BLOCK_S
from sotto.audio.input.server_watch import ServerState
from sotto.clock import Clock
from sotto.errors import DeviceError


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
    if wanted is None:
        return CaptureSource(lambda: find_device(None), clock, block_s, _default)
    return CaptureSource(_Chosen(wanted).find, clock, block_s, _chosen)


class _Chosen:
    """Finds the microphone that was meant at first: another may have its number by and by."""

    def __init__(self, wanted: str | int) -> None:
        self._names: tuple[str | int, ...] = (wanted,)

    def find(self) -> InputDevice:
        for wanted in self._names[:-1]:
            with suppress(DeviceError):
                return find_device(wanted)
        device = find_device(self._names[-1])
        # A server may give it another name of its own when it is plugged in again.
        self._names = (device.pulse_source, device.name) if device.pulse_source else (device.name,)
        return device


def _default(state: ServerState, _device: InputDevice) -> str | None:
    return state.microphone


def _chosen(state: ServerState, device: InputDevice) -> str | None:
    return device.pulse_source if device.pulse_source in state.sources else None
