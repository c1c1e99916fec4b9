"""Judging a window's text, and decoding again at a higher temperature when it is bad."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sotto.inference.decoding.options import TranscribeOptions
from sotto.inference.decoding.result import DecodingResult
from sotto.inference.decoding.search.decode import DecodingTask
from sotto.inference.decoding.search.steps import Steps, finish
from sotto.inference.interfaces import Audio, Model


def decode_with_fallback(  # noqa: PLR0913 (what is before the text comes in two parts)
    model: Model,
    audio: Audio,
    options: TranscribeOptions,
    prompt: Sequence[int],
    rng: np.random.Generator,
    *,
    beginning: Sequence[int] = (),
) -> DecodingResult:
    """Decode at each temperature in turn until a result is good enough.

    Where none is, openai-whisper returns the last, which is drawn by chance ("What's this dog cat
    gone insane?" of a sneeze); here it is the likeliest of those that do not repeat themselves, as
    in faster-whisper's `generate_with_fallback`. Like there it bears the last temperature, so that
    it is no prompt for what follows.
    """
    steps = steps_with_fallback(model, audio, options, prompt, rng, beginning=beginning)
    return finish(model, steps)


def steps_with_fallback(  # noqa: PLR0913 (one of them by keyword)
    model: Model,
    audio: Audio,
    options: TranscribeOptions,
    prompt: Sequence[int],
    rng: np.random.Generator,
    *,
    beginning: Sequence[int] = (),
) -> Steps[DecodingResult]:
    """Do as `decode_with_fallback`, by steps of the decoder."""
    before = (tuple(prompt), tuple(beginning))
    task = DecodingTask(model, audio, options.at(0.0, *before))
    failed: list[DecodingResult] = []
    for temperature in options.temperatures:
        result = yield from task.steps(options.at(temperature, *before), rng)
        if not has_failed(result, options):
            return result
        failed.append(result)
    plain = [each for each in failed if not _is_repetitive(each, options)]
    likeliest = max(plain or failed, key=lambda each: each.avg_logprob)
    return replace(likeliest, temperature=options.temperatures[-1])


def has_failed(result: DecodingResult, options: TranscribeOptions) -> bool:
    """Whether the text is repetitive or improbable, and not because the window is silent."""
    below_threshold = _is_improbable(result, options)
    if below_threshold and _holds_no_speech(result, options):
        return False
    return _is_repetitive(result, options) or below_threshold


def is_improbable(result: DecodingResult, options: TranscribeOptions) -> bool:
    """Whether the text is improbable, and not because the window is silent."""
    return _is_improbable(result, options) and not _holds_no_speech(result, options)


def is_silent(result: DecodingResult, options: TranscribeOptions) -> bool:
    """Whether to drop the text because nobody spoke: likely no speech, and not a likely text."""
    if not _holds_no_speech(result, options):
        return False
    threshold = options.logprob_threshold
    return threshold is None or result.avg_logprob <= threshold


def _is_repetitive(result: DecodingResult, options: TranscribeOptions) -> bool:
    threshold = options.compression_ratio_threshold
    return threshold is not None and result.compression_ratio > threshold


def _is_improbable(result: DecodingResult, options: TranscribeOptions) -> bool:
    threshold = options.logprob_threshold
    return threshold is not None and result.avg_logprob < threshold


def _holds_no_speech(result: DecodingResult, options: TranscribeOptions) -> bool:
    threshold = options.no_speech_threshold
    return threshold is not None and result.no_speech_prob > threshold
