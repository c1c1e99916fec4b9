"""The figures of `sotto bench` as tables for a terminal."""

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sotto.app.core.bench.report import Report, WindowFigures
from sotto.app.core.bench.timing import Timing

BAR_CELLS = 22  # with the columns beside it, just within a terminal of 80
ENCODER_STYLE, REST_STYLE = "cyan", "bright_black"


def tables(report: Report) -> RenderableType:
    """Return machine, figures, and a bar for each window."""
    return Group(_heading(report), _figures(report), _windows(report), _legend())


def _heading(report: Report) -> Text:
    machine = report.machine
    threads = f"{machine.threads} of {machine.cores} cores"
    return Text.assemble(
        (f"{report.model}, {report.compute_type}", "bold"),
        f"\n{machine.cpu}, {threads}, {machine.instructions.upper()}\n{machine.os}",
    )


def _figures(report: Report) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("", "least", "median"):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    for what, timing in _timings(report):
        table.add_row(what, _milliseconds(timing.min_ms), _milliseconds(timing.median_ms))
    table.add_row("memory of that process, at most", f"{report.start.rss_peak_bytes / 1e6:.0f} MB")
    table.add_row("real-time factor of a recording", "", f"{report.clip.real_time_factor:.3f}")
    return table


def _timings(report: Report) -> Iterator[tuple[str, Timing]]:
    for context_s, timing in report.decoder_token.items():
        yield f"decoder, a token, {context_s} s context", timing
    yield "a live partial at 5 s", report.partial_5s
    yield "log-mel of 30 s", report.log_mel_30s
    yield "log-mel of 0.3 s", report.log_mel_0_3s
    yield f"recording of {report.clip.audio_s:.1f} s", report.clip.transcription
    yield "process start to first result of 5 s", report.start.first_result


def _windows(report: Report) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("window", "encoder", "median", "utterance", "median"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    longest_ms = max(each.utterance.min_ms for each in report.windows)
    for figures in report.windows:
        timings = (figures.encoder, figures.utterance)
        cells = [_milliseconds(ms) for each in timings for ms in (each.min_ms, each.median_ms)]
        table.add_row(f"{figures.window_s} s", *cells, _bar(figures, longest_ms))
    return table


def _bar(figures: WindowFigures, longest_ms: float) -> Text:
    """Draw the least times: the encoder's share in full blocks, the rest of the utterance light."""
    whole = max(1, round(BAR_CELLS * figures.utterance.min_ms / longest_ms))
    encoder = min(whole, round(BAR_CELLS * figures.encoder.min_ms / longest_ms))
    return Text.assemble(("█" * encoder, ENCODER_STYLE), ("░" * (whole - encoder), REST_STYLE))


def _legend() -> Text:
    return Text.assemble(
        ("█", ENCODER_STYLE),
        " encoder  ",
        ("░", REST_STYLE),
        " the rest of an utterance: log-mel, padding, 15 tokens",
    )


def _milliseconds(ms: float) -> str:
    """Write three digits or so: 0.07 ms, 3.91 ms, 28.1 ms, 285 ms."""
    digits = 2 if ms < 10 else 1 if ms < 100 else 0
    return f"{ms:.{digits}f} ms"
