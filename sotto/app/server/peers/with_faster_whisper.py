"""faster-whisper, with its own defaults: sound on standard input, text as JSON on standard output.

python with_faster_whisper.py MODEL int8|float32 LANGUAGE
"""

import json
import sys
import time

import numpy as np
from faster_whisper import WhisperModel


def main() -> None:
    """Transcribe float32 samples, 16 kHz; without LANGUAGE it is detected."""
    folder, compute_type, language = sys.argv[1:]
    pcm = np.frombuffer(sys.stdin.buffer.read(), np.float32)
    model = WhisperModel(folder, device="cpu", compute_type=compute_type, local_files_only=True)
    started = time.perf_counter()
    # Its command line's beams; the segments are found as they are asked for.
    found, _ = model.transcribe(pcm, language=language or None, beam_size=5)
    segments = [{"start": each.start, "end": each.end, "text": each.text} for each in found]
    seconds = time.perf_counter() - started
    json.dump({"segments": segments, "seconds": seconds}, sys.stdout)


main()
