"""Sotto's operations for MAX graphs: importing one here registers it."""

from .alignment import Alignment
from .attention import CachedSelfAttention, CrossAttention, SelfAttention
from .embedding import Embedding
from .layer_norm import LayerNorm
from .linear import Linear
from .log_mel import LogMel, SmoothLogMel
from .quantised import QuantisedEmbedding, QuantisedLinear, QuantisedMlp
