"""Attention of the decoder: causal over its own cache, and over the encoded audio."""

from .op import CachedSelfAttention, CrossAttention, SelfAttention
