"""What the machine plays as a source: the monitor of the Pulse server's default sink."""

from sotto.audio.input.capture import CaptureSource
from sotto.audio.input.devices import InputDevice, find_monitor
from sotto.audio.input.portaudio import BLOCK_S
from sotto.audio.input.server_watch import ServerState
from sotto.clock import Clock


def system_audio_source(clock: Clock | None = None) -> CaptureSource:
    """Return a source that listens to what the speakers play, whichever those are.

    `clock` as in `CaptureSource`.
    """
    return CaptureSource(find_monitor, clock, BLOCK_S, _played)


def _played(state: ServerState, _device: InputDevice) -> str | None:
    monitor = f"{state.default_sink}.monitor"
    return monitor if monitor in state.sources else None
