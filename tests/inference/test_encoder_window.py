import dataclasses

import pytest

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.encoder_window import (
    FINAL_PADDING,
    PARTIAL_PADDING,
    SHORTEST,
    short_window,
    whole_window,
)

TINY = ModelDimensions(80, 1500, 384, 6, 4, 51864, 448, 384, 6, 4)
TURBO = ModelDimensions(128, 1500, 1280, 20, 32, 51866, 448, 1280, 20, 4)


@pytest.mark.parametrize(("final", "padding"), [(False, PARTIAL_PADDING), (True, FINAL_PADDING)])
@pytest.mark.parametrize("n_frames", range(0, 3001, 37))
def test_stock_weights_get_at_least_their_padding(
    n_frames: int, padding: int, *, final: bool
) -> None:
    frames = short_window(n_frames, TINY, native_short_window=False, final=final)
    assert frames / 2 >= min(1500, max(SHORTEST, n_frames / 2 + padding))
    assert frames <= 3000
    assert frames % 2 == 0


def test_stock_weights_see_few_different_lengths() -> None:
    lengths = {short_window(n, TINY, native_short_window=False, final=True) for n in range(3001)}
    assert len(lengths) <= 20


def test_the_whole_window_is_30_s() -> None:
    assert whole_window(TINY) == 3000


def test_turbo_always_gets_30_s() -> None:
    assert short_window(100, TURBO, native_short_window=False, final=False) == 3000


@pytest.mark.parametrize("final", [False, True])
@pytest.mark.parametrize("n_frames", [0, 1, 19, 20, 333, 2999, 3000])
def test_a_native_model_gets_the_true_length(n_frames: int, *, final: bool) -> None:
    frames = short_window(n_frames, TINY, native_short_window=True, final=final)
    assert frames % 2 == 0
    assert max(20, n_frames) <= frames <= min(3000, max(20, n_frames + 40))


def test_a_model_of_fewer_positions_is_not_overrun() -> None:
    small = dataclasses.replace(TINY, n_audio_ctx=100)
    assert short_window(100, small, native_short_window=False, final=True) == 200
