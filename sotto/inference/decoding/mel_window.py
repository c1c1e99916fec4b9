"""What the encoder hears: mel frames of a recording, padded as the checkpoint was trained."""

from dataclasses import dataclass

import numpy as np

from sotto.inference.dimensions import HOP_LENGTH, N_FFT, N_FRAMES
from sotto.inference.encoder_window import SHORT_WINDOW_SILENCE, short_window
from sotto.inference.interfaces import Array, Audio, Checkpoint, Model

# Silence put behind a recording, so that its last frames fade out instead of being mirrored.
# Two windows of the Fourier transform give the same frames as openai-whisper's 30 seconds.
_SILENCE = np.zeros(2 * N_FFT, np.float32)


@dataclass(frozen=True, slots=True)
class Spectrogram:
    """Normalised mel of a recording, (n_frames, n_mels), and of silence, (n_mels,)."""

    mel: Array
    silence: Array

    @property
    def n_frames(self) -> int:
        """Frames of 10 ms."""
        return len(self.mel)

    def window(
        self, seek: int, n_frames: int, checkpoint: Checkpoint, *, is_short: bool = False
    ) -> Array:
        """Return the frames from `seek` on, padded to a length that the model knows.

        Stock weights know 30 s alone, but mostly do with less (`short_window`).
        """
        frames = self.mel[seek : seek + n_frames]
        if checkpoint.native_short_window:
            length = len(frames) + SHORT_WINDOW_SILENCE
            n_missing = min(length + length % 2, N_FRAMES) - len(frames)
            return np.concatenate([frames, np.tile(self.silence, (n_missing, 1))])
        # Stock weights saw nothing but 30 s; openai-whisper fills up with 0, which is not silence.
        length = N_FRAMES
        if is_short:
            length = short_window(
                len(frames), checkpoint.dimensions, native_short_window=False, final=True
            )
        return np.pad(frames, ((0, length - len(frames)), (0, 0)))


def spectrogram(model: Model, pcm: Array) -> Spectrogram:
    """Return the normalised log-mel of pcm (n_samples,), 16 kHz, [-1, 1].

    As openai-whisper's `log_mel_spectrogram` with padding, cut to the recording's own length.
    """
    raw = model.log_mel(np.concatenate([pcm.astype(np.float32, copy=False), _SILENCE]))
    mel = (np.maximum(raw, raw.max() - 8.0) + 4.0) / 4.0
    return Spectrogram(mel[: len(pcm) // HOP_LENGTH], mel[-1])


def encode_window(model: Model, pcm: Array) -> Audio:
    """Encode the first 30 s of pcm (n_samples,), 16 kHz, [-1, 1]."""
    return model.encode(spectrogram(model, pcm).window(0, N_FRAMES, model.checkpoint))
