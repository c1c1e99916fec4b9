"""Voice activity detection with WebRTC's detector: does a frame of sound hold a voice?"""

import numpy as np
import webrtcvad

from sotto.audio.input.source import SAMPLE_RATE, Pcm

FRAME_MS = 20  # webrtcvad takes 10, 20 or 30; the pause of 0.2 s is a whole number of 20
FRAME_SAMPLES = SAMPLE_RATE * FRAME_MS // 1000  # 320
INT16_SCALE = 32_768  # [-1, 1) fills 16 bits, as the decoders' int16 → float conversion did


class VoiceDetector:
    """WebRTC's Gaussian-mixture detector. It adapts to the noise: feed it every frame, in order.

    Owned by the engine thread.

    Args:
        aggressiveness: 0 (takes much for speech) to 3 (takes little for speech).
    """

    def __init__(self, aggressiveness: int) -> None:
        self._vad = webrtcvad.Vad(aggressiveness)

    def is_voiced(self, frame: Pcm) -> bool:
        """Tell whether `FRAME_SAMPLES` samples hold a voice."""
        scaled = np.clip(np.rint(frame * INT16_SCALE), -INT16_SCALE, INT16_SCALE - 1)
        return bool(self._vad.is_speech(scaled.astype("<i2").tobytes(), SAMPLE_RATE))
