"""How repetitive a text is."""

import zlib


def compression_ratio(text: str) -> float:
    """Return how many times zlib makes the text smaller (openai-whisper's `compression_ratio`)."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))
