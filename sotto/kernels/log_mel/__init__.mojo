"""Log-mel spectrogram of framed speech."""

from .router import LogMel, SmoothLogMel
