"""All graphs of a Whisper model in one module, so that they are compiled in one go."""

from max.graph import Module

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.features import log_mel_graph
from sotto.inference.graphs.decoder import decoder_graph
from sotto.inference.graphs.encoder import encoder_graph


def whisper_module(*dimensions: int) -> Module:
    """Build the graphs log_mel, encoder and decoder for the ten numbers of `ModelDimensions`."""
    dims = ModelDimensions(*dimensions)
    module = Module()
    log_mel_graph(dims.n_mels, module)
    encoder_graph(dims, module)
    decoder_graph(dims, module)
    return module
