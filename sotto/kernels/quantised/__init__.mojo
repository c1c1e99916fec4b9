"""Products with weights of a byte each, and embeddings read from them."""

from .router import QuantisedEmbedding, QuantisedLinear, QuantisedMlp
