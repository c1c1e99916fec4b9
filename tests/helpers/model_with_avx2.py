"""Run the model in the box as compiled for a CPU with AVX2 only, and print its largest errors."""

from dataclasses import astuple

import numpy as np
from max.driver import CPU, set_virtual_cpu_target
from max.engine import InferenceSession

from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.graphs.parameters import decoder_parameters, encoder_parameters, registry
from sotto.inference.graphs.whisper import whisper_module
from sotto.inference.model import WhisperModel
from sotto.kernels.library import kernel_library
from tests.helpers import model_golden as golden
from tests.helpers.random_checkpoint import STARTER


def load() -> WhisperModel:
    checkpoint = load_checkpoint(STARTER)
    dims = checkpoint.dimensions
    weights = registry([*encoder_parameters(dims), *decoder_parameters(dims)], checkpoint.weights)
    session = InferenceSession(devices=[CPU()])
    graphs = session.compile(
        whisper_module(*astuple(dims)), custom_extensions=kernel_library().library_paths()
    )
    return WhisperModel(checkpoint, session.init_all(graphs, weights_registry=weights), weights)


def main() -> None:
    set_virtual_cpu_target("x86-64-v3")
    model = load()
    expected = np.load(golden.GOLDEN / "starter-en.npz")
    mel = expected["mel"]
    audio = model.encode(mel)
    tokens = [int(token) for token in golden.random_tokens(model.checkpoint.dimensions.n_vocab)]
    logits = model.decode(tokens, model.new_cache(), audio, rows=range(len(tokens)))
    for name, array in (("states", audio.states.to_numpy()), ("logits", logits)):
        error = np.abs(golden.some(array) - expected[f"{name}_{len(mel)}"]).max()
        print(name, error)  # noqa: T201


if __name__ == "__main__":
    main()
