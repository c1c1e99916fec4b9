"""Whisper of MAX's own operations, whose decoder takes one sequence at a time."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from max.driver import Buffer
from max.dtype import DType
from max.graph import DeviceRef, Module

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.graphs.nvidia import StockLayers, stock_decoder_graph, stock_encoder_graph
from sotto.inference.interfaces import Array, Audio, Cache
from sotto.inference.model.decoder_state import EncodedAudio, KeyValueCache
from sotto.inference.model.whisper_model import WhisperModel

SMALL = ModelDimensions(80, 1500, 128, 2, 2, 100, 448, 128, 2, 2)


def stock_module(dims: ModelDimensions, device: DeviceRef, dtype: DType) -> Module:
    module = Module()
    make_layers = partial(StockLayers, device=device, dtype=dtype)
    stock_encoder_graph(dims, module, make_layers, device)
    stock_decoder_graph(dims, module, make_layers, dtype, device)
    return module


class StockModel(WhisperModel):
    def encode(self, mel: Array) -> EncodedAudio:
        pairs = Buffer.from_numpy(mel.reshape(len(mel) // 2, -1))
        return EncodedAudio(*self._encoder.execute(pairs, _integers(0)))

    def decode(
        self,
        tokens: Sequence[int],
        cache: Cache,
        audio: Audio,
        *,
        rows: Sequence[int] | None = None,
    ) -> Array:
        assert isinstance(cache, KeyValueCache)
        assert isinstance(audio, EncodedAudio)
        scores = np.empty((len(cache.heads), len(tokens), audio.n_ctx), np.float32)
        (logits,) = self._decoder.execute(
            _integers(tokens),
            _integers(cache.length),
            _integers([len(tokens) - 1] if rows is None else rows),
            audio.keys_values,
            self._slots if cache.heads else _no_slots(self.checkpoint.dimensions),
            _integers(0),
            *map(Buffer.from_numpy, (cache._keys, cache._values, scores)),
        )
        cache.extend(tokens, scores)
        result: Array = logits.to_numpy()
        return result


def _integers(values: Sequence[int] | int) -> Buffer:
    return Buffer.from_numpy(np.asarray(values, np.int64))


def _no_slots(dims: ModelDimensions) -> Buffer:
    return Buffer.from_numpy(np.full((dims.n_text_layer, dims.n_text_head), -1, np.int32))
