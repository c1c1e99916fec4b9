"""The one door to PortAudio: loaded when needed, and never re-read under an open stream.

PortAudio lists devices once, when it is initialised; only a new initialisation sees what was
plugged in since, and that would kill every open stream. So this module counts streams.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sotto.c_messages import c_messages_hidden
from sotto.errors import DeviceError

# A callback's share of sound: two frames of the voice detector. Sound servers deliver no oftener.
BLOCK_S = 0.04
# A callback waits for the interpreter lock (5 ms a turn); sound servers buffer more on their own.
LATENCY_S = 0.1
PLAYED_BLOCK_S = 0.1  # so long a sound goes on after it was stopped

_lock = threading.RLock()
_n_open = 0


def library() -> ModuleType:
    """Return sounddevice.

    Raises:
        DeviceError: PortAudio is not installed or does not start.
    """
    try:
        import sounddevice  # noqa: PLC0415 - its import loads PortAudio, which may be missing
    except (ImportError, OSError) as error:
        raise DeviceError(
            "PortAudio, through which microphones are read, cannot be loaded "
            f"({_one_line(error)}): install it (Debian and Ubuntu: apt install libportaudio2)"
        ) from error
    return sounddevice  # type: ignore[no-any-return]  # it publishes no types


@contextmanager
def devices_held() -> Iterator[ModuleType]:
    """Hold PortAudio while its list of devices is read; the list is fresh if no stream is open.

    Raises:
        DeviceError: PortAudio is not installed or does not start.
    """
    with _lock:
        is_fresh = "sounddevice" not in sys.modules
        sounddevice = library()
        if not (is_fresh or _n_open):
            with c_messages_hidden():
                _read_devices_again(sounddevice)
        yield sounddevice


def _read_devices_again(sounddevice: ModuleType) -> None:
    try:
        if sounddevice._initialized:  # sounddevice offers no public way
            sounddevice._terminate()
        sounddevice._initialize()
    except sounddevice.PortAudioError as error:
        raise DeviceError(f"the sound system does not start: {_one_line(error)}") from error


class InputStream:
    """An open, running PortAudio stream of float32 frames. Opened and closed by one thread.

    Args:
        index: PortAudio's number of the device.
        rate: frames a second.
        n_channels: samples in a frame.
        callback: as sounddevice's: (frames, n_frames, time, status), on PortAudio's thread.
        finished: called on PortAudio's thread when no callback will come any more.
        block_s: a callback's share of sound.

    Raises:
        DeviceError: the device refuses; the message is PortAudio's.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (what PortAudio wants to know)
        self,
        index: int,
        rate: int,
        n_channels: int,
        callback: Callable[..., None],
        finished: Callable[[], None],
        block_s: float = BLOCK_S,
    ) -> None:
        global _n_open  # noqa: PLW0603 - PortAudio is global to the process, and so is its count
        with _lock, c_messages_hidden(), ExitStack() as undo:
            sounddevice = library()
            try:
                self._stream: Any = sounddevice.InputStream(
                    device=index,
                    samplerate=rate,
                    channels=n_channels,
                    dtype="float32",
                    blocksize=round(rate * block_s),
                    latency=LATENCY_S,
                    callback=callback,
                    finished_callback=finished,
                )
                undo.callback(self._stream.close)
                self._stream.start()
            except (sounddevice.PortAudioError, ValueError) as error:
                raise DeviceError(_one_line(error)) from error
            undo.pop_all()
            _n_open += 1
        self._open = True

    def close(self) -> None:
        """Stop the stream, whatever state its device is in. Idempotent."""
        global _n_open  # noqa: PLW0603
        if not self._open:
            return
        self._open = False
        with _lock, c_messages_hidden():
            with suppress(library().PortAudioError):  # the device may be gone: as good as closed
                self._stream.abort()
            with suppress(library().PortAudioError):
                self._stream.close()
            _n_open -= 1


def play(
    pcm: NDArray[np.float32] | NDArray[np.int16], rate: int, should_stop: Callable[[], bool]
) -> None:
    """Play samples (n,) on the default speakers; return at their end, or once it should stop.

    Args:
        pcm: What is played.
        rate: Samples a second.
        should_stop: Whether to fall silent; asked ten times a second.

    Raises:
        DeviceError: there are no speakers, or they refuse.
    """
    step = round(rate * PLAYED_BLOCK_S)
    blocks = (pcm[at : at + step] for at in range(0, len(pcm), step))
    play_blocks(blocks, pcm.dtype.name, rate, should_stop)


def play_blocks(
    blocks: Iterable[NDArray[np.float32] | NDArray[np.int16]],
    dtype: str,
    rate: int,
    should_stop: Callable[[], bool],
    written: Callable[[int, float], None] = lambda _n_samples, _latency_s: None,
) -> None:
    """Play samples as they come, as `play` does.

    Args:
        blocks: (n,) each, about `PLAYED_BLOCK_S` long.
        dtype: Theirs, `float32` or `int16`.
        rate: Samples a second.
        should_stop: Whether to fall silent; asked before each block.
        written: Told how many samples were handed over, and how long the last of them takes until
            it sounds.

    Raises:
        DeviceError: there are no speakers, or they refuse.
    """
    global _n_open  # noqa: PLW0603
    with _lock, c_messages_hidden():
        sounddevice = library()
        try:
            if not _n_open and sounddevice.default.device[1] < 0:  # there were no speakers before
                _read_devices_again(sounddevice)
            # Played late is better than played with gaps.
            stream: Any = sounddevice.OutputStream(
                samplerate=rate, channels=1, dtype=dtype, latency="high"
            )
        except (sounddevice.PortAudioError, ValueError) as error:
            raise DeviceError(f"nothing can be played here ({_one_line(error)})") from error
        _n_open += 1
    try:
        stream.start()
        n_written = 0
        for block in blocks:
            if should_stop():
                stream.abort()
                return
            stream.write(block[:, None])
            n_written += len(block)
            written(n_written, stream.latency)
        stream.stop()  # waits until all that was written has sounded
    except sounddevice.PortAudioError as error:
        raise DeviceError(f"the speakers stopped playing ({_one_line(error)})") from error
    finally:
        with _lock, c_messages_hidden():
            stream.close()
            _n_open -= 1


@contextmanager
def environment(name: str, value: str | None) -> Iterator[None]:
    """Set a variable that a C library reads while a stream is opened; None leaves it alone."""
    if value is None:
        yield
        return
    with _lock:
        before = os.environ.get(name)
        os.environ[name] = value
        try:
            yield
        finally:
            if before is None:
                del os.environ[name]
            else:
                os.environ[name] = before


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
