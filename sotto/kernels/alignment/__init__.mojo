"""When each token was spoken, by the decoder's attention to the audio."""

from .op import Alignment
