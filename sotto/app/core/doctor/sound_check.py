"""Whether there is a microphone, and whether it hears anything."""

from collections.abc import Iterator

import numpy as np

from sotto.app.core.doctor.finding import Finding, State
from sotto.audio.input.capture import CaptureSource
from sotto.audio.input.devices import NO_DEVICES, find_monitor, input_devices
from sotto.audio.input.microphone import microphone_source
from sotto.audio.input.source import Pcm
from sotto.audio.level import level
from sotto.clock import Clock, SystemClock
from sotto.errors import AudioError

_LISTEN_S = 3.0  # an idle sound card takes up to 2 s to wake up
_STEP_S = 0.05
_DIGITAL_SILENCE_DB = -90.0  # what a muted microphone gives; a quiet room is far louder


def sound_findings(microphone: str, clock: Clock | None = None) -> Iterator[Finding]:
    """Look for microphones, listen to the one that is chosen, and look for system audio.

    Args:
        microphone: the name in the settings; empty for the system's default.
        clock: the time.
    """
    try:
        names = [device.name for device in input_devices() if not device.is_monitor]
    except AudioError as error:
        yield Finding("Microphones", State.PROBLEM, str(error))
        return
    if not names:
        yield Finding("Microphones", State.PROBLEM, NO_DEVICES)
        return
    yield Finding("Microphones", State.OK, ", ".join(names), private=tuple(names))
    yield _heard(microphone, clock or SystemClock())
    yield _system_audio()


def _heard(microphone: str, clock: Clock) -> Finding:
    topic = f"Microphone “{microphone}”" if microphone else "Default microphone"
    source = microphone_source(microphone or None)
    try:
        source.open()
        pcm = _listen(source, clock)
    except AudioError as error:
        return Finding(topic, State.PROBLEM, str(error))
    finally:
        source.close()
    if not len(pcm):
        return Finding(topic, State.PROBLEM, "it gives no sound: choose another, or plug it in")
    loudness = level(pcm)
    if loudness.peak_db < _DIGITAL_SILENCE_DB:
        return Finding(topic, State.PROBLEM, "it is silent: unmute it in the sound settings")
    return Finding(topic, State.OK, f"hears; the loudest was {loudness.peak_db:.0f} dB")


def _listen(source: CaptureSource, clock: Clock) -> Pcm:
    blocks: list[Pcm] = [np.zeros(0, np.float32)]
    until = clock.now() + _LISTEN_S
    while clock.now() < until:
        blocks.append(source.read())
        clock.sleep(_STEP_S)
    return np.concatenate(blocks)


def _system_audio() -> Finding:
    try:
        name = find_monitor().name
    except AudioError as error:
        return Finding("System audio", State.NOTE, str(error))
    return Finding("System audio", State.OK, name, private=(name,))
