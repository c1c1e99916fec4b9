"""faster-whisper (CTranslate2) as a program under comparison."""

from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel

from tools.peers.engine import POSITIONS_PER_S, Hear, Pcm, Run, Setup, cut, padded_mel


def load(setup: Setup) -> "FasterWhisper":
    """Load a folder in CTranslate2's layout."""
    model = WhisperModel(
        setup.model,
        device="cpu",
        compute_type=setup.compute_type,
        cpu_threads=setup.threads,
        local_files_only=True,
    )
    return FasterWhisper(setup, model)


class FasterWhisper:
    """An `Engine`.

    The package itself always fills up to 30 s; short windows go straight to CTranslate2.
    """

    def __init__(self, setup: Setup, model: Any) -> None:
        self._prompt = list(setup.prompt)
        self._model = model
        self._pcm = setup.pcm()

    def log_mel(self, seconds: float) -> Run:
        pcm = cut(self._pcm, seconds)

        def run() -> None:
            self._model.feature_extractor(pcm)

        return run

    def encoder(self, seconds: float) -> Run:
        features = self._features(seconds, round(POSITIONS_PER_S * seconds))

        def run() -> None:
            self._model.model.encode(features)

        return run

    def decoder(self, seconds: float, n_tokens: int) -> Run:
        features = self._features(seconds, round(POSITIONS_PER_S * seconds))
        states = self._model.model.encode(features)
        return lambda: self._generate(states, n_tokens)

    def by_default(self, seconds: float, n_tokens: int) -> Run:
        """Search with 5 beams."""
        return self._transcribe(seconds, n_tokens, beam_size=5)

    def greedy(self, seconds: float, n_tokens: int) -> Run:
        return self._transcribe(seconds, n_tokens, beam_size=1)

    def in_window(self, seconds: float, n_tokens: int, positions: int) -> Run:
        def run() -> list[int]:
            features = self._features(seconds, positions)
            return self._generate(self._model.model.encode(features), n_tokens)

        return run

    def transcription(self, pcm: Pcm, language: str) -> Hear:
        return lambda: _text(self._model.transcribe(pcm, language=language))

    def batched_transcription(self, pcm: Pcm, language: str) -> Hear:
        """Cut at pauses by Silero's model, and hear up to eight stretches at a time."""
        pipeline = BatchedInferencePipeline(model=self._model)
        return lambda: _text(pipeline.transcribe(pcm, language=language))

    def _transcribe(self, seconds: float, n_tokens: int, beam_size: int) -> Run:
        pcm = cut(self._pcm, seconds)

        def run() -> list[int]:
            segments, _ = self._model.transcribe(
                pcm,
                language="en",
                beam_size=beam_size,
                temperature=0.0,
                condition_on_previous_text=False,
                without_timestamps=True,
                # The package adds the prompt to this, and CTranslate2 then halves it.
                max_new_tokens=2 * n_tokens - len(self._prompt),
            )
            return [token for segment in segments for token in segment.tokens]

        return run

    def _generate(self, states: Any, n_tokens: int) -> list[int]:
        # CTranslate2 samples no more than half of `max_length`.
        result = self._model.model.generate(
            states, [self._prompt], beam_size=1, max_length=2 * n_tokens
        )
        tokens: list[int] = result[0].sequences_ids[0]
        return tokens

    def _features(self, seconds: float, positions: int) -> Any:
        mel = self._model.feature_extractor(cut(self._pcm, seconds))
        padded = padded_mel(mel, 2 * positions)
        return ctranslate2.StorageView.from_array(np.ascontiguousarray(padded[None], np.float32))


def _text(transcribed: tuple[Any, Any]) -> str:
    segments, _ = transcribed
    return "".join(segment.text for segment in segments)
