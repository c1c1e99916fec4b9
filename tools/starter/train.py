"""Train the model, stage after stage.

    torchrun --nproc-per-node 2 -m tools.starter.train CORPUS RUN [--minutes 90] [--before-people]

CORPUS holds the parts that tools.starter.corpus made, and those of tools.starter.people once there
is a checkpoint to make them with; RUN gets the checkpoint and curve.csv. A run that was stopped
goes on where its last checkpoint left it. On a CPU each process has one thread: two of them train
twice as fast as one process with two threads. With one GPU leave torchrun out.
"""

import argparse
import csv
import itertools
import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, distributed
from torch.nn import Parameter, functional
from torch.optim import AdamW, Muon

from tools.starter.augment import AugmentationSettings, Augmenter
from tools.starter.batches import Batch, batches
from tools.starter.config import Config, Stage, TrainingSettings, read_config
from tools.starter.corpus import read_parts
from tools.starter.language import Excerpts
from tools.starter.model import Output, Whisper
from tools.starter.passages import Passage
from tools.starter.text import read_sources
from tools.starter.tokenizer import Tokenizer
from tools.starter.windows import WindowMaker
from tools.starter.writing import IGNORED

LOG_EVERY, SAVE_EVERY = 25, 100  # steps
N_BABBLE = 60  # clips that babble is mixed from
GUIDED_LAYERS = slice(1, None)  # of the decoder
GUIDED_HEADS = 2  # of each, the first; they time words, as generation_config.json says
FINAL_RATE = 0.02  # of the learning rate, left at the end
CLIP_NORM = 1.0
ADAMW_RATE = 0.25  # of Muon's: convolutions and embeddings are small numbers, and get lost in more


@dataclass(frozen=True, slots=True)
class Losses:
    """What is made smaller: of text that is heard, CTC, guided attention, text without sound."""

    text: Tensor
    ctc: Tensor
    guide: Tensor
    language: Tensor

    def total(self, settings: TrainingSettings) -> Tensor:
        return (
            self.text
            + settings.ctc_weight * self.ctc
            + settings.attention_weight * self.guide
            + settings.language_weight * self.language
        )


def text_loss(logits: Tensor, targets: Tensor, label_smoothing: float) -> Tensor:
    """Return the mean cross-entropy of logits (B, N, V) over the targets (B, N)."""
    return functional.cross_entropy(
        logits.float().flatten(0, 1),
        targets.flatten(),
        ignore_index=IGNORED,
        label_smoothing=label_smoothing,
    )


def ctc_loss(output: Output, batch: Batch) -> Tensor:
    """Return the CTC loss, a mean over characters."""
    return functional.ctc_loss(
        output.ctc.float().log_softmax(-1).transpose(0, 1),
        batch.characters,
        torch.full_like(batch.n_characters, output.ctc.shape[1]),
        batch.n_characters,
        zero_infinity=True,
    )


def guide_loss(attention: list[Tensor], spans: Tensor) -> Tensor:
    """Return by how much guided heads look away from the word that is to be written next.

    Minus the logarithm of the attention inside the true time of the word. The idea is that of
    guided attention (Tachibana et al., 2018), with true times instead of a diagonal.
    """
    positions = torch.arange(attention[0].shape[3], device=spans.device)
    inside = (positions >= spans[..., :1]) & (positions < spans[..., 1:])  # (B, N, T)
    is_guided = inside.any(-1)
    heads = torch.cat([layer[:, :GUIDED_HEADS] for layer in attention[GUIDED_LAYERS]], dim=1)
    looked = (heads * inside[:, None]).float().sum(-1).mean(1)
    return -(looked[is_guided] + 1e-4).log().mean()


class Trainer:
    """Owns the model, its optimisers and its place in the stages."""

    def __init__(self, config: Config, tokenizer: Tokenizer, device: str) -> None:
        self.settings = config.training
        self.tokenizer = tokenizer
        self.device = device
        self.model = Whisper(config.model, tokenizer.vocab_size, config.training.dropout)
        self.model.to(device)
        self.step = 0
        self.total_steps = sum(stage.steps for stage in config.stages)
        self._matrices, rest = _matrices_and_rest(self.model)
        decay = self.settings.weight_decay
        mine = self._matrices[_rank() :: _n_processes()]
        self._muon = Muon(mine, weight_decay=decay, adjust_lr_fn="match_rms_adamw")
        self._adamw = AdamW(rest, betas=(0.9, 0.98), weight_decay=decay)

    def rate(self) -> float:
        """Return the learning rate of the next step: a warm-up, a plateau, half a cosine."""
        warm_up = min(1.0, (self.step + 1) / self.settings.warm_up_steps)
        left = (self.total_steps - self.step) / self.settings.cosine_steps
        cosine = 0.5 * (1 - math.cos(math.pi * min(1.0, left)))
        return self.settings.learning_rate * warm_up * (FINAL_RATE + (1 - FINAL_RATE) * cosine)

    def learn(self, batch: Batch, excerpts: Tensor) -> Losses:
        """Make one step."""
        found = self._losses(batch.to(self.device), excerpts.to(self.device))
        found.total(self.settings).backward()
        self._share_gradients()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIP_NORM)
        for optimiser, share in ((self._muon, 1.0), (self._adamw, ADAMW_RATE)):
            for group in optimiser.param_groups:
                group["lr"] = share * self.rate()
            optimiser.step()
        self._share_matrices()
        self.model.zero_grad()
        self.step += 1
        return found

    def _losses(self, batch: Batch, excerpts: Tensor) -> Losses:
        with torch.autocast(self.device, torch.bfloat16):
            output = self.model(batch.mel, batch.tokens)
            continued = self.model.continue_text(excerpts[:, :-1])
        smoothing = self.settings.label_smoothing
        return Losses(
            text_loss(output.logits, batch.targets, smoothing),
            ctc_loss(output, batch),
            guide_loss(output.attention, batch.spans),
            text_loss(continued, excerpts[:, 1:], smoothing),
        )

    def _share_gradients(self) -> None:
        """Give every process the mean of the gradients."""
        if not distributed.is_initialized():
            return
        gradients = [p.grad for p in self.model.parameters() if p.grad is not None]
        flat = _flattened(gradients)
        distributed.all_reduce(flat)
        _copy(flat / _n_processes(), gradients)

    def _share_matrices(self) -> None:
        """Give every process the matrices that another has changed: Muon's steps are costly."""
        if not distributed.is_initialized():
            return
        for rank in range(_n_processes()):
            matrices = [matrix.detach() for matrix in self._matrices[rank :: _n_processes()]]
            flat = _flattened(matrices)
            distributed.broadcast(flat, rank)
            _copy(flat, matrices)

    def save(self, path: Path) -> None:
        """Write all but Muon's momentum, which covers 20 steps."""
        state = {
            "model": self.model.state_dict(),
            "adamw": self._adamw.state_dict(),
            "step": self.step,
        }
        torch.save(state, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)

    def load(self, path: Path) -> None:
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self._adamw.load_state_dict(state["adamw"])
        self.step = state["step"]


def _matrices_and_rest(model: Whisper) -> tuple[list[Parameter], list[Parameter]]:
    """Return what Muon (Jordan et al., 2024) learns, the matrices of the layers, and the rest."""
    matrices: list[Parameter] = []
    rest: list[Parameter] = []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            is_matrix = parameter.ndim == 2 and ".layers." in name
            (matrices if is_matrix else rest).append(parameter)
    return matrices, rest


def _flattened(tensors: list[Tensor]) -> Tensor:
    return torch.cat([tensor.flatten() for tensor in tensors])


def _copy(flat: Tensor, tensors: list[Tensor]) -> None:
    parts = flat.split([tensor.numel() for tensor in tensors])
    for tensor, part in zip(tensors, parts, strict=True):
        tensor.copy_(part.view_as(tensor))


def _rank() -> int:
    return distributed.get_rank() if distributed.is_initialized() else 0


def _n_processes() -> int:
    return distributed.get_world_size() if distributed.is_initialized() else 1


def stage_at(stages: tuple[Stage, ...], step: int) -> tuple[Stage, int]:
    """Return the stage of a step, and how many of its steps are left."""
    for stage in stages:
        if step < stage.steps:
            return stage, stage.steps - step
        step -= stage.steps
    raise StopIteration


def stage_batches(
    config: Config, stage: Stage, corpus: Path, tokenizer: Tokenizer, seed: tuple[int, ...]
) -> Iterator[Batch]:
    """Yield the batches of a stage; another seed gives others."""
    rng = np.random.default_rng(seed)
    clips = read_parts(corpus, stage.corpus)
    if stage.people:
        clips += stage.people * read_parts(corpus, "people")
    if stage.neural:
        clips += stage.neural * read_parts(corpus, "neural")
    augmentation = AugmentationSettings(**config.augmentation)
    babble = [Passage.of(clips[i]).pcm for i in rng.integers(len(clips), size=N_BABBLE)]
    augmenter = Augmenter(augmentation, babble, rng)
    maker = WindowMaker(clips, config.windows, augmenter, augmentation, stage.strength)
    return batches(maker, tokenizer, stage, rng)


class Curve:
    """Writes the mean losses to curve.csv, and shows them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sums = np.zeros(len(fields(Losses)))
        self._began = time.monotonic()

    def add(self, step: int, rate: float, found: Losses) -> None:
        self._sums += [float(getattr(found, field.name).detach()) for field in fields(found)]
        if step % LOG_EVERY:
            return
        means = [f"{loss:.4f}" for loss in self._sums / LOG_EVERY]
        seconds = (time.monotonic() - self._began) / LOG_EVERY
        row = [step, f"{rate:.2e}", *means, f"{seconds:.3f}"]
        with self._path.open("a", newline="") as file:
            csv.writer(file).writerow(row)
        text = "step {} rate {} text {} ctc {} guide {} language {} seconds/step {}"
        print(text.format(*row), flush=True)
        self._sums[:], self._began = 0, time.monotonic()


def train(trainer: Trainer, config: Config, corpus: Path, run: Path, minutes: float) -> None:
    """Train until the stages are done, or the time is."""
    checkpoint = run / "checkpoint.pt"
    if checkpoint.exists():
        trainer.load(checkpoint)
    curve = Curve(run / "curve.csv")
    deadline = time.monotonic() + minutes * 60
    spoken = training_batches(config, corpus, trainer.tokenizer, trainer.step)
    written = training_excerpts(config, trainer.tokenizer, trainer.step)
    for batch, excerpt in zip(spoken, written, strict=False):
        rate = trainer.rate()
        found = trainer.learn(batch, excerpt)
        if _rank() == 0:
            curve.add(trainer.step, rate, found)
        is_over = trainer.step % SAVE_EVERY == 0 and _is_over(deadline)
        if _rank() == 0 and trainer.step % SAVE_EVERY == 0:
            trainer.save(checkpoint)
        if is_over:
            return
    if _rank() == 0:
        trainer.save(checkpoint)


def training_batches(
    config: Config, corpus: Path, tokenizer: Tokenizer, step: int
) -> Iterator[Batch]:
    """Yield the batches of the stages from a step on, for this process."""
    while step < sum(stage.steps for stage in config.stages):
        stage, left = stage_at(config.stages, step)
        drawn = stage_batches(config, stage, corpus, tokenizer, (config.seed, _rank(), step))
        yield from itertools.islice(drawn, left)
        step += left


def training_excerpts(config: Config, tokenizer: Tokenizer, step: int) -> Iterator[Tensor]:
    """Yield excerpts of text from a step on, for this process."""
    rng = np.random.default_rng((config.seed, _rank(), step, 1))
    excerpts = Excerpts(read_sources(config.text), tokenizer, rng)
    return map(torch.from_numpy, excerpts.batches(config.training.excerpts))


def _take_a_core() -> None:
    """Keep this process on a core of its own; a scheduler may put two on one for minutes."""
    torch.set_num_threads(1)
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[_rank() % len(cores)]})


def _is_over(deadline: float) -> bool:
    """Tell whether the time is up, alike in all processes."""
    over = torch.tensor(float(time.monotonic() > deadline))
    if distributed.is_initialized():
        distributed.broadcast(over, 0)
    return bool(over)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after so long")
    parser.add_argument("--tokenizer", type=Path, default=Path("sotto/assets/models/starter-en"))
    parser.add_argument("--before-people", action="store_true", help="stop before people are heard")
    arguments = parser.parse_args()
    arguments.run.mkdir(parents=True, exist_ok=True)
    if "WORLD_SIZE" in os.environ:
        distributed.init_process_group("gloo")
        _take_a_core()
    config = read_config()
    torch.manual_seed(config.seed)  # all processes begin with the same weights
    device = "cuda" if torch.cuda.is_available() else "cpu"
    trainer = Trainer(config, Tokenizer(arguments.tokenizer), device)
    if arguments.before_people:
        stages = itertools.takewhile(lambda stage: not stage.people, config.stages)
        config = replace(config, stages=tuple(stages))
    train(trainer, config, arguments.corpus, arguments.run, arguments.minutes)


if __name__ == "__main__":
    main()
