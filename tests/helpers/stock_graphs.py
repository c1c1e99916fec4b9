"""Whisper's graphs of MAX's own operations."""

from functools import partial

from max.dtype import DType
from max.graph import DeviceRef, Module

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.graphs.encoder import encoder_graph
from sotto.inference.graphs.nvidia import StockLayers, stock_decoder_graph

SMALL = ModelDimensions(80, 1500, 128, 2, 2, 100, 448, 128, 2, 2)


def stock_module(dims: ModelDimensions, device: DeviceRef, dtype: DType) -> Module:
    module = Module()
    make_layers = partial(StockLayers, device=device, dtype=dtype)
    encoder_graph(dims, module, make_layers, device)
    stock_decoder_graph(dims, module, make_layers, dtype, device)
    return module
