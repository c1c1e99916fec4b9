"""Three models say the same in transformers and in faster-whisper.

Their tokens are written by `tools/golden/other_runtimes.py`.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sotto.inference.decoding import DecodingOptions, decode, encode_window
from sotto.inference.interfaces import Model
from tools.fixtures.clips import Clip

FOLDER = Path(__file__).parents[2] / "golden" / "other_runtimes"
MODELS = ("starter-en", "tiny.en", "base")
GOLDEN: dict[str, dict[str, Any]] = {
    model: json.loads((FOLDER / f"{model}.json").read_text(encoding="utf-8")) for model in MODELS
}
RUNTIMES = ("transformers", "faster-whisper")
MIN_KEPT = 0.95  # near ties are left out
MIN_WINDOWS = 4  # of a model, with and without timestamps each


def windows() -> list[Any]:
    return [
        pytest.param(model, window, id=f"{model}-{name(window)}")
        for model in MODELS
        for window in GOLDEN[model]["windows"]
    ]


def name(window: dict[str, Any]) -> str:
    return f"{Path(window['clip']).stem}{'-timestamps' if window['timestamps'] else ''}"


@pytest.mark.parametrize(("model_name", "window"), windows())
def test_greedy_tokens_are_those_of_other_runtimes(
    golden_model: Callable[[str], Model], model_name: str, window: dict[str, Any]
) -> None:
    model = golden_model(model_name)
    audio = encode_window(model, Clip(window["clip"], "").pcm())
    options = DecodingOptions(
        language=window["language"], without_timestamps=not window["timestamps"]
    )
    tokens = list(decode(model, audio, options).tokens)
    assert dict.fromkeys(RUNTIMES, tokens) == window["tokens"]


def test_few_near_ties_are_left_out() -> None:
    n_kept = sum(len(content["windows"]) for content in GOLDEN.values())
    n_left_out = sum(int(content["left_out"]) for content in GOLDEN.values())
    assert n_kept / (n_kept + n_left_out) >= MIN_KEPT


@pytest.mark.parametrize("timestamps", [False, True])
@pytest.mark.parametrize("model", MODELS)
def test_both_kinds_of_windows_are_there(model: str, timestamps: bool) -> None:
    kept = GOLDEN[model]["windows"]
    assert sum(window["timestamps"] == timestamps for window in kept) >= MIN_WINDOWS
    assert all(window["tokens"]["transformers"] for window in kept)
