"""Write the greedy tokens that transformers and faster-whisper give with the model in the box.

Into `tests/golden/other_runtimes`, from the folder of the model as it is: transformers loads it,
`ct2-transformers-converter` converts it for faster-whisper. Each has its own spectrogram and its
own rules of decoding. Nothing here depends on the weights but the tokens.

Both fill every window up to 30 s; for a model of short windows that is patched, as in
`reference.as_starter`.

`margin` is as in `decoding.py`: clips on which rounding decides are left out.
"""

import json
import tempfile
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch
from ctranslate2.converters import TransformersConverter
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim
from numpy.typing import NDArray
from transformers import (
    LogitsProcessor,
    WhisperFeatureExtractor,
    WhisperForConditionalGeneration,
    WhisperTokenizerFast,
)
from whisper.audio import HOP_LENGTH, N_SAMPLES

from tests.helpers.clips import Clip, human_clips, starter_clips
from tools.golden.decoding import MIN_MARGIN, write
from tools.golden.reference import STARTER, followed_by

OUT = Path(__file__).parents[2] / "tests" / "golden" / "other_runtimes"
N_STARTER_CLIPS, N_HUMAN_CLIPS = 12, 4
SAMPLE_LEN = 224  # tokens at most: what the other programs stop at by themselves


class Margin(LogitsProcessor):  # type: ignore[misc]  # transformers has no types here
    """Notes the smallest distance between the best and the second best logit of greedy choices."""

    def __init__(self) -> None:
        self.smallest = np.inf

    def __call__(self, _tokens: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
        best, second = logits.topk(2).values[0].tolist()
        self.smallest = min(self.smallest, best - second)
        return logits


class Transformers:
    """`WhisperForConditionalGeneration`."""

    def __init__(self, folder: Path) -> None:
        self._model = WhisperForConditionalGeneration.from_pretrained(folder, dtype=torch.float32)
        self._is_short = getattr(self._model.config, "native_short_window", False)
        self._positions = self._model.model.encoder.embed_positions.weight
        self._extract = WhisperFeatureExtractor(self._model.config.num_mel_bins)

    def tokens(self, pcm: NDArray[np.float32], *, timestamps: bool) -> tuple[list[int], float]:
        """Return the tokens of a clip, and the smallest distance between the best two."""
        mel = self._extract(pcm, sampling_rate=16_000, return_tensors="pt").input_features
        if self._is_short:
            mel = followed_by(mel[0, :, -1:], mel[0, :, : len(pcm) // HOP_LENGTH])[None]
            self._cut_positions(mel.shape[-1] // 2)
        margin = Margin()
        tokens = self._model.generate(
            mel,
            attention_mask=torch.ones(1, mel.shape[-1], dtype=torch.long),
            logits_processor=[margin],
            return_timestamps=timestamps,
            max_new_tokens=SAMPLE_LEN,
            num_beams=1,
            do_sample=False,
        )
        return self._text(tokens[0].tolist()), margin.smallest

    def _cut_positions(self, n_positions: int) -> None:
        """Let the encoder take a window of so many positions, which it would refuse."""
        self._model.config.max_source_positions = n_positions
        cut = torch.nn.Embedding.from_pretrained(self._positions[:n_positions])
        self._model.model.encoder.embed_positions = cut

    def _text(self, tokens: list[int]) -> list[int]:
        """Leave out what comes before the text, and end-of-text."""
        rules = self._model.generation_config
        no_text = (rules.decoder_start_token_id, rules.no_timestamps_token_id, rules.eos_token_id)
        return [token for token in tokens if token not in no_text]


class FasterWhisper:
    """`faster_whisper.WhisperModel` on a converted folder."""

    def __init__(self, folder: Path, converted: Path) -> None:
        TransformersConverter(str(folder)).convert(str(converted), quantization="float32")
        WhisperTokenizerFast.from_pretrained(folder).save_pretrained(converted / "tokenizer")
        (converted / "tokenizer" / "tokenizer.json").rename(converted / "tokenizer.json")
        config = json.loads((folder / "config.json").read_text())
        features = {"feature_size": config["num_mel_bins"]}
        (converted / "preprocessor_config.json").write_text(json.dumps(features))
        self._is_short = config.get("native_short_window", False)
        self._model = WhisperModel(
            str(converted), device="cpu", compute_type="float32", local_files_only=True
        )

    def tokens(self, pcm: NDArray[np.float32], *, timestamps: bool) -> list[int]:
        """Return the tokens of a clip."""
        pad = self._window(pcm) if self._is_short else pad_or_trim
        with mock.patch("faster_whisper.transcribe.pad_or_trim", pad):
            segments, _ = self._model.transcribe(
                pcm,
                language="en",
                beam_size=1,
                temperature=0.0,
                condition_on_previous_text=False,
                without_timestamps=not timestamps,
                suppress_tokens=None,  # the lists of the model itself
                max_initial_timestamp=1.0,
                no_speech_threshold=None,
                log_prob_threshold=None,
                compression_ratio_threshold=None,
            )
            return [token for segment in segments for token in segment.tokens]

    def _window(self, pcm: NDArray[np.float32]) -> Any:
        extract = self._model.feature_extractor
        silence = torch.from_numpy(extract(np.pad(pcm, (0, N_SAMPLES)))[:, -1:])
        return lambda mel: followed_by(silence, torch.from_numpy(mel)).numpy()


def records(clips: Iterable[Clip], folder: Path, converted: Path) -> list[dict[str, Any]]:
    """Let both hear clips, with and without timestamps."""
    transformers, peer = Transformers(folder), FasterWhisper(folder, converted)
    kept = []
    for clip, timestamps in product(clips, (False, True)):
        pcm = clip.pcm()
        tokens, margin = transformers.tokens(pcm, timestamps=timestamps)
        print(f"{clip.name} {timestamps=} {margin:.5f}", flush=True)
        if margin < MIN_MARGIN:
            print("  left out: two tokens are too close")
            continue
        theirs = peer.tokens(pcm, timestamps=timestamps)
        heard = {"transformers": tokens, "faster-whisper": theirs}
        kept.append({"clip": clip.name, "timestamps": timestamps, "tokens": heard})
    return kept


def main() -> None:
    """Write the file of the model in the box."""
    clips = [*starter_clips()[:N_STARTER_CLIPS], *human_clips()[:N_HUMAN_CLIPS]]
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as converted:
        windows = records(clips, STARTER, Path(converted) / "model")
    write(OUT / "starter-en.json", {"windows": windows})


if __name__ == "__main__":
    main()
