"""whisper.cpp (by pywhispercpp) as a program under comparison."""

from typing import Any

import _pywhispercpp as cpp
import numpy as np

from tools.peers.engine import POSITIONS_PER_S, Hear, Pcm, Run, Setup, cut

BEAM_SIZE = BEST_OF = 5  # the command's own defaults


def load(setup: Setup) -> "WhisperCpp":
    """Load a ggml file."""
    context = cpp.whisper_init_from_file_with_params(
        setup.model, cpp.whisper_context_default_params()
    )
    return WhisperCpp(setup, context)


class WhisperCpp:
    """An `Engine`. `encoder` includes the decoder's cross-attention keys and values.

    `decoder` cannot see the logits from Python: it feeds a fixed token and chooses none, which
    is a little less work than the other programs do.
    """

    def __init__(self, setup: Setup, context: Any) -> None:
        self._prompt = list(setup.prompt)
        self._threads = setup.threads
        self._context = context
        self._pcm = setup.pcm()

    def log_mel(self, seconds: float) -> Run:
        pcm = cut(self._pcm, seconds)

        def run() -> None:
            cpp.whisper_pcm_to_mel(self._context, pcm, len(pcm), self._threads)

        return run

    def encoder(self, seconds: float) -> Run:
        self._set_window(seconds)

        def run() -> None:
            assert cpp.whisper_encode(self._context, 0, self._threads) == 0

        return run

    def decoder(self, seconds: float, n_tokens: int) -> Run:
        self.encoder(seconds)()

        def run() -> list[int]:
            tokens = [*self._prompt, *range(1000, 999 + n_tokens)]
            for n_past, token in enumerate(tokens):
                assert cpp.whisper_decode(self._context, token, 1, n_past, self._threads) == 0
            return tokens[len(self._prompt) - 1 :]

        return run

    def by_default(self, seconds: float, n_tokens: int) -> Run:
        return self._full(seconds, n_tokens, positions=0)

    def greedy(self, seconds: float, n_tokens: int) -> Run:
        return self._full(seconds, n_tokens, positions=0)

    def in_window(self, seconds: float, n_tokens: int, positions: int) -> Run:
        return self._full(seconds, n_tokens, positions)

    def transcription(self, pcm: Pcm, language: str) -> Hear:
        params = cpp.whisper_full_default_params(
            cpp.whisper_sampling_strategy.WHISPER_SAMPLING_BEAM_SEARCH
        )
        params.beam_search = params.beam_search | {"beam_size": BEAM_SIZE}
        params.greedy = params.greedy | {"best_of": BEST_OF}
        params.no_context = False
        params.n_threads = self._threads
        params.language = language
        params.print_progress = False

        def hear() -> str:
            assert cpp.whisper_full(self._context, params, pcm, len(pcm)) == 0
            segments = range(cpp.whisper_full_n_segments(self._context))
            texts = (cpp.whisper_full_get_segment_text(self._context, i) for i in segments)
            return b"".join(texts).decode(errors="replace")

        return hear

    def _set_window(self, seconds: float) -> None:
        """Let the context keep a window's length, which only a whole transcription sets."""
        self._full(seconds, 2, positions=round(POSITIONS_PER_S * seconds))()

    def _full(self, seconds: float, n_tokens: int, positions: int) -> Run:
        pcm = np.ascontiguousarray(cut(self._pcm, seconds))
        params = cpp.whisper_full_default_params(
            cpp.whisper_sampling_strategy.WHISPER_SAMPLING_GREEDY
        )
        params.n_threads = self._threads
        params.language = "en"
        params.print_progress = False
        params.no_timestamps = True
        params.temperature_inc = 0.0
        params.audio_ctx = positions
        params.max_tokens = n_tokens - 1  # it stops when one more than these is sampled

        def run() -> list[int]:
            assert cpp.whisper_full(self._context, params, pcm, len(pcm)) == 0
            return self._tokens()

        return run

    def _tokens(self) -> list[int]:
        return [
            cpp.whisper_full_get_token_id(self._context, segment, index)
            for segment in range(cpp.whisper_full_n_segments(self._context))
            for index in range(cpp.whisper_full_n_tokens(self._context, segment))
        ]
