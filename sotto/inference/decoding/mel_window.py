"""What the encoder hears: mel frames of a recording, padded as the checkpoint was trained."""

from dataclasses import dataclass

import numpy as np

from sotto.inference.dimensions import FRAMES_PER_SECOND, HOP_LENGTH, N_FFT, N_FRAMES
from sotto.inference.encoder_window import SHORT_WINDOW_SILENCE, short_window
from sotto.inference.interfaces import Array, Audio, Checkpoint, Model, Sound

# Silence put behind a recording, so that its last frames fade out instead of being mirrored.
# Two windows of the Fourier transform give the same frames as openai-whisper's 30 seconds.
_SILENCE = np.zeros(2 * N_FFT, np.float32)
_MARGIN_FRAMES = 2  # around a piece, as a frame reaches beyond its 10 ms: at edges it is mirrored
_PIECE_FRAMES = 60 * FRAMES_PER_SECOND  # of which samples, and what comes of them, are held at once


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


def spectrogram(model: Model, pcm: Sound) -> Spectrogram:
    """Return the normalised log-mel of pcm (n_samples,), 16 kHz, [-1, 1].

    As openai-whisper's `log_mel_spectrogram` with padding, cut to the recording's own length.
    """
    n_frames = (len(pcm) + len(_SILENCE)) // HOP_LENGTH
    mel = np.empty((n_frames, model.checkpoint.dimensions.n_mels), np.float32)
    for first in range(0, n_frames, _PIECE_FRAMES):
        end = min(n_frames, first + _PIECE_FRAMES)
        mel[first:end] = _raw_frames(model, pcm, first, end)
    np.maximum(mel, mel.max() - 8.0, out=mel)
    mel += 4.0
    mel /= 4.0
    return Spectrogram(mel[: len(pcm) // HOP_LENGTH], mel[-1])


def _raw_frames(model: Model, pcm: Sound, first: int, end: int) -> Array:
    """Return the log-mel of some frames of the sound and the silence behind it."""
    before = min(first, _MARGIN_FRAMES)
    start, stop = (first - before) * HOP_LENGTH, (end + _MARGIN_FRAMES) * HOP_LENGTH
    sound = pcm[start:stop].astype(np.float32, copy=False)
    silence = _SILENCE[: max(0, stop - max(start, len(pcm)))]
    raw = model.log_mel(np.concatenate([sound, silence]))
    return raw[before : before + end - first]


def encode_window(model: Model, pcm: Array) -> Audio:
    """Encode the first 30 s of pcm (n_samples,), 16 kHz, [-1, 1]."""
    return model.encode(spectrogram(model, pcm).window(0, N_FRAMES, model.checkpoint))
