"""Detecting the language that is spoken."""

from sotto.inference.decoding.numerics import softmax
from sotto.inference.interfaces import Audio, Model


def detect_language(model: Model, audio: Audio) -> dict[str, float]:
    """Return the probability of each language code, of a multilingual model.

    openai-whisper's `detect_language`: the token after start-of-transcript, among the languages.
    """
    tokenizer = model.checkpoint.tokenizer
    logits = model.decode([tokenizer.sot], model.new_cache(), audio)[-1]
    probabilities = softmax(logits[list(tokenizer.all_language_tokens)])
    return {
        code: float(probability)
        for code, probability in zip(tokenizer.all_language_codes, probabilities, strict=True)
    }


def likeliest(language_probs: dict[str, float]) -> str:
    """Return the code of the likeliest language."""
    return max(language_probs, key=language_probs.__getitem__)
