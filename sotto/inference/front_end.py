"""Whisper's log-mel spectrogram for other programs: of an array of theirs, which is not copied."""

from typing import Any, Protocol

import numpy as np
from max.driver import CPU, Buffer
from max.engine import InferenceSession
from numpy.typing import NDArray

from sotto.inference.caches import compiled
from sotto.inference.dimensions import HOP_LENGTH
from sotto.inference.features import RawLogMel, Starts, frame_starts, normalise
from sotto.inference.idle_threads import drowsy_threads
from sotto.inference.interfaces import Array
from sotto.kernels.log_mel.op import BANDS_STEP

LOG_MEL_GRAPH = "sotto.inference.features:log_mel_graph"


class SupportsDLPack(Protocol):
    """An array that others may read where it lies: of NumPy, PyTorch, JAX, MAX and more."""

    def __dlpack__(self) -> object:
        """Return its memory and layout."""
        ...


class LogMel:
    """Log-mel spectrogram as openai-whisper's `log_mel_spectrogram` defines it, on the CPU.

    Hann windows of 400 samples, 160 apart, centred; mel bands on Slaney's scale
    (`librosa.filters.mel`). Neither the samples nor the result is copied: both are shared by the
    DLPack protocol. Owned by one thread at a time.

        log_mel = LogMel()
        features = log_mel(samples)                  # numpy (n_frames, 80)
        features = torch.from_dlpack(log_mel(samples))  # the same memory as a tensor
    """

    def __init__(
        self,
        n_mels: int = 80,
        *,
        smoothing: bool = False,
        progress: compiled.ProgressCallback | None = None,
    ) -> None:
        """Compile the graph, or read it from the cache if this machine has compiled it before.

        Args:
            n_mels: Bands; 80, or 128 for large-v3. A multiple of 16.
            smoothing: Replace each log10 value by the mean of its 3 x 3 neighbourhood in (frame,
                band), at an edge of the neighbours that exist. Whisper has no smoothing.
            progress: Called a few times a second while the graph is compiled.

        Raises:
            ValueError: n_mels is not a multiple of 16.
            CompileError: The graph compiler failed.
        """
        if n_mels <= 0 or n_mels % BANDS_STEP:
            raise ValueError(f"n_mels must be a multiple of {BANDS_STEP}, not {n_mels}")
        self._n_mels = n_mels
        self._log_mel = load_log_mel(n_mels, smoothing=smoothing, progress=progress)

    def __call__(self, samples: SupportsDLPack) -> Array:
        """Return float32 (n_samples // 160, n_mels), clamped to 8 below the maximum and scaled.

        That is openai-whisper's `log_mel_spectrogram(samples, n_mels).T`.

        Args:
            samples: float32 (n_samples,), 16 kHz, [-1, 1], contiguous, in CPU memory.

        Raises:
            ValueError: samples are anything else; the message says what to do.
        """
        raw = self.raw(samples)
        return normalise(raw, out=raw)

    def raw(self, samples: SupportsDLPack) -> Array:
        """Return log10 of the mel power (n_samples // 160, n_mels), at least -10.

        Before the clamp and the scaling, which depend on the loudest of all frames.

        Args:
            samples: As for a call.

        Raises:
            ValueError: As for a call.
        """
        pcm = shared(samples)
        starts = frame_starts(0, len(pcm) // HOP_LENGTH)
        if not len(starts):
            return np.empty((0, self._n_mels), np.float32)
        return self._log_mel(pcm, starts)


def load_log_mel(
    n_mels: int,
    *,
    smoothing: bool = False,
    progress: compiled.ProgressCallback | None = None,
) -> RawLogMel:
    """Return the graph, compiled, as a function of contiguous pcm and frame starts.

    Raises:
        CompileError: The graph compiler failed.
    """
    name = "log_mel_smoothed" if smoothing else "log_mel"
    recipe = compiled.Recipe(name, LOG_MEL_GRAPH, (n_mels, smoothing))
    model = InferenceSession(devices=[CPU()]).init(compiled.load(recipe, progress))

    def run(pcm: Array, starts: Starts) -> Array:
        rows: Array = model.execute(shared_buffer(pcm), Buffer.from_numpy(starts))[0].to_numpy()
        return rows

    with drowsy_threads():
        run(np.zeros(HOP_LENGTH, np.float32), frame_starts(0, 1))
    return run


def shared(samples: SupportsDLPack) -> Array:
    """Return a view of samples (n_samples,) in the memory where they lie.

    Raises:
        ValueError: They are not float32, of one dimension, contiguous and in CPU memory.
    """
    if not hasattr(samples, "__dlpack__"):
        raise ValueError(f"samples must be an array, not {type(samples).__name__}; use numpy.array")
    array: NDArray[Any] = samples if isinstance(samples, np.ndarray) else _from_dlpack(samples)
    if array.dtype != np.float32:
        raise ValueError(f"samples must be float32 in [-1, 1], not {array.dtype}; convert them")
    if array.ndim != 1:
        raise ValueError(f"samples must be (n_samples,), not {array.shape}; give one channel")
    if not array.flags.c_contiguous:
        raise ValueError("samples must be contiguous; copy them, as numpy.ascontiguousarray does")
    return array


def _from_dlpack(samples: SupportsDLPack) -> NDArray[Any]:
    """Let numpy read it, which heeds strides; MAX 26.7 takes all DLPack memory as contiguous."""
    try:
        return np.from_dlpack(samples)  # type: ignore[arg-type]  # numpy's protocol is private
    except (BufferError, RuntimeError, TypeError, ValueError) as error:
        raise ValueError(
            f"samples cannot be read ({error}); give float32 in CPU memory, without gradient"
        ) from error


def shared_buffer(array: Array) -> Buffer:
    """Return a contiguous array as MAX's buffer, in the same memory.

    MAX copies what is read-only; a graph's input is never written, so it need not know.
    """
    return Buffer.from_numpy(array if array.flags.writeable else np.asarray(_Writable(array)))


class _Writable:
    """The memory of a read-only array, said to be writable."""

    def __init__(self, array: Array) -> None:
        self._array = array  # keeps the memory
        address = array.ctypes.data
        self.__array_interface__ = {**array.__array_interface__, "data": (address, False)}
