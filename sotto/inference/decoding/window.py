"""What the encoder hears: mel frames of a recording, padded as the checkpoint was trained."""

from dataclasses import dataclass

import numpy as np

from sotto.inference.dimensions import HOP_LENGTH, N_FFT, N_FRAMES, N_SAMPLES, N_SAMPLES_PER_TOKEN
from sotto.inference.interfaces import Array, Audio, Checkpoint, Model

# Silence put behind a recording, so that its last frames fade out instead of being mirrored.
# Two windows of the Fourier transform give the same frames as openai-whisper's 30 seconds.
_SILENCE = np.zeros(2 * N_FFT, np.float32)

MIN_FRAMES = 20  # 0.2 s, the shortest window that the encoder takes


@dataclass(frozen=True, slots=True)
class Spectrogram:
    """Normalised mel (n_frames, n_mels) of a whole recording; `floor` is its silence."""

    mel: Array
    floor: float

    @property
    def n_frames(self) -> int:
        """Frames of 10 ms, without padding."""
        return len(self.mel)

    def window(self, seek: int, n_frames: int, checkpoint: Checkpoint) -> Array:
        """Return the frames from `seek` on, padded to a length that the model knows."""
        frames = self.mel[seek : seek + n_frames]
        if checkpoint.native_short_window:
            length = max(MIN_FRAMES, len(frames) + len(frames) % 2)
            return _pad(frames, length, self.floor)
        # Stock weights saw nothing but 30 s; openai-whisper fills up with 0, which is not silence.
        return _pad(frames, N_FRAMES, 0.0)


def spectrogram(model: Model, pcm: Array) -> Spectrogram:
    """Return the normalised log-mel of pcm (n_samples,), 16 kHz, [-1, 1].

    As openai-whisper's `log_mel_spectrogram` with padding, cut to the recording's own length.
    """
    raw = model.log_mel(np.concatenate([pcm.astype(np.float32, copy=False), _SILENCE]))
    floor = raw.max() - 8.0
    mel = (np.maximum(raw, floor) + 4.0) / 4.0
    return Spectrogram(mel[: len(pcm) // HOP_LENGTH], float((floor + 4.0) / 4.0))


def encode_window(model: Model, pcm: Array) -> Audio:
    """Encode at most 30 s of pcm (n_samples,), 16 kHz, [-1, 1]."""
    n_samples = N_SAMPLES
    if model.checkpoint.native_short_window:
        n_positions = -(-len(pcm) // N_SAMPLES_PER_TOKEN)
        n_samples = min(n_positions * N_SAMPLES_PER_TOKEN, N_SAMPLES)
    padded = np.zeros(n_samples, np.float32)
    padded[: len(pcm)] = pcm[:n_samples]
    whole = spectrogram(model, padded)
    return model.encode(whole.window(0, N_FRAMES, model.checkpoint))


def _pad(frames: Array, length: int, value: float) -> Array:
    missing = max(0, length - len(frames))
    return np.pad(frames, ((0, missing), (0, 0)), constant_values=value)
