"""Write the greedy tokens that transformers and faster-whisper give, of three models.

Into `tests/golden/other_runtimes`: the model in the box from its folder as it is, which
`ct2-transformers-converter` converts for faster-whisper; tiny.en and base from the folders of
OpenAI's own weights, which faster-whisper loads as they are, and whose tensors are put into a
folder for transformers. Each has its own spectrogram and its own rules of decoding. Nothing here
depends on the weights but the tokens.

transformers fills windows up to 30 s with silence before it makes the spectrogram; here it gets
zeros behind the spectrogram, as openai-whisper's `transcribe` and faster-whisper have it. For a
model of short windows the filling up is patched, as in `reference.as_starter`.

`margin` is as in `decoding.py`: clips on which rounding decides are left out.
"""

import argparse
import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
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

from sotto.inference.dimensions import ModelDimensions
from tools.fixtures.clips import Clip, human_clips, language_clips, starter_clips
from tools.fixtures.official import Official, official
from tools.fixtures.random_checkpoint import write_hugging_face
from tools.golden import ctranslate2_file
from tools.golden.decoding import MIN_MARGIN, write
from tools.golden.reference import STARTER, followed_by

OUT = Path(__file__).parents[2] / "tests" / "golden" / "other_runtimes"
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

    def tokens(self, clip: Clip, *, timestamps: bool) -> tuple[list[int], float]:
        """Return the tokens of a clip, and the smallest distance between the best two."""
        pcm = clip.pcm()
        mel = self._extract(pcm, sampling_rate=16_000, return_tensors="pt").input_features
        silence, content = mel[0, :, -1:], mel[0, :, : len(pcm) // HOP_LENGTH]
        if self._is_short:
            mel = followed_by(silence, content)[None]
            self._cut_positions(mel.shape[-1] // 2)
        else:
            mel = torch.from_numpy(pad_or_trim(content.numpy()))[None]
        margin = Margin()
        tokens = self._model.generate(
            mel,
            attention_mask=torch.ones(1, mel.shape[-1], dtype=torch.long),
            logits_processor=[margin],
            return_timestamps=timestamps,
            max_new_tokens=SAMPLE_LEN,
            num_beams=1,
            do_sample=False,
            **self._language(clip),
        )
        return self._text(tokens[0].tolist()), margin.smallest

    def _language(self, clip: Clip) -> dict[str, str]:
        is_multilingual = self._model.generation_config.is_multilingual
        return {"language": clip.language, "task": "transcribe"} if is_multilingual else {}

    def _cut_positions(self, n_positions: int) -> None:
        """Let the encoder take a window of so many positions, which it would refuse."""
        self._model.config.max_source_positions = n_positions
        cut = torch.nn.Embedding.from_pretrained(self._positions[:n_positions])
        self._model.model.encoder.embed_positions = cut

    def _text(self, tokens: list[int]) -> list[int]:
        """Leave out what comes before the text, and end-of-text."""
        rules = self._model.generation_config
        no_text = {rules.decoder_start_token_id, rules.no_timestamps_token_id, rules.eos_token_id}
        if rules.is_multilingual:
            no_text |= {*rules.lang_to_id.values(), *rules.task_to_id.values()}
        return [token for token in tokens if token not in no_text]


class FasterWhisper:
    """`faster_whisper.WhisperModel`."""

    def __init__(self, folder: Path, *, is_short: bool) -> None:
        self._is_short = is_short
        self._model = WhisperModel(
            str(folder), device="cpu", compute_type="float32", local_files_only=True
        )

    def tokens(self, clip: Clip, *, timestamps: bool) -> list[int]:
        """Return the tokens of a clip."""
        pcm = clip.pcm()
        pad = self._window(pcm) if self._is_short else pad_or_trim
        with mock.patch("faster_whisper.transcribe.pad_or_trim", pad):
            segments, _ = self._model.transcribe(
                pcm,
                language=clip.language,
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


@dataclass(frozen=True, slots=True)
class Folders:
    """A model in the layouts of transformers and of CTranslate2."""

    transformers: Path
    ctranslate2: Path


def starter(scratch: Path) -> Folders:
    """Convert the model in the box."""
    converted = scratch / "starter-en"
    TransformersConverter(str(STARTER)).convert(str(converted), quantization="float32")
    WhisperTokenizerFast.from_pretrained(STARTER).save_pretrained(scratch / "tokenizer")
    (scratch / "tokenizer" / "tokenizer.json").rename(converted / "tokenizer.json")
    n_mels = json.loads((STARTER / "config.json").read_text())["num_mel_bins"]
    (converted / "preprocessor_config.json").write_text(json.dumps({"feature_size": n_mels}))
    return Folders(STARTER, converted)


def openai(name: Official, scratch: Path) -> Folders:
    """Write OpenAI's own weights for transformers; CTranslate2 reads them as they are."""
    source = official(name)
    weights = ctranslate2_file.weights(source)
    dimensions = ModelDimensions(**ctranslate2_file.dimensions(weights))
    folder = write_hugging_face(scratch / name, dimensions, 0, weights=weights)
    rules = ctranslate2_file.generation_config(source, is_multilingual=not name.endswith(".en"))
    (folder / "generation_config.json").write_text(json.dumps(rules))
    return Folders(folder, source)


def records(clips: Iterable[Clip], folders: Folders, *, is_short: bool) -> dict[str, Any]:
    """Let both hear clips, with and without timestamps."""
    transformers = Transformers(folders.transformers)
    peer = FasterWhisper(folders.ctranslate2, is_short=is_short)
    kept, left_out = [], 0
    for clip, timestamps in product(clips, (False, True)):
        tokens, margin = transformers.tokens(clip, timestamps=timestamps)
        print(f"{clip.name} {timestamps=} {margin:.5f}", flush=True)
        if margin < MIN_MARGIN:
            left_out += 1
            print("  left out: two tokens are too close")
            continue
        theirs = peer.tokens(clip, timestamps=timestamps)
        heard = {"transformers": tokens, "faster-whisper": theirs}
        kept.append(
            {
                "clip": clip.name,
                "language": clip.language,
                "timestamps": timestamps,
                "tokens": heard,
            }
        )
    return {"left_out": left_out, "windows": kept}


def main() -> None:
    """Write the files of the models that are named, or of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help=", ".join(MODELS))
    OUT.mkdir(parents=True, exist_ok=True)
    for name in parser.parse_args().models or MODELS:
        with tempfile.TemporaryDirectory() as scratch:
            write(OUT / f"{name}.json", MODELS[name](Path(scratch)))


MODELS = {
    "starter-en": lambda scratch: records(starter_clips()[:8], starter(scratch), is_short=True),
    "tiny.en": lambda scratch: records(
        human_clips()[::5], openai("tiny.en", scratch), is_short=False
    ),
    "base": lambda scratch: records(
        human_clips()[1:2] + language_clips()[::3], openai("base", scratch), is_short=False
    ),
}

if __name__ == "__main__":
    main()
