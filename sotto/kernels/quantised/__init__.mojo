"""Products with weights of a byte each, and embeddings read from them."""

from .op import QuantisedEmbedding, QuantisedLinear, QuantisedMlp
