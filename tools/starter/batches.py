"""Batches: windows as tensors, with the tokens to write and where to listen for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import pad

from tools.starter.augment import warped_mel_filters
from tools.starter.config import Stage
from tools.starter.model import CTC_CHARACTERS, N_MELS
from tools.starter.tokenizer import Tokenizer
from tools.starter.voices.speech import SAMPLE_RATE
from tools.starter.windows import GRANULE, Window, WindowMaker
from tools.starter.writing import IGNORED, write

N_FFT, HOP = 400, 160
POSITION_S = GRANULE / SAMPLE_RATE
POOL = 12  # batches drawn at once, so that windows of one length come together
VTLP = np.round(np.arange(0.84, 1.2, 0.02), 2)  # vocal tracts, 1 being the voice's own


@dataclass(frozen=True, slots=True)
class Example:
    """A window as numbers.

    Attributes:
        mel: (80, 2 n_positions).
        tokens: What the decoder is given.
        targets: What it is to say after each; IGNORED where it does not matter.
        spans: (n_tokens, 2): encoder positions to listen to for each target; (0, 0) if any.
        characters: What the CTC head is to write.
    """

    mel: Tensor
    tokens: list[int]
    targets: list[int]
    spans: NDArray[np.int64]
    characters: list[int]


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples of about one length, padded: `Example` with a first dimension more."""

    mel: Tensor
    tokens: Tensor
    targets: Tensor
    spans: Tensor
    characters: Tensor
    n_characters: Tensor

    def to(self, device: str) -> "Batch":
        return Batch(*(getattr(self, name).to(device) for name in self.__slots__))


def batches(
    maker: WindowMaker,
    tokenizer: Tokenizer,
    stage: Stage,
    rng: np.random.Generator,
) -> Iterator[Batch]:
    """Yield batches of a stage without end."""
    while True:
        windows = _pool(maker, stage.batch_s * POOL, rng)
        cut = _cut([len(window.pcm) / SAMPLE_RATE for window in windows], stage.batch_s)
        for i in rng.permutation(len(cut)):
            examples = [
                make_example(window, tokenizer, stage.strength, rng) for window in windows[cut[i]]
            ]
            yield collate(examples, tokenizer.eot)


def _pool(maker: WindowMaker, duration_s: float, rng: np.random.Generator) -> list[Window]:
    windows: list[Window] = []
    while sum(len(window.pcm) for window in windows) < duration_s * SAMPLE_RATE:
        windows.append(maker.draw(rng))
    return sorted(windows, key=lambda window: len(window.pcm))


def _cut(durations_s: list[float], batch_s: float) -> list[slice]:
    """Cut sorted durations where a batch, padded to its longest, is full."""
    cuts, begin = [], 0
    for end, duration_s in enumerate(durations_s):
        if end > begin and duration_s * (end - begin + 1) > batch_s:
            cuts.append(slice(begin, end))
            begin = end
    return [*cuts, slice(begin, len(durations_s))]


def make_example(
    window: Window,
    tokenizer: Tokenizer,
    strength: float,
    rng: np.random.Generator,
) -> Example:
    """Turn a window into numbers."""
    writing = write(window, tokenizer)
    alpha = float(rng.choice(VTLP)) if rng.random() < strength else 1.0
    mel = _masked(log_mel(window.pcm, alpha), strength, rng)
    characters = "".join(f" {line.text}" for line in window.lines).lower().strip()
    n_positions = len(window.pcm) // GRANULE
    return Example(
        mel,
        writing.tokens,
        writing.targets,
        np.clip(np.array(writing.spans_s) / POSITION_S, 0, n_positions).round().astype(np.int64),
        [CTC_CHARACTERS.index(c) + 1 for c in characters if c in CTC_CHARACTERS],
    )


def log_mel(pcm: NDArray[np.float32], alpha: float = 1.0) -> Tensor:
    """Return openai-whisper's `log_mel_spectrogram` (80, n_samples / 160), warped by alpha."""
    spectrum = torch.stft(torch.from_numpy(pcm), N_FFT, HOP, window=_hann(), return_complex=True)[
        :, :-1
    ]
    power = torch.view_as_real(spectrum).square().sum(-1)
    mel = (_filters(alpha) @ power).clamp(min=1e-10).log10()
    return (mel.maximum(mel.max() - 8) + 4) / 4


@cache
def _hann() -> Tensor:
    return torch.hann_window(N_FFT)


@cache
def _filters(alpha: float) -> Tensor:
    return torch.from_numpy(warped_mel_filters(alpha))


def _masked(mel: Tensor, strength: float, rng: np.random.Generator) -> Tensor:
    """Hide bands and moments (SpecAugment; Park et al., 2019)."""
    mean = mel.mean()
    for _ in range(2):
        if rng.random() < strength:
            low = rng.integers(N_MELS - 14)
            mel[low : low + rng.integers(15)] = mean
    for _ in range(mel.shape[1] // 200 + 1):
        if rng.random() < strength:
            begin = rng.integers(mel.shape[1])
            mel[:, begin : begin + rng.integers(20)] = mean
    return mel


def collate(examples: list[Example], eot: int) -> Batch:
    """Pad examples to the longest of them, their sound with silence, as Sotto does."""
    n_frames = max(example.mel.shape[1] for example in examples)
    mel = torch.stack([_with_silence(example.mel, n_frames) for example in examples])
    n_tokens = max(len(example.tokens) for example in examples)
    spans = torch.zeros(len(examples), n_tokens, 2, dtype=torch.int64)
    for row, example in zip(spans, examples, strict=True):
        row[: len(example.spans)] = torch.from_numpy(example.spans)
    return Batch(
        mel,
        _padded([example.tokens for example in examples], eot),
        _padded([example.targets for example in examples], IGNORED),
        spans,
        torch.tensor([c for example in examples for c in example.characters], dtype=torch.int64),
        torch.tensor([len(example.characters) for example in examples]),
    )


def _with_silence(mel: Tensor, n_frames: int) -> Tensor:
    """Return mel (80, n_frames), quiet behind its end: 80 dB, which are 2, below the loudest."""
    return pad(mel, (0, n_frames - mel.shape[1]), value=float(mel.max()) - 2)


def _padded(rows: list[list[int]], filler: int) -> Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [filler] * (width - len(row)) for row in rows])
