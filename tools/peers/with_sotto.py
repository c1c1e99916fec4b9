"""Sotto as a program under comparison."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from sotto.app.cli import flags
from sotto.app.cli.transcribing.transcribe_options import options_of
from sotto.app.core.events import Final
from sotto.app.core.transcription import transcribe_recording
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.compute_type import ComputeType
from sotto.inference.decoding import TranscribeOptions, transcribe
from sotto.inference.decoding.options import DecodingOptions
from sotto.inference.decoding.search.decode import decode
from sotto.inference.features import normalise
from sotto.inference.interfaces import Array, Audio, Model, Step
from sotto.inference.model.whisper_model import WhisperModel
from sotto.inference.streaming.guards import GuardSettings
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser, WhisperSettings
from tools.peers.engine import POSITIONS_PER_S, Hear, Pcm, Run, Setup, cut, padded_mel
from tools.simulated_session import listen

_OF_COMMAND = options_of(flags.parse(["transcribe", "FILE"]))
_BY_DEFAULT = flags.parse(["transcribe", "FILE", "--batch-size", "1"])
BEAM_SIZE = _BY_DEFAULT.beam_size


class CountingModel:
    """A model that remembers the tokens sampled after its last window was encoded.

    Greedy decoding feeds each token alone, a prompt at once; what word times need goes to `decode`.
    """

    def __init__(self, model: WhisperModel, *, native_short_window: bool) -> None:
        self.checkpoint = replace(model.checkpoint, native_short_window=native_short_window)
        self._model = model
        self._fed: list[int] = []
        self._last = 0
        # What the recogniser chooses stays here: all programs get the same number of threads.
        self.threads = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    @property
    def sampled(self) -> list[int]:
        return [*self._fed, self._last]

    def encode(self, mel: Array) -> Audio:
        self._fed.clear()
        return self._model.encode(mel)

    def decode_together(self, steps: Sequence[Step]) -> list[Array]:
        return [self._decode(step) for step in steps]

    def _decode(self, step: Step) -> Array:
        is_first = step.cache.length == 0  # of an English model before timestamps: just the start
        logits = self._model.decode(step.tokens, step.cache, step.audio, rows=step.rows)
        if len(step.tokens) == 1 and not is_first:
            self._fed += step.tokens
            self._last = int(logits[-1].argmax())
        return logits


def load(setup: Setup) -> "Sotto":
    """Load the model as `sotto listen` does."""
    model = WhisperModel.load(
        load_checkpoint(Path(setup.model)),
        compute_type=ComputeType(setup.compute_type),
        threads=setup.threads,
    )
    return Sotto(setup, model)


class Sotto:
    """An `Engine`. `encoder` includes the decoder's cross-attention keys and values."""

    def __init__(self, setup: Setup, model: WhisperModel) -> None:
        self._setup = setup
        self._model = model
        self._pcm = setup.pcm()

    def log_mel(self, seconds: float) -> Run:
        pcm = cut(self._pcm, seconds)

        def run() -> None:
            normalise(self._model.log_mel(pcm))

        return run

    def encoder(self, seconds: float) -> Run:
        mel = self._mel(seconds)

        def run() -> None:
            self._model.encode(mel)

        return run

    def decoder(self, seconds: float, n_tokens: int) -> Run:
        audio = self._model.encode(self._mel(seconds))

        def run() -> list[int]:
            cache = self._model.new_cache()
            logits = self._model.decode(self._setup.prompt, cache, audio)
            sampled = [int(logits.argmax())]
            while len(sampled) < n_tokens:
                logits = self._model.decode(sampled[-1:], cache, audio)
                sampled.append(int(logits.argmax()))
            return sampled

        return run

    def by_default(self, seconds: float, n_tokens: int) -> Run:
        """Take the final pass on stock weights: a short window, and times of words."""
        return self._recognise(seconds, n_tokens, final=True)

    def partial(self, seconds: float, n_tokens: int) -> Run:
        """Take a partial on stock weights: at least 384 positions, and times of words."""
        return self._recognise(seconds, n_tokens, final=False)

    def native(self, seconds: float, n_tokens: int) -> Run:
        """Take the final pass of a model trained on short windows, and times of words."""
        return self._recognise(seconds, n_tokens, final=True, native_short_window=True)

    def greedy(self, seconds: float, n_tokens: int) -> Run:
        pcm = cut(self._pcm, seconds)
        options = TranscribeOptions(
            language="en",
            sample_len=n_tokens,
            temperatures=(0.0,),
            condition_on_previous_text=False,
            without_timestamps=True,
        )

        def run() -> list[int]:
            segments = transcribe(self._model, pcm, options).segments
            return [token for segment in segments for token in segment.tokens]

        return run

    def in_window(self, seconds: float, n_tokens: int, positions: int) -> Run:
        pcm = cut(self._pcm, seconds)
        options = DecodingOptions(language="en", sample_len=n_tokens, without_timestamps=True)

        def run() -> list[int]:
            mel = padded_mel(normalise(self._model.log_mel(pcm)).T, 2 * positions).T
            return list(decode(self._model, self._model.encode(mel), options).tokens)

        return run

    def transcription(self, pcm: Pcm, language: str) -> Hear:
        options = TranscribeOptions(
            language=language, beam_size=BEAM_SIZE, best_of=_BY_DEFAULT.best_of
        )
        return lambda: transcribe_recording(self._model, pcm, options).text

    def batched_transcription(self, pcm: Pcm, language: str) -> Hear:
        """Hear several stretches at a time, as `sotto transcribe` does by default."""
        options = replace(_OF_COMMAND, language=language)
        return lambda: transcribe_recording(self._model, pcm, options).text

    def greedy_transcription(self, pcm: Pcm, language: str) -> Hear:
        """Do the same without beams."""
        options = replace(_OF_COMMAND, language=language, beam_size=None)
        return lambda: transcribe_recording(self._model, pcm, options).text

    def session(self, pcm: Pcm, language: str) -> Hear:
        """Hear the sound as a session does, on simulated time."""
        recogniser = WhisperRecogniser(self._model, WhisperSettings(language=language))

        def hear() -> str:
            events = listen(pcm, recogniser).events
            return " ".join(event.text.strip() for event in events if isinstance(event, Final))

        return hear

    def _mel(self, seconds: float) -> Array:
        mel = normalise(self._model.log_mel(cut(self._pcm, seconds)))
        return np.ascontiguousarray(mel[: round(2 * POSITIONS_PER_S * seconds)])

    def _recognise(
        self, seconds: float, n_tokens: int, *, final: bool, native_short_window: bool = False
    ) -> Run:
        pcm = cut(self._pcm, seconds)
        guards = GuardSettings(tokens_per_s=0.0, tokens_extra=n_tokens)
        settings = WhisperSettings(language="en", temperatures=(0.0,), guards=guards)
        counting = CountingModel(self._model, native_short_window=native_short_window)
        recogniser = WhisperRecogniser(cast("Model", counting), settings)

        def run() -> list[int]:
            recogniser.begin()
            recogniser.append(pcm)
            recogniser.recognise((), final=final)
            return counting.sampled

        return run
