"""Log-mel spectrogram of framed speech."""

from .op import LogMel, SmoothLogMel
