"""How long a live partial takes here: measured once for each shape of model, and remembered.

A shape that was never loaded here is estimated: by what others took here, else by what models
took where this was written.
"""

import hashlib
import statistics
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from sotto.app.core.cpu import cpu_name, n_usable_cores
from sotto.inference.caches import cache
from sotto.inference.compute_type import ComputeType
from sotto.inference.dimensions import ModelDimensions
from sotto.inference.interfaces import Model
from sotto.kernels.processor import Instructions, fastest
from sotto.private_folder import make_private_folder

QUICK_ENOUGH_MS = 350.0
"""What a partial may take at 5 s of speech so that words follow the voice."""

SPEECH_S = 5.0
GROWTH_S = 0.3  # between two partials
_COUNTED = 2  # partials whose least counts: what a busy machine adds is no property of a model
_HOPELESS = 3  # times too slow
LANGUAGE = "en"  # that of the clip in the box

# Of int8 with AVX-512 VNNI on two cores of an AMD EPYC (Zen 4): milliseconds for 10^9
# multiplications of the encoder, and for 10^6 weights that one token reads.
_ENCODER_MS = 5.4
_DECODER_MS = 0.038
_CORES = 2
_POSITIONS = 384  # that a partial encodes of 5 s
_TOKENS = 20
# How many times as long others take as the reference, roughly.
_SLOWNESS = {
    Instructions.AVX2: 2.0,
    Instructions.AVX_VNNI: 1.5,
    Instructions.VNNI: 1.0,
    Instructions.AMX: 1.0,
}
_FLOATS_SLOWNESS = 3.0
_MOST_CORES_OF_USE = 8  # a partial of 5 s has no work for more


@dataclass(frozen=True, slots=True)
class Speed:
    """Milliseconds of a partial at 5 s of speech; `is_measured`: on this machine."""

    partial_ms: float
    is_measured: bool

    @property
    def is_quick_enough(self) -> bool:
        """Whether words follow the voice."""
        return self.partial_ms <= QUICK_ENOUGH_MS


def speed_of(
    dims: ModelDimensions, compute_type: ComputeType, known: Iterable[ModelDimensions] = ()
) -> Speed:
    """Return the speed of a shape here.

    Args:
        dims: Of the model.
        compute_type: Of its matrices.
        known: Shapes that may have been measured here; an estimate is scaled by theirs.
    """
    measured = remembered_ms(dims, compute_type)
    if measured is not None:
        return Speed(measured, is_measured=True)
    factors = [
        ms / _reference_ms(other)
        for other in known
        if (ms := remembered_ms(other, compute_type)) is not None
    ]
    factor = statistics.median(factors) if factors else _slowness(compute_type)
    return Speed(factor * _reference_ms(dims), is_measured=False)


def remembered_ms(dims: ModelDimensions, compute_type: ComputeType) -> float | None:
    """Return what was measured here, None if nothing was."""
    path = _path(dims, compute_type)
    with suppress(OSError, ValueError):
        ms = float(path.read_text(encoding="ascii"))
        cache.mark_used(path)
        return ms
    return None


def measure(model: Model, compute_type: ComputeType) -> Speed:
    """Return a model's speed; measure and remember it unless that was done before.

    It takes three partials, or one of a slow model, so that nobody is kept waiting.
    """
    dims = model.checkpoint.dimensions
    ms = remembered_ms(dims, compute_type)
    if ms is None:
        ms = _partial_ms(model)
        _remember(dims, compute_type, ms)
    return Speed(ms, is_measured=True)


def _partial_ms(model: Model) -> float:
    """Let an utterance grow to 5 s and return the least of its last partials.

    The first one warms up; if it is far too slow, it is enough.
    """
    # They import MAX.
    from sotto.app.core.bench.speech import speech  # noqa: PLC0415
    from sotto.audio.input.source import SAMPLE_RATE  # noqa: PLC0415
    from sotto.inference.streaming.utterance import Utterance  # noqa: PLC0415
    from sotto.inference.streaming.whisper_recogniser import (  # noqa: PLC0415
        WhisperRecogniser,
        WhisperSettings,
    )

    utterance = Utterance(WhisperRecogniser(model, WhisperSettings(language=LANGUAGE)))
    pcm, step = speech(SPEECH_S), round(GROWTH_S * SAMPLE_RATE)
    first, *later = np.split(pcm, [len(pcm) - n * step for n in range(_COUNTED, 0, -1)])
    utterance.append(first)
    first_ms = 1e3 * _seconds(utterance.partial)
    if first_ms > _HOPELESS * QUICK_ENOUGH_MS:
        return first_ms
    seconds = []
    for pcm in later:
        utterance.append(pcm)
        seconds.append(_seconds(utterance.partial))
    return 1e3 * min(seconds)


def _seconds(action: Callable[[], object]) -> float:
    """Do it and return how long that takes where nothing else runs.

    That is no longer than the processors worked on it, however busy they were with other programs.
    """
    started, worked = time.perf_counter(), time.process_time()
    action()
    return min(time.perf_counter() - started, time.process_time() - worked)


def _remember(dims: ModelDimensions, compute_type: ComputeType, ms: float) -> None:
    path = _path(dims, compute_type)
    with suppress(OSError):  # then it is measured again
        make_private_folder(path.parent)
        with cache.replacing(path) as file:
            file.write(b"%.1f\n" % ms)


def _path(dims: ModelDimensions, compute_type: ComputeType) -> Path:
    """Return where a shape's speed is kept: another processor or number of cores has its own."""
    machine = f"{n_usable_cores()} {fastest()} {cpu_name()}"
    what = f"{astuple(dims)} {compute_type} {machine}"
    return cache.cache_dir("speeds") / hashlib.sha256(what.encode()).hexdigest()[:16]


def _reference_ms(dims: ModelDimensions) -> float:
    """Return what the shape would take on the reference machine."""
    encoder = dims.n_audio_layer * 12 * dims.n_audio_state**2 * _POSITIONS
    decoder = dims.n_text_layer * 14 * dims.n_text_state**2 + dims.n_vocab * dims.n_text_state
    return _ENCODER_MS * encoder / 1e9 + _DECODER_MS * _TOKENS * decoder / 1e6


def _slowness(compute_type: ComputeType) -> float:
    """Return how many times as long this machine takes, guessed from what it has."""
    instructions = fastest()
    is_bytes = compute_type is ComputeType.INT8 and instructions is not None
    by_kind = _SLOWNESS[instructions] if is_bytes and instructions else _FLOATS_SLOWNESS
    return by_kind * _CORES / min(n_usable_cores(), _MOST_CORES_OF_USE)
