"""Time each kernel of a model with byte weights alone, and its share of the encoder or a token.

    python -m tools.profile_kernels [--shape tiny.en] [--window 5] [--threads 0]

The floor is what the products alone take at --gigaproducts-per-s, which is the processor's peak of
byte products (each of 16 bits counts as two); for a token, what reading the weights takes at
--gigabytes-per-s.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from max.driver import CPU, Buffer
from max.dtype import DType
from max.engine import InferenceSession
from max.graph import DeviceRef, Graph, Module, TensorType, TensorValue, ops

from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.dimensions import TOKENS_PER_SECOND, ModelDimensions
from sotto.inference.graphs.layers import DEVICE, SCALAR, QuantisedLayers
from sotto.inference.graphs.parameters import (
    Parameter,
    decoder_parameters,
    encoder_parameters,
    registry,
)
from sotto.inference.graphs.quantised import quantise
from sotto.inference.interfaces import Array
from sotto.inference.model.decoder_state import address_of
from sotto.kernels.library import kernel_library
from sotto.kernels.processor import Instructions, fastest
from tools.fixtures.random_checkpoint import OFFICIAL_DIMENSIONS, write_hugging_face

SEED = 0
BLOCK, TEXT_BLOCK = "encoder.blocks.0", "decoder.blocks.0"
REPEATS = 40

Forward = Callable[[QuantisedLayers, TensorValue], TensorValue]


@dataclass(frozen=True)
class Kernel:
    """One kernel at one place of a model.

    `n_products` are its byte products in one call; a token's call reads as many bytes.
    """

    name: str
    calls: int
    rows: int
    width: int
    n_products: int
    forward: Forward


def main() -> None:
    parser = argparse.ArgumentParser(description="Time each kernel.")
    parser.add_argument("--shape", default="tiny.en", choices=OFFICIAL_DIMENSIONS)
    parser.add_argument("--window", type=float, default=5.0, help="seconds")
    parser.add_argument("--threads", type=int, default=0, help="0: all")
    parser.add_argument("--gigaproducts-per-s", type=float, default=472.0, help="two Zen 4 cores")
    parser.add_argument("--gigabytes-per-s", type=float, default=70.0, help="from the last cache")
    arguments = parser.parse_args()
    dims = OFFICIAL_DIMENSIONS[arguments.shape]
    n_ctx = round(arguments.window * TOKENS_PER_SECOND)
    encoder, token = encoder_kernels(dims, n_ctx), token_kernels(dims)
    milliseconds = measure([*encoder, *token], dims, arguments.threads)
    title = f"encoder of {arguments.shape}, {arguments.window:g} s"
    report(title, encoder, milliseconds, arguments.gigaproducts_per_s)
    report(f"a token of {arguments.shape}", token, milliseconds, arguments.gigabytes_per_s)


def encoder_kernels(dims: ModelDimensions, n: int) -> list[Kernel]:
    """List the encoder's kernels for n positions."""
    d, layers, text_layers = dims.n_audio_state, dims.n_audio_layer, dims.n_text_layer
    memory = np.empty((n, 2 * d), np.float32)

    def conv1(layer: QuantisedLayers, x: TensorValue) -> TensorValue:
        return layer.convolution("encoder.conv1", x, [x.shape[0], d])

    def conv2(layer: QuantisedLayers, x: TensorValue) -> TensorValue:
        frames = x.reshape([2 * x.shape[0], d])
        return layer.convolution("encoder.conv2", frames, [x.shape[0], d], stride=2)

    def cross(layer: QuantisedLayers, x: TensorValue) -> TensorValue:
        return layer.planes("decoder.cross_attn", x, 2 * text_layers, d)

    return [
        Kernel("convolution 1", 1, 2 * n, dims.n_mels, 2 * n * 3 * dims.n_mels * d, conv1),
        Kernel("convolution 2", 1, n, 2 * d, n * 3 * d * d, conv2),
        Kernel("norm, query, key, value", layers, n, d, 3 * n * d * d, query_key_value(BLOCK)),
        Kernel("attention", layers, n, 3 * d, 3 * n * n * d, self_attention(memory)),
        Kernel("attention's output", layers, n, d, n * d * d, linear(f"{BLOCK}.attn.out", d)),
        Kernel("norm, perceptron", layers, n, d, 8 * n * d * d, mlp(BLOCK)),
        Kernel("keys and values for the decoder", 1, n, d, 2 * text_layers * n * d * d, cross),
    ]


def token_kernels(dims: ModelDimensions) -> list[Kernel]:
    """List a token's kernels but for attention, which is small."""
    d, layers, vocabulary = dims.n_text_state, dims.n_text_layer, dims.n_vocab
    name = "decoder.token_embedding"
    return [
        Kernel("norm, query, key, value", layers, 1, d, 3 * d * d, query_key_value(TEXT_BLOCK)),
        Kernel("a square product", 3 * layers, 1, d, d * d, linear(f"{TEXT_BLOCK}.attn.out", d)),
        Kernel("norm, perceptron", layers, 1, d, 8 * d * d, mlp(TEXT_BLOCK)),
        Kernel("vocabulary", 1, 1, d, vocabulary * d, linear(name, vocabulary)),
    ]


def self_attention(memory: Array) -> Forward:
    """Attend within a whole window, whose keys and values enter `memory`."""
    n_ctx = len(memory)
    place = np.array([address_of(memory), 0, n_ctx, 0, 0, n_ctx])

    def forward(layers: QuantisedLayers, qkv: TensorValue) -> TensorValue:
        return layers.self_attention(qkv, 0, ops.constant(place, DType.int64, DEVICE))

    return forward


def query_key_value(block: str) -> Forward:
    return lambda layers, x: layers.query_key_value(block, x)


def mlp(block: str) -> Forward:
    return lambda layers, x: layers.mlp(block, x)


def linear(name: str, n_out: int) -> Forward:
    return lambda layers, x: layers.linear(name, x, n_out)


def measure(kernels: list[Kernel], dims: ModelDimensions, threads: int) -> dict[int, float]:
    """Return the least milliseconds of a call of each kernel, by identity."""
    parameters = [*encoder_parameters(dims), *decoder_parameters(dims)]
    instructions = fastest()
    if instructions is None:
        raise SystemExit("this processor has no instructions for byte weights")
    module = Module()
    for index, kernel in enumerate(kernels):
        build(f"kernel{index}", kernel, parameters, instructions, module)
    session = InferenceSession(devices=[CPU()])
    compiled = session.compile(module, custom_extensions=kernel_library().library_paths())
    weights = random_weights(dims, parameters)
    executables = session.init_all(compiled, weights_registry=weights)
    how = Buffer.from_numpy(np.array(threads, np.int64))
    rng = np.random.default_rng(SEED)
    times = {}
    for index, kernel in enumerate(kernels):
        x = rng.standard_normal((kernel.rows, kernel.width)).astype(np.float32)
        run = partial(executables[f"kernel{index}"].execute, Buffer.from_numpy(x), how)
        times[id(kernel)] = least_ms(run)
    return times


def build(
    name: str,
    kernel: Kernel,
    parameters: list[Parameter],
    instructions: Instructions,
    module: Module,
) -> None:
    """Add a graph of one kernel to the module."""
    device = DeviceRef.CPU()
    Graph(
        name,
        forward=lambda x, threads: kernel.forward(
            QuantisedLayers(parameters, threads, instructions), x
        ),
        input_types=[TensorType(DType.float32, ["n", kernel.width], device), SCALAR],
        kernel_library=kernel_library(),
        module=module,
    )


def random_weights(
    dims: ModelDimensions, parameters: list[Parameter]
) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    with TemporaryDirectory() as folder:
        checkpoint = load_checkpoint(write_hugging_face(Path(folder) / "model", dims, SEED))
        return registry(quantise(parameters), checkpoint.weights)


def least_ms(run: Callable[[], object]) -> float:
    run()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return 1e3 * min(times)


def report(title: str, kernels: list[Kernel], times: dict[int, float], per_s: float) -> None:
    """Print a table."""
    total = sum(kernel.calls * times[id(kernel)] for kernel in kernels)
    print(f"\n| {title} | calls | floor, ms | ms | share |\n|---|---:|---:|---:|---:|")
    for kernel in kernels:
        ms = kernel.calls * times[id(kernel)]
        floor = kernel.calls * kernel.n_products / per_s / 1e6
        print(f"| {kernel.name} | {kernel.calls} | {floor:.2f} | {ms:.2f} | {ms / total:.0%} |")
    print(f"| sum | | | {total:.2f} | |")


if __name__ == "__main__":
    main()
