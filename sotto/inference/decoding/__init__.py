"""Decoding as openai-whisper (release 20250625) does it, over the `Model` protocol.

One window: `encode_window` then `decode`. A recording: `transcribe`. Both give the tokens that
openai-whisper gives on the same weights.
"""

from sotto.inference.decoding.mel_window import encode_window
from sotto.inference.decoding.options import DecodingOptions, TranscribeOptions
from sotto.inference.decoding.result import (
    DecodingResult,
    Segment,
    Transcription,
    WordTiming,
)
from sotto.inference.decoding.search.decode import decode, detect_language
from sotto.inference.decoding.transcribe import transcribe

__all__ = [
    "DecodingOptions",
    "DecodingResult",
    "Segment",
    "TranscribeOptions",
    "Transcription",
    "WordTiming",
    "decode",
    "detect_language",
    "encode_window",
    "transcribe",
]
