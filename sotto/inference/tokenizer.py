"""Text to tokens and back, as Whisper does it."""


class Tokenizer:
    """Byte-pair encoding with Whisper's special tokens."""
