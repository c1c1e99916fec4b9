"""A report of `sotto bench` with made-up figures."""

from sotto.app.core.bench.hardware import Machine
from sotto.app.core.bench.report import ClipFigures, Report, WindowFigures
from sotto.app.core.bench.start import StartFigures
from sotto.app.core.bench.timing import Timing
from sotto.inference.compute_type import ComputeType


def timing(ms: float) -> Timing:
    return Timing(ms, 1.5 * ms, 7)


def made_up_report(windows_s: tuple[int, ...] = (1, 2, 3, 5, 7, 10, 15, 20, 30)) -> Report:
    """Return an encoder of 4 ms a second of sound, and utterances of 20 ms more."""
    return Report(
        model="base.en",
        compute_type=ComputeType.INT8,
        machine=Machine("Some Processor 9000", 8, 4, "vnni", "Some System 1, Linux 6.1"),
        windows=tuple(
            WindowFigures(s, timing(4.0 * s), timing(4.0 * s + 20), 30.0) for s in windows_s
        ),
        decoder_token={s: timing(0.1 * s) for s in (5, 30) if s in windows_s},
        partial_5s=timing(35.0),
        log_mel_30s=timing(1.25),
        log_mel_0_3s=timing(0.0625),
        clip=ClipFigures(7.0, timing(140.0)),
        start=StartFigures(timing(750.0), 150_000_000, "Hello"),
    )
