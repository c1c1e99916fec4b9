"""How long the window is that the encoder sees of a segment."""

from sotto.inference.dimensions import ModelDimensions

# Models of short windows were trained with some silence at the end. With less than this the
# model in the box misses an end timestamp; without timestamps it makes no difference.
SHORT_WINDOW_SILENCE = 30  # mel frames, 0.3 s

# Encoder positions (20 ms). Stock weights saw nothing but 30 s: with little silence behind the
# speech, or in very short windows, they fall into loops.
PARTIAL_PADDING = 128
FINAL_PADDING = 256
SHORTEST = 384
STEP = 64  # few lengths, so that memory is planned once for each of them


def short_window(
    n_frames: int, dimensions: ModelDimensions, *, native_short_window: bool, final: bool
) -> int:
    """Return the number of mel frames (10 ms) that are enough for `n_frames` of audio; even.

    Args:
        n_frames: mel frames of audio held, at most the model's 30 s.
        dimensions: the model's.
        native_short_window: the model was trained on windows of true length.
        final: accuracy goes before speed.
    """
    whole = whole_window(dimensions)
    if native_short_window:
        padded = n_frames + SHORT_WINDOW_SILENCE
        return min(padded + padded % 2, whole)
    if _is_turbo(dimensions):
        return whole
    padding = FINAL_PADDING if final else PARTIAL_PADDING
    wanted = max(SHORTEST, (n_frames + 1) // 2 + padding)
    return min(2 * STEP * -(-wanted // STEP), whole)


def whole_window(dimensions: ModelDimensions) -> int:
    """Return the mel frames of 30 s, the only length that stock weights were trained on."""
    return 2 * dimensions.n_audio_ctx


def _is_turbo(dimensions: ModelDimensions) -> bool:
    """large-v3-turbo's four decoder layers do not stand any window but 30 s."""
    return dimensions.n_audio_layer == 32 and dimensions.n_text_layer == 4
