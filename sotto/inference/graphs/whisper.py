"""All graphs of a Whisper model in one module, so that they are compiled in one go."""

from functools import partial

from max.graph import Module

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.features import log_mel_graph
from sotto.inference.graphs.alignment import alignment_graph
from sotto.inference.graphs.decoder import decoder_graph
from sotto.inference.graphs.encoder import encoder_graph
from sotto.inference.graphs.layers import FloatLayers, MakeLayers, QuantisedLayers
from sotto.kernels.processor import Instructions


def whisper_module(*dimensions: int) -> Module:
    """Build log_mel, encoder, decoder and alignment for the ten numbers of `ModelDimensions`."""
    return _module(ModelDimensions(*dimensions), FloatLayers)


def quantised_whisper_module(instructions: int, *dimensions: int) -> Module:
    """Build the same graphs with byte weights, for an instruction set of `Instructions`."""
    layers = partial(QuantisedLayers, instructions=Instructions(instructions))
    return _module(ModelDimensions(*dimensions), layers)


def _module(dims: ModelDimensions, make_layers: MakeLayers[FloatLayers]) -> Module:
    module = Module()
    log_mel_graph(dims.n_mels, module=module)
    encoder_graph(dims, module, make_layers)
    decoder_graph(dims, module, make_layers)
    alignment_graph(module=module)
    return module
