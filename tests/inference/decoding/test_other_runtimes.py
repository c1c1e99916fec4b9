"""The model in the box says the same in transformers and in faster-whisper.

Their tokens are written by `tools/golden/other_runtimes.py`.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from sotto.inference.decoding import DecodingOptions, decode, encode_window
from sotto.inference.model import WhisperModel
from tests.helpers.clips import Clip

GOLDEN = Path(__file__).parents[2] / "golden" / "other_runtimes" / "starter-en.json"
WINDOWS: list[dict[str, Any]] = json.loads(GOLDEN.read_text(encoding="utf-8"))["windows"]
RUNTIMES = ("transformers", "faster-whisper")
MIN_WINDOWS = 20  # of 32: near ties are left out


def name(window: dict[str, Any]) -> str:
    return f"{Path(window['clip']).stem}{'-timestamps' if window['timestamps'] else ''}"


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("window", WINDOWS, ids=name)
def test_greedy_tokens_are_those_of_other_runtimes(
    starter_model: WhisperModel, window: dict[str, Any], runtime: str
) -> None:
    audio = encode_window(starter_model, Clip(window["clip"], "").pcm())
    options = DecodingOptions(language="en", without_timestamps=not window["timestamps"])
    assert list(decode(starter_model, audio, options).tokens) == window["tokens"][runtime]


@pytest.mark.parametrize("timestamps", [False, True])
def test_both_kinds_of_windows_are_there(timestamps: bool) -> None:
    assert sum(window["timestamps"] == timestamps for window in WINDOWS) >= MIN_WINDOWS // 2
    assert all(window["tokens"]["transformers"] for window in WINDOWS)
