"""Is somebody surely speaking in a stretch of sound that may be speech?"""

from sotto.audio.input.source import Pcm
from sotto.audio.speech.silero import CHUNK_SAMPLES, Silero
from sotto.audio.speech.speech_judge import BEGINS

SURE = 0.85
"""Silero's probability, which some moment of any speech passes: of 254 single words cut out of
sentences (LJ Speech) 253 reach 0.9. Of 15 sounds of ESC-10 in which it hears speech at all (above
0.5: rain, dogs, clocks, engines) 10 stay below; so do tones like music, at 0.75."""


def is_sure_speech(pcm: Pcm, threshold: float = BEGINS) -> bool:
    """Tell for pcm (n_samples,), 16 kHz; looks no further than the first moment of speech.

    Args:
        pcm: To judge.
        threshold: the probability from which on it was taken for speech; who takes less for speech
            is surer of it.
    """
    sure = max(threshold, SURE * min(1.0, threshold / BEGINS))
    silero = Silero()
    chunks = pcm[: len(pcm) // CHUNK_SAMPLES * CHUNK_SAMPLES].reshape(-1, 1, CHUNK_SAMPLES)
    return any(silero.probability(silero.encode(chunk)[0]) >= sure for chunk in chunks)
