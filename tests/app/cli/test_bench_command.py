"""`sotto bench` with the model in the box."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtSvg import QSvgRenderer
from rich.console import Console

from sotto.app.cli.views.bench_table import tables
from tests.app.cli.conftest import Sotto, refused
from tests.helpers.bench_report import made_up_report

TIMINGS = [
    "encoder_2s_ms",
    "encoder_5s_ms",
    "encoder_10s_ms",
    "encoder_30s_ms",
    "decoder_token_5s_ms",
    "decoder_token_30s_ms",
    "partial_5s_ms",
    "utterance_5s_ms",
    "log_mel_30s_ms",
    "log_mel_0_3s_ms",
    "first_result_5s_ms",
    "clip_transcription_ms",
]
WORDS = ["sotto_version", "model", "compute_type", "cpu", "instructions", "os"]
WHOLE_NUMBERS = ["cores", "threads"]
NUMBERS = ["rss_peak_mb", "clip_s", "real_time_factor"]


def check_timing(figures: dict[str, float]) -> None:
    assert list(figures) == ["min", "median", "runs"]
    assert 0 < figures["min"] <= figures["median"]
    assert isinstance(figures["runs"], int)
    assert figures["runs"] >= 1


QUICKLY = """
import sys
from sotto.app.cli import main
from sotto.app.core.bench import timing
timing.THOROUGH = timing.QUICK
sys.exit(main(sys.argv[1:]))
"""
"""In a process of its own: the picture's Qt application would stand in the way of the window's."""


@pytest.mark.engine
def test_figures_as_json_and_as_a_picture(tmp_path: Path) -> None:
    picture = tmp_path / "latency.svg"
    command = [sys.executable, "-c", QUICKLY, "bench", "--model", "starter-en", "--json"]
    result = subprocess.run(
        [*command, "--plot", picture],
        env={**os.environ, "SOTTO_CONFIG_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        check=True,
    )
    figures = json.loads(result.stdout)

    assert set(figures) == {*TIMINGS, *WORDS, *WHOLE_NUMBERS, *NUMBERS, "windows"}
    for key in TIMINGS:
        check_timing(figures[key])
    assert all(figures[key] and isinstance(figures[key], str) for key in WORDS)
    assert figures["model"] == "starter-en"
    assert 1 <= figures["threads"] <= figures["cores"]
    assert all(figures[key] > 0 for key in NUMBERS)

    assert figures["encoder_30s_ms"]["min"] > figures["encoder_2s_ms"]["min"]
    assert figures["log_mel_30s_ms"]["min"] > figures["log_mel_0_3s_ms"]["min"]
    seconds = figures["clip_transcription_ms"]["median"] / 1e3
    assert figures["real_time_factor"] == pytest.approx(seconds / figures["clip_s"], abs=1e-5)
    weights_mb = 7.6e6 * 4 / 1e6
    assert weights_mb < figures["rss_peak_mb"] < 2_000

    windows = figures["windows"]
    assert [each["window_s"] for each in windows] == [1, 2, 3, 5, 7, 10, 15, 20, 30]
    for each in windows:
        check_timing(each["encoder_ms"])
        check_timing(each["utterance_ms"])
        assert each["window_s"] <= each["final_window_s"] <= 30
    assert windows[3]["encoder_ms"] == figures["encoder_5s_ms"]

    assert QSvgRenderer(QByteArray(picture.read_bytes())).isValid()


def test_the_table_fits_a_terminal_and_shows_the_curve() -> None:
    console = Console(width=80, color_system=None)
    with console.capture() as captured:
        console.print(tables(made_up_report()))
    lines = captured.get().splitlines()
    assert max(map(len, lines)) <= 80
    assert "…" not in captured.get()
    assert "base.en, int8" in lines
    assert "Some Processor 9000, 4 of 8 cores, VNNI" in lines
    bars = [line.count("█") + line.count("░") for line in lines if " s " in line and "░" in line]
    # Utterances take 4 ms a second and 20 ms more, 140 ms at 30 s.
    assert bars == [round(22 * (4 * s + 20) / 140) for s in (1, 2, 3, 5, 7, 10, 15, 20, 30)]
    (partial,) = (line for line in lines if "live partial" in line)
    assert partial.split()[-4:] == ["35.0", "ms", "52.5", "ms"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--model", "tinny"], "there is no model 'tinny'"),
        (["--threads", "-1"], "--threads: must be at least 0"),
        (["--plot", "latency.jpg"], "'latency.jpg' is neither"),
        (["--compute_type", "int2"], "is not one of float32, int8"),
    ],
)
def test_what_cannot_be_measured_is_told_in_one_line(
    arguments: list[str], said: str, sotto_program: Sotto
) -> None:
    result = sotto_program("bench", *arguments)
    assert said in refused(result)
    assert result.stdout == ""
