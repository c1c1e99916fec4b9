"""openai-whisper, with its command line's defaults: sound on standard input, text as JSON out.

python with_openai_whisper.py MODEL int8|float32 LANGUAGE
"""

import json
import sys
import time

import numpy as np
import whisper


def main() -> None:
    """Transcribe float32 samples, 16 kHz; without LANGUAGE it is detected. It has no int8."""
    path, _, language = sys.argv[1:]
    pcm = np.frombuffer(bytearray(sys.stdin.buffer.read()), np.float32)
    model = whisper.load_model(path, device="cpu")
    started = time.perf_counter()
    found = model.transcribe(
        pcm,
        language=language or None,
        beam_size=5,
        best_of=5,
        temperature=(0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
        fp16=False,
    )
    seconds = time.perf_counter() - started
    segments = [
        {name: each[name] for name in ("start", "end", "text")} for each in found["segments"]
    ]
    json.dump({"segments": segments, "seconds": seconds}, sys.stdout)


main()
