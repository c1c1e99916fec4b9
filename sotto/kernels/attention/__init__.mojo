"""Attention of the decoder: causal over its own cache, and over the encoded audio."""

from .router import CachedSelfAttention, CrossAttention, SelfAttention
