"""All figures of a model on this machine."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from itertools import count
from typing import Any, TypeVar

from sotto import __version__
from sotto.app.core.bench.hardware import Machine, this_machine
from sotto.app.core.bench.stages import ModelBench
from sotto.app.core.bench.start import StartFigures, measure_start
from sotto.app.core.bench.timing import Effort, Timing
from sotto.inference.compute_type import ComputeType
from sotto.inference.dimensions import FRAMES_PER_SECOND
from sotto.inference.interfaces import Model

WINDOWS_S = (1, 2, 3, 5, 7, 10, 15, 20, 30)
QUOTED_WINDOWS_S = (2, 5, 10, 30)
CONTEXTS_S = (5, 30)

Figure = TypeVar("Figure")
Progress = Callable[[str, int, int], None]
"""Called with what is measured next, how many figures are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """Speech of one length: the encoder alone, and all of a final pass with fifteen tokens.

    `final_window_s` is what a final pass encodes: the speech and the padding that it gets.
    """

    window_s: int
    encoder: Timing
    utterance: Timing
    final_window_s: float


@dataclass(frozen=True, slots=True)
class ClipFigures:
    """A recording of `audio_s` seconds transcribed from first to last sample."""

    audio_s: float
    transcription: Timing

    @property
    def real_time_factor(self) -> float:
        """Seconds of computing for a second of sound, at the median."""
        return self.transcription.median_ms / 1e3 / self.audio_s


@dataclass(frozen=True, slots=True)
class Report:
    """What `sotto bench` measures. Windows for which a model has no positions are left out."""

    model: str
    compute_type: ComputeType
    machine: Machine
    windows: tuple[WindowFigures, ...]
    decoder_token: Mapping[int, Timing]
    partial_5s: Timing
    log_mel_30s: Timing
    log_mel_0_3s: Timing
    clip: ClipFigures
    start: StartFigures

    def window(self, window_s: int) -> WindowFigures | None:
        """Return the figures of one window, None if the model does not take it."""
        return next((each for each in self.windows if each.window_s == window_s), None)


def measure_all(
    model: Model, name: str, compute_type: ComputeType, effort: Effort, progress: Progress
) -> Report:
    """Measure everything, in this thread.

    Args:
        model: Loaded from `name` with `compute_type`.
        name: What `models.resolve` takes; fresh processes load it.
        compute_type: Of the model's matrices.
        effort: How often each thing is measured.
        progress: Called before each figure.

    Raises:
        ModelError: a fresh process with the model ended without a result.
    """
    bench = ModelBench(model, effort)
    windows = [each for each in WINDOWS_S if bench.takes(each)]
    contexts = [each for each in CONTEXTS_S if bench.takes(each)]
    done, total = count(), len(windows) + len(contexts) + 5

    def figure(what: str, measure: Callable[[], Figure]) -> Figure:
        progress(what, next(done), total)
        return measure()

    return Report(
        model=name,
        compute_type=compute_type,
        machine=this_machine(compute_type),
        windows=tuple(figure(f"window of {s} s", partial(_window, bench, s)) for s in windows),
        decoder_token={
            s: figure(f"token, {s} s context", partial(bench.decoder_token, s)) for s in contexts
        },
        partial_5s=figure("live partial", lambda: bench.partial(5)),
        log_mel_30s=figure("log-mel, 30 s", lambda: bench.log_mel(30)),
        log_mel_0_3s=figure("log-mel, 0.3 s", lambda: bench.log_mel(0.3)),
        clip=figure("recording", lambda: ClipFigures(*bench.clip())),
        start=figure("fresh start", lambda: measure_start(name, compute_type, effort.starts)),
    )


def _window(bench: ModelBench, window_s: int) -> WindowFigures:
    final_window_s = bench.final_window_frames(window_s) / FRAMES_PER_SECOND
    return WindowFigures(
        window_s, bench.encoder(window_s), bench.utterance(window_s), final_window_s
    )


def as_dict(report: Report) -> dict[str, Any]:
    """Return the report for programs; README.md says what each key means.

    A timing is `{"min": …, "median": …, "runs": …}` in the unit that its key ends with; None
    where the model does not take the window. Keys are only ever added.
    """
    quoted = {s: report.window(s) for s in QUOTED_WINDOWS_S}
    five = report.window(5)
    return {
        "sotto_version": __version__,
        "model": report.model,
        "compute_type": str(report.compute_type),
        **asdict(report.machine),
        **{f"encoder_{s}s_ms": _timing(w.encoder if w else None) for s, w in quoted.items()},
        **{f"decoder_token_{s}s_ms": _timing(report.decoder_token.get(s)) for s in CONTEXTS_S},
        "partial_5s_ms": _timing(report.partial_5s),
        "utterance_5s_ms": _timing(five.utterance if five else None),
        "log_mel_30s_ms": _timing(report.log_mel_30s),
        "log_mel_0_3s_ms": _timing(report.log_mel_0_3s),
        "first_result_5s_ms": _timing(report.start.first_result),
        "rss_peak_mb": round(report.start.rss_peak_bytes / 1e6, 1),
        "clip_s": report.clip.audio_s,
        "clip_transcription_ms": _timing(report.clip.transcription),
        "real_time_factor": round(report.clip.real_time_factor, 5),
        "windows": [_window_as_dict(each) for each in report.windows],
    }


def _window_as_dict(figures: WindowFigures) -> dict[str, Any]:
    return {
        "window_s": figures.window_s,
        "encoder_ms": _timing(figures.encoder),
        "utterance_ms": _timing(figures.utterance),
        "final_window_s": figures.final_window_s,
    }


def _timing(timing: Timing | None) -> dict[str, float | int] | None:
    if timing is None:
        return None
    return {
        "min": round(timing.min_ms, 3),
        "median": round(timing.median_ms, 3),
        "runs": timing.runs,
    }
