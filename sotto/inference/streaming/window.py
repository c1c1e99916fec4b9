"""How long the window is that the encoder sees of a growing segment."""

from sotto.inference.decoding.window import SHORT_WINDOW_SILENCE
from sotto.inference.dimensions import ModelDimensions

# Encoder positions (20 ms). Stock weights saw nothing but 30 s: with less than 2.56 s of padding,
# or in windows below 7.68 s, they fall into loops.
_PADDING = 128
_SHORTEST = 384
# Few lengths, so that memory is planned once for each of them.
_BUCKETS = (384, 512, 640, 768, 1024, 1500)


def window_frames(
    n_frames: int, dimensions: ModelDimensions, *, native_short_window: bool, final: bool
) -> int:
    """Return the number of mel frames (10 ms) to encode for `n_frames` of audio; even.

    Args:
        n_frames: mel frames of audio held, at most the model's 30 s.
        dimensions: the model's.
        native_short_window: the model was trained on windows of true length.
        final: accuracy goes before speed, so stock weights get the 30 s that they know.
    """
    whole = 2 * dimensions.n_audio_ctx
    if native_short_window:
        padded = n_frames + SHORT_WINDOW_SILENCE
        return min(padded + padded % 2, whole)
    if final or _is_turbo(dimensions):
        return whole
    wanted = (n_frames + 1) // 2 + _PADDING
    bucket = next((b for b in _BUCKETS if b >= wanted), dimensions.n_audio_ctx)
    return min(2 * bucket, whole)


def _is_turbo(dimensions: ModelDimensions) -> bool:
    """large-v3-turbo's four decoder layers do not stand any window but 30 s."""
    return dimensions.n_audio_layer == 32 and dimensions.n_text_layer == 4
