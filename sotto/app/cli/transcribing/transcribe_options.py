"""From the flags of `sotto transcribe` to what decoding is asked for."""

import argparse

import numpy as np

from sotto.app.core.speech_windows import KEPT_S, Hearing
from sotto.inference.decoding import TranscribeOptions
from sotto.inference.decoding.options import APPENDED, PREPENDED
from sotto.inference.languages import to_spoken_language


def options_of(arguments: argparse.Namespace) -> TranscribeOptions:
    """Return what the flags ask for.

    Raises:
        UsageError: flags that contradict each other, or no language of Whisper.
    """
    prepended, appended = arguments.prepend_punctuations, arguments.append_punctuations
    return TranscribeOptions(
        task=arguments.task,
        language=to_spoken_language(arguments.language or "") or None,
        multilingual=arguments.multilingual,
        language_detection_segments=arguments.language_detection_segments,
        language_detection_threshold=arguments.language_detection_threshold,
        sample_len=arguments.max_new_tokens,
        batch_size=arguments.batch_size,
        beam_size=arguments.beam_size,
        best_of=arguments.best_of,
        patience=arguments.patience,
        length_penalty=arguments.length_penalty,
        suppress_tokens=arguments.suppress_tokens,
        suppress_regex=arguments.suppress_regex,
        suppress_blank=arguments.suppress_blank,
        repetition_penalty=arguments.repetition_penalty,
        no_repeat_ngram_size=arguments.no_repeat_ngram_size,
        without_timestamps=arguments.without_timestamps,
        max_initial_timestamp_s=arguments.max_initial_timestamp,
        temperatures=_temperatures(
            arguments.temperature, arguments.temperature_increment_on_fallback
        ),
        compression_ratio_threshold=arguments.compression_ratio_threshold,
        logprob_threshold=arguments.logprob_threshold,
        no_speech_threshold=arguments.no_speech_threshold,
        condition_on_previous_text=arguments.condition_on_previous_text,
        prompt_reset_on_temperature=arguments.prompt_reset_on_temperature,
        max_prompt_tokens=None if arguments.max_context < 0 else arguments.max_context,
        initial_prompt=arguments.initial_prompt,
        carry_initial_prompt=arguments.carry_initial_prompt,
        hotwords=arguments.hotwords,
        prefix=arguments.prefix,
        clip_timestamps=arguments.clip_timestamps,
        language_from_first_clip=arguments.vad,
        word_timestamps=arguments.word_timestamps,
        prepend_punctuations=PREPENDED if prepended is None else prepended,
        append_punctuations=APPENDED if appended is None else appended,
        hallucination_silence_threshold=arguments.hallucination_silence_threshold,
    )


def hearing_of(arguments: argparse.Namespace) -> Hearing:
    """Return what the flags take for speech; what they leave open is as it always is."""
    silence_ms, pad_ms = arguments.vad_min_silence_duration_ms, arguments.vad_speech_pad_ms
    asked = {
        "threshold": arguments.vad_threshold,
        "min_speech_ms": arguments.vad_min_speech_duration_ms,
        "max_speech_s": arguments.vad_max_speech_duration_s,
        "max_pause_s": None if silence_ms is None else silence_ms / 1000,
        "pad_s": None if pad_ms is None else max(0.0, pad_ms / 1000 - KEPT_S),
    }
    return Hearing(**{name: value for name, value in asked.items() if value is not None})


def _temperatures(first: float, step: float | None) -> tuple[float, ...]:
    """Return the temperatures to try, as openai-whisper's command line makes them.

    whisper.cpp switches further tries off by a step of 0, openai-whisper by none.
    """
    if not step:
        return (first,)
    return tuple(np.arange(first, 1.0 + 1e-6, step).round(6).tolist())
