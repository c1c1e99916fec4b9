"""Which microphones and system-audio monitors there are."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sotto.audio.input.portaudio import devices_held
from sotto.audio.input.server_watch import server_state
from sotto.errors import DeviceError

PULSE_DEVICE = "pulse"  # ALSA's door to a PulseAudio or PipeWire server
NO_DEVICES = (
    "no microphone was found: plug one in, or start the sound server (pulseaudio or pipewire-pulse)"
)


@dataclass(frozen=True, slots=True)
class InputDevice:
    """Something to listen to.

    Attributes:
        index: position in `input_devices()`; changes as devices come and go.
        name: what the user sees and types.
        channels: how many it has.
        default_rate: frames a second that it prefers.
        is_default: whether it is listened to when nothing is chosen.
        host_api: the sound system that offers it.
        is_monitor: whether it is what the machine plays, not a microphone.
        portaudio_index: PortAudio's number of the device to open.
        pulse_source: the source of the Pulse server to ask for; None for the device itself.
    """

    index: int
    name: str
    channels: int
    default_rate: int
    is_default: bool
    host_api: str
    is_monitor: bool
    portaudio_index: int
    pulse_source: str | None = None


def input_devices() -> list[InputDevice]:
    """List what can be listened to: PortAudio's devices, then the Pulse server's sources.

    Raises:
        DeviceError: PortAudio is not installed or does not start.
    """
    with devices_held() as sounddevice:
        infos = [info for info in sounddevice.query_devices() if info["max_input_channels"] > 0]
        host_apis = [api["name"] for api in sounddevice.query_hostapis()]
        default = sounddevice.default.device["input"]
        if default < 0 and infos:
            default = infos[0]["index"]
    devices = [
        InputDevice(
            index=position,
            name=info["name"],
            channels=info["max_input_channels"],
            default_rate=round(info["default_samplerate"]),
            is_default=info["index"] == default,
            host_api=host_apis[info["hostapi"]],
            is_monitor=False,
            portaudio_index=info["index"],
        )
        for position, info in enumerate(infos)
    ]
    return devices + _pulse_devices(devices)


def find_device(wanted: str | int | None) -> InputDevice:
    """Return the device of a name, a unique part of a name, or a position; None is the default.

    Raises:
        DeviceError: there is none, or several of that name.
    """
    devices = input_devices()
    if not devices or (wanted is None and not _is_any_microphone()):
        raise DeviceError(NO_DEVICES)
    found = _matches(devices, wanted)
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{device.index} “{device.name}”" for device in found or devices)
    if found:
        raise DeviceError(f"“{wanted}” is the name of several microphones: choose one of {names}")
    raise DeviceError(f"there is no microphone “{wanted}”: choose one of {names}")


def find_monitor() -> InputDevice:
    """Return the device that hears what the machine plays.

    Raises:
        DeviceError: no Pulse server answers, or it has nothing to play on.
    """
    with _pulse() as pulse:
        sink = pulse.server_info().default_sink_name if pulse else None
    for device in input_devices():
        if device.pulse_source == f"{sink}.monitor":
            return device
    raise DeviceError(
        "system audio cannot be heard: that needs a running PulseAudio or PipeWire server "
        "and its ALSA plugin (Debian and Ubuntu: apt install pulseaudio libasound2-plugins)"
    )


def _is_any_microphone() -> bool:
    """Whether a Pulse server has more than what the machine plays, which is no default to hear."""
    with _pulse() as pulse:
        return pulse is None or server_state(pulse).has_microphone


def _matches(devices: list[InputDevice], wanted: str | int | None) -> list[InputDevice]:
    if wanted is None:
        return [device for device in devices if device.is_default]
    text = str(wanted).casefold()
    if text.isdecimal():
        return [device for device in devices if device.index == int(text)]
    exact = [device for device in devices if text in _names(device)]
    return exact or [device for device in devices if any(text in name for name in _names(device))]


def _names(device: InputDevice) -> list[str]:
    return [name.casefold() for name in (device.name, device.pulse_source) if name]


def _pulse_devices(devices: list[InputDevice]) -> list[InputDevice]:
    door = next((device for device in devices if device.name == PULSE_DEVICE), None)
    with _pulse() as pulse:
        if door is None or pulse is None:
            return []
        sources = pulse.source_list()
        descriptions = Counter(source.description for source in sources)
        return [
            InputDevice(
                index=len(devices) + position,
                name=source.description
                if descriptions[source.description] == 1
                else f"{source.description} ({source.name})",
                channels=source.channel_count,
                default_rate=door.default_rate,  # the server converts
                is_default=False,
                host_api="PulseAudio",
                is_monitor=source.monitor_of_sink_name is not None,
                portaudio_index=door.portaudio_index,
                pulse_source=source.name,
            )
            for position, source in enumerate(sources)
        ]


@contextmanager
def _pulse() -> Iterator[Any]:
    """Yield a connection to the Pulse server, or None where none answers."""
    try:
        import pulsectl  # noqa: PLC0415 - its import loads libpulse, which may be missing
    except (ImportError, OSError):
        yield None
        return
    pulse = pulsectl.Pulse("sotto", connect=False)
    try:
        pulse.connect(autospawn=False)
        connected = True
    except pulsectl.PulseError:
        connected = False
    with pulse:
        yield pulse if connected else None
