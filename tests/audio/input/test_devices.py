import subprocess
import sys

import pytest

from sotto.audio.input.devices import find_device, find_monitor, input_devices
from sotto.audio.input.system_audio import system_audio_source
from sotto.errors import DeviceError
from tools.fixtures.audio_server import AudioServer, no_audio_server


def test_microphones_and_monitors_are_listed(audio_server: AudioServer) -> None:
    devices = input_devices()
    assert [device.index for device in devices] == list(range(len(devices)))
    assert len({device.name for device in devices}) == len(devices)
    assert [device.name for device in devices if device.is_default] == ["default"]
    by_source = {device.pulse_source: device for device in devices if device.pulse_source}
    assert by_source.keys() == {"feed.monitor", "virtmic", "speakers.monitor", "pipemic"}
    assert by_source["speakers.monitor"].is_monitor
    assert not by_source["virtmic"].is_monitor
    assert {device.host_api for device in devices} == {"ALSA", "PulseAudio"}
    assert all(8_000 <= device.default_rate <= 192_000 for device in devices)


def test_a_device_is_found_by_name_part_of_a_name_and_position(audio_server: AudioServer) -> None:
    wanted = find_device("virtmic")
    assert wanted.pulse_source == "virtmic"
    for way in (wanted.name, wanted.name.upper(), "remapped", wanted.index, str(wanted.index)):
        assert find_device(way) == wanted
    assert find_device(None).name == "default"


def test_an_unknown_name_is_answered_with_those_there_are(audio_server: AudioServer) -> None:
    with pytest.raises(DeviceError, match=r"no microphone “Røde”.*0 “pulse”.*1 “default”"):
        find_device("Røde")
    with pytest.raises(DeviceError, match="no microphone “99”"):
        find_device(99)


def test_a_name_of_several_is_answered_with_these(audio_server: AudioServer) -> None:
    with pytest.raises(DeviceError, match="several") as caught:
        find_device("monitor of null")
    assert "speakers.monitor" in str(caught.value)
    assert "default" not in str(caught.value)


def test_the_monitor_is_the_default_sinks(audio_server: AudioServer) -> None:
    assert find_monitor().pulse_source == "speakers.monitor"


def test_without_a_sound_server_there_is_nothing() -> None:
    with no_audio_server():
        assert input_devices() == []
        with pytest.raises(DeviceError, match="no microphone was found: plug one in"):
            find_device(None)
        with pytest.raises(DeviceError, match="system audio cannot be heard"):
            system_audio_source().open()


def test_what_is_plugged_in_later_is_found() -> None:
    with no_audio_server():
        assert input_devices() == []
        server = AudioServer.in_environment()
        server.start()
        try:
            assert find_device("pipemic").pulse_source == "pipemic"
        finally:
            server.kill()


# A machine without the library: the loader is told that there is none.
_WITHOUT_PORTAUDIO = """
import ctypes.util
find = ctypes.util.find_library
ctypes.util.find_library = lambda name: None if "portaudio" in name else find(name)
import sotto.audio.input.microphone, sotto.audio.input.system_audio, sotto.audio.input.file_source
from sotto.errors import DeviceError
try:
    sotto.audio.input.microphone.microphone_source().open()
except DeviceError as error:
    print(error)
"""


def test_without_portaudio_the_message_says_what_to_install() -> None:
    result = subprocess.run(
        [sys.executable, "-c", _WITHOUT_PORTAUDIO], capture_output=True, text=True, check=True
    )
    assert "apt install libportaudio2" in result.stdout
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""
