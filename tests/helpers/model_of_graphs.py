"""Run a model of one layer with graphs compiled before, and print how far off it is.

`python -m tests.helpers.model_of_graphs CHECKPOINT GRAPHS COMPUTE_TYPE`. A line for
hidden states and one for logits: the errors beside openai-whisper's float32, as a share of the
spread.
"""

import sys
from pathlib import Path

import max.engine
import numpy as np
from max.driver import CPU
from max.engine import InferenceSession

from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.compute_type import ComputeType
from sotto.inference.graphs.parameters import decoder_parameters, encoder_parameters, registry
from sotto.inference.graphs.quantised import quantise
from sotto.inference.model.whisper_model import WhisperModel
from tools.fixtures import model_golden as golden


def load(folder: Path, graphs: Path, compute_type: ComputeType) -> WhisperModel:
    checkpoint = load_checkpoint(folder)
    dims = checkpoint.dimensions
    parameters = [*encoder_parameters(dims), *decoder_parameters(dims)]
    if compute_type is ComputeType.INT8:
        parameters = quantise(parameters)
    weights = registry(parameters, checkpoint.weights)
    session = InferenceSession(devices=[CPU()])
    executables = session.init_all(max.engine.read(graphs), weights_registry=weights)
    return WhisperModel(checkpoint, executables, weights)


def main() -> None:
    folder, graphs, compute_type = sys.argv[1:]
    model = load(Path(folder), Path(graphs), ComputeType(compute_type))
    expected = np.load(golden.GOLDEN / f"{golden.ONE_LAYER}.npz")
    mel = golden.random_mel(golden.DECODED_FRAMES[0], model.checkpoint.dimensions.n_mels)
    audio = model.encode(mel)
    tokens = [int(token) for token in golden.random_tokens(model.checkpoint.dimensions.n_vocab)]
    logits = model.decode(tokens, model.new_cache(), audio, rows=range(len(tokens)))
    for name, array in (("states", audio.states.to_numpy()), ("logits", logits)):
        exact = expected[f"{name}_{len(mel)}"]
        print(name, (golden.some(array) - exact).std() / exact.std())  # noqa: T201


if __name__ == "__main__":
    main()
