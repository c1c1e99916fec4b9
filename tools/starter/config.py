"""How the model is made: config.toml, typed."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.starter.voices import Share

PATH = Path(__file__).with_name("config.toml")


@dataclass(frozen=True, slots=True)
class ModelSize:
    d_model: int
    encoder_layers: int
    decoder_layers: int
    n_merges: int


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """What windows are made of; parts of all windows."""

    long: float
    cut: float
    nothing: float
    timestamps: float
    prompt: float
    glossary: float
    pause: float


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    learning_rate: float
    weight_decay: float
    warm_up_steps: int
    cosine_steps: int
    ctc_weight: float
    attention_weight: float
    label_smoothing: float
    dropout: float


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the training, with its own sound."""

    name: str
    corpus: str
    steps: int
    strength: float
    batch_s: float


@dataclass(frozen=True, slots=True)
class Config:
    seed: int
    sentences: Path
    everyday_sentences: Path
    share: Share
    model: ModelSize
    windows: WindowSettings
    training: TrainingSettings
    stages: tuple[Stage, ...]
    augmentation: dict[str, Any]


def read_config(path: Path = PATH) -> Config:
    """Read how the model is made. A wrong name raises TypeError."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return Config(
        seed=table["seed"],
        sentences=Path(table["sentences"]),
        everyday_sentences=Path(table["everyday_sentences"]),
        share=Share(**table["share"]),
        model=ModelSize(**table["model"]),
        windows=WindowSettings(**table["windows"]),
        training=TrainingSettings(**table["training"]),
        stages=tuple(Stage(**stage) for stage in table["stages"]),
        augmentation=table.get("augmentation", {}),
    )
