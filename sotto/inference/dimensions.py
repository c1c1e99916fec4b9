"""The shape of a Whisper model and the constants that derive from it."""

from dataclasses import dataclass


def exact_div(numerator: int, denominator: int) -> int:
    """Divide without remainder."""
    quotient, remainder = divmod(numerator, denominator)
    if remainder:
        raise ValueError(f"{numerator} is not a multiple of {denominator}")
    return quotient


SAMPLE_RATE = 16_000  # Hz
N_FFT = 400  # samples, 25 ms
HOP_LENGTH = 160  # samples, 10 ms
CHUNK_LENGTH = 30  # seconds
N_SAMPLES = CHUNK_LENGTH * SAMPLE_RATE  # 480000 in a 30 s window
N_FRAMES = exact_div(N_SAMPLES, HOP_LENGTH)  # 3000 mel frames in a 30 s window
N_SAMPLES_PER_TOKEN = HOP_LENGTH * 2  # conv2 has stride 2
FRAMES_PER_SECOND = exact_div(SAMPLE_RATE, HOP_LENGTH)  # 100
TOKENS_PER_SECOND = exact_div(SAMPLE_RATE, N_SAMPLES_PER_TOKEN)  # 50 encoder positions


@dataclass(frozen=True, slots=True)
class ModelDimensions:
    """The same ten numbers, under the same names, as openai-whisper's `ModelDimensions`."""

    n_mels: int
    n_audio_ctx: int
    n_audio_state: int
    n_audio_head: int
    n_audio_layer: int
    n_vocab: int
    n_text_ctx: int
    n_text_state: int
    n_text_head: int
    n_text_layer: int
