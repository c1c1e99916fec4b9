"""`sotto devices`: what can be listened to."""

import argparse

from sotto.app.cli import terminal
from sotto.audio.input.devices import NO_DEVICES, InputDevice, input_devices
from sotto.errors import DeviceError


def run(_arguments: argparse.Namespace) -> int:
    """Write a line for each microphone and each monitor of what the machine plays."""
    devices = input_devices()
    if not devices:
        raise DeviceError(NO_DEVICES)
    for device in devices:
        terminal.write_line(_line(device))
    return 0


def _line(device: InputDevice) -> str:
    mark = "*" if device.is_default else " "
    kind = "system audio" if device.is_monitor else device.host_api
    rate = f"{device.default_rate / 1000:g} kHz"
    return f"{mark} {device.index:2}  {device.name}  ({kind}, {device.channels} channels, {rate})"
