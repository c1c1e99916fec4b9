"""The report for programs, and what fresh processes tell."""

import subprocess
import sys

import pytest

from sotto.app.core.bench.report import as_dict
from sotto.app.core.bench.start import measure_start
from sotto.errors import ModelError
from sotto.inference.compute_type import ComputeType
from tests.helpers.bench_report import made_up_report

THREADS_AFTER_ONE_IS_CHOSEN = """
from sotto.app.cli.processors import use_processors
from sotto.app.core.bench.hardware import this_machine
from sotto.inference.compute_type import ComputeType
use_processors(1)
print(this_machine(ComputeType.FLOAT32).threads)
"""


def test_the_object_repeats_the_figures_with_their_units() -> None:
    figures = as_dict(made_up_report())
    assert figures["encoder_5s_ms"] == {"min": 20.0, "median": 30.0, "runs": 7}
    assert figures["utterance_5s_ms"] == {"min": 40.0, "median": 60.0, "runs": 7}
    assert figures["decoder_token_30s_ms"]["min"] == 3.0
    assert figures["rss_peak_mb"] == 150.0
    assert figures["real_time_factor"] == pytest.approx(0.210 / 7)
    assert figures["compute_type"] == "int8"
    assert (figures["cores"], figures["threads"]) == (8, 4)


def test_windows_that_a_model_does_not_take_are_null() -> None:
    all_windows, few_windows = as_dict(made_up_report()), as_dict(made_up_report((1, 2, 5)))
    assert list(few_windows) == list(all_windows)
    assert few_windows["encoder_30s_ms"] is None
    assert few_windows["decoder_token_30s_ms"] is None
    assert [each["window_s"] for each in few_windows["windows"]] == [1, 2, 5]


def test_a_fresh_engine_hears_the_clip() -> None:
    figures = measure_start("starter-en", ComputeType.FLOAT32, 1)
    assert figures.text.startswith("Hello")
    assert figures.first_result.runs == 1
    assert figures.rss_peak_bytes > 7.6e6 * 4  # its weights


def test_a_process_without_a_result_is_an_error_of_one_line(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(ModelError, match="ended without a result") as caught:
        measure_start("no-such-model", ComputeType.FLOAT32, 1)
    assert "\n" not in str(caught.value)
    assert "no-such-model" in capfd.readouterr().err


def test_threads_are_those_that_the_process_may_use() -> None:
    program = [sys.executable, "-c", THREADS_AFTER_ONE_IS_CHOSEN]
    assert subprocess.run(program, capture_output=True, text=True, check=True).stdout == "1\n"


def test_a_fresh_engine_imports_nothing_of_a_window() -> None:
    program = "import sys, sotto.app.core.bench.engine_process; print('PySide6' in sys.modules)"
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"
