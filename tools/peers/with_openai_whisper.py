"""openai-whisper (PyTorch) as a program under comparison."""

from typing import Any

import torch
import whisper
from whisper.audio import log_mel_spectrogram
from whisper.decoding import PyTorchInference

from tools.peers.engine import POSITIONS_PER_S, Hear, Pcm, Run, Setup, cut, padded_mel

BEAM_SIZE = BEST_OF = 5  # the command's own defaults


def load(setup: Setup) -> "OpenaiWhisper":
    """Load a `.pt` file."""
    torch.set_num_threads(setup.threads)
    return OpenaiWhisper(setup, whisper.load_model(setup.model, device="cpu"))


class OpenaiWhisper:
    """An `Engine`.

    The encoder takes 30 s only; for shorter windows its positional embedding is cut.
    """

    def __init__(self, setup: Setup, model: Any) -> None:
        self._prompt = list(setup.prompt)
        self._n_mels = setup.n_mels
        self._model = model
        self._pcm = setup.pcm()
        self._positions = model.encoder.positional_embedding

    def log_mel(self, seconds: float) -> Run:
        pcm = cut(self._pcm, seconds)

        def run() -> None:
            log_mel_spectrogram(pcm, self._n_mels)

        return run

    def encoder(self, seconds: float) -> Run:
        mel = self._mel(seconds, round(POSITIONS_PER_S * seconds))

        def run() -> None:
            with torch.inference_mode():
                self._encode(mel)

        return run

    def decoder(self, seconds: float, n_tokens: int) -> Run:
        with torch.inference_mode():
            features = self._encode(self._mel(seconds, round(POSITIONS_PER_S * seconds)))

        def run() -> list[int]:
            inference = PyTorchInference(self._model, len(self._prompt))
            tokens = list(self._prompt)
            with torch.inference_mode():
                for _ in range(n_tokens):
                    logits = inference.logits(torch.tensor([tokens]), features)
                    tokens.append(int(logits[0, -1].argmax()))
            inference.cleanup_caching()
            return tokens[len(self._prompt) :]

        return run

    def by_default(self, seconds: float, n_tokens: int) -> Run:
        return self.greedy(seconds, n_tokens)

    def greedy(self, seconds: float, n_tokens: int) -> Run:
        pcm = cut(self._pcm, seconds)

        def run() -> list[int]:
            self._model.encoder.positional_embedding = self._positions
            result = self._model.transcribe(
                pcm,
                language="en",
                temperature=0.0,
                fp16=False,
                condition_on_previous_text=False,
                without_timestamps=True,
                sample_len=n_tokens,
            )
            return [token for segment in result["segments"] for token in segment["tokens"]]

        return run

    def in_window(self, seconds: float, n_tokens: int, positions: int) -> Run:
        options = whisper.DecodingOptions(
            language="en", fp16=False, without_timestamps=True, sample_len=n_tokens
        )

        def run() -> list[int]:
            mel = self._mel(seconds, positions)
            self._model.encoder.positional_embedding = self._positions[:positions]
            tokens: list[int] = whisper.decode(self._model, mel[0], options).tokens
            return tokens

        return run

    def transcription(self, pcm: Pcm, language: str) -> Hear:
        def hear() -> str:
            self._model.encoder.positional_embedding = self._positions
            result = self._model.transcribe(
                pcm, language=language, beam_size=BEAM_SIZE, best_of=BEST_OF, fp16=False
            )
            return str(result["text"])

        return hear

    def _mel(self, seconds: float, positions: int) -> Any:
        mel = log_mel_spectrogram(cut(self._pcm, seconds), self._n_mels)
        return torch.from_numpy(padded_mel(mel.numpy(), 2 * positions))[None]

    def _encode(self, mel: Any) -> Any:
        self._model.encoder.positional_embedding = self._positions[: mel.shape[-1] // 2]
        return self._model.encoder(mel)
