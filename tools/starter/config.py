"""How the model is made: config.toml, typed."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.starter.voices import Share

PATH = Path(__file__).with_name("config.toml")


@dataclass(frozen=True, slots=True)
class TextFiles:
    """Where texts are: two files of a sentence a line, two folders, a file of a word a line."""

    books: Path
    everyday: Path
    novels: Path
    wordnet: Path
    dictionary: Path


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
    language_weight: float
    excerpts: int
    label_smoothing: float
    dropout: float


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the training, with its own sound.

    Attributes:
        name: What is learnt.
        corpus: Which parts of the corpus are heard: those that begin like this.
        steps: How many.
        strength: Of the augmentation, 0 to 1.
        batch_s: Padded sound in a batch of one process, in seconds.
        people: How many times each clip of people is among the others.
        neural: How many times each clip of Kokoro is among the others.
    """

    name: str
    corpus: str
    steps: int
    strength: float
    batch_s: float
    people: int = 0
    neural: int = 0


@dataclass(frozen=True, slots=True)
class Config:
    """How the model is made. `people` is a folder of LibriSpeech's, `kokoro` of its model."""

    seed: int
    people: Path
    kokoro: Path
    text: TextFiles
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
        people=Path(table["people"]),
        kokoro=Path(table["kokoro"]),
        text=TextFiles(**{name: Path(path) for name, path in table["text"].items()}),
        share=Share(**table["share"]),
        model=ModelSize(**table["model"]),
        windows=WindowSettings(**table["windows"]),
        training=TrainingSettings(**table["training"]),
        stages=tuple(Stage(**stage) for stage in table["stages"]),
        augmentation=table.get("augmentation", {}),
    )
