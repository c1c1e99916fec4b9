"""The decoder's input: embeddings of tokens and of their positions."""

from .op import Embedding
