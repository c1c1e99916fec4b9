import dataclasses

import pytest

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.streaming.window import window_frames

TINY = ModelDimensions(80, 1500, 384, 6, 4, 51864, 448, 384, 6, 4)
TURBO = ModelDimensions(128, 1500, 1280, 20, 32, 51866, 448, 1280, 20, 4)


@pytest.mark.parametrize("n_frames", range(0, 3001, 37))
def test_stock_weights_get_at_least_their_padding_in_partials(n_frames: int) -> None:
    frames = window_frames(n_frames, TINY, native_short_window=False, final=False)
    positions = frames / 2
    assert positions >= min(1500, max(384, n_frames / 2 + 128))
    assert frames <= 3000


def test_stock_weights_see_few_different_lengths() -> None:
    lengths = {window_frames(n, TINY, native_short_window=False, final=False) for n in range(3001)}
    assert len(lengths) <= 6


def test_a_final_pass_gets_30_s() -> None:
    assert window_frames(100, TINY, native_short_window=False, final=True) == 3000


def test_turbo_always_gets_30_s() -> None:
    assert window_frames(100, TURBO, native_short_window=False, final=False) == 3000


@pytest.mark.parametrize("final", [True, False])
@pytest.mark.parametrize("n_frames", [0, 1, 19, 20, 333, 2999, 3000])
def test_a_native_model_gets_the_true_length(n_frames: int, final: bool) -> None:
    frames = window_frames(n_frames, TINY, native_short_window=True, final=final)
    assert frames % 2 == 0
    assert max(20, n_frames) <= frames <= min(3000, max(20, n_frames + 40))


def test_a_model_of_fewer_positions_is_not_overrun() -> None:
    small = dataclasses.replace(TINY, n_audio_ctx=100)
    assert window_frames(100, small, native_short_window=False, final=False) == 200
