"""Whisper (Radford et al., 2022) in PyTorch, for training alone.

Modules are named as in Hugging Face's `WhisperForConditionalGeneration`, so that the state is
the checkpoint. Attention is written out: on a CPU in bfloat16 it takes half the time of
`scaled_dot_product_attention`, and its weights can be guided.
"""

from typing import NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from tools.starter.config import ModelSize

N_MELS = 80
N_POSITIONS = 1500  # of the encoder: 30 s
N_TEXT_POSITIONS = 448
HEAD_WIDTH = 64
NEARNESS = 2.0  # of the weights with which encoder heads begin to look nearby
OFFSETS = (-3, 0, 3)  # positions of 20 ms, times the layer; the fourth head is left to itself
CTC_CHARACTERS = " abcdefghijklmnopqrstuvwxyz'"


def sinusoids(length: int, channels: int) -> Tensor:
    """Return the encoder's positions (length, channels); openai-whisper's `sinusoids`."""
    angles = torch.arange(length)[:, None] * _frequencies(channels)
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def _frequencies(channels: int) -> Tensor:
    """Return the sinusoids' radians a position (channels / 2,): 1 to 0.0001."""
    return torch.logspace(0, -4, channels // 2)


class Attention(nn.Module):
    """Multi-head attention that also returns its weights."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width, bias=False)
        self.v_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def forward(
        self, x: Tensor, memory: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Attend from x (B, N, D) to memory (B, T, D); a mask is added to (B, H, N, T)."""
        queries = _heads(self.q_proj(x)) * HEAD_WIDTH**-0.5
        scores = queries @ _heads(self.k_proj(memory)).transpose(-1, -2)
        if mask is not None:
            scores = scores + mask.to(scores.dtype)
        weights = functional.softmax(scores, dim=-1, dtype=scores.dtype)
        out = weights @ _heads(self.v_proj(memory))
        return self.out_proj(out.transpose(1, 2).flatten(2)), weights


def _heads(x: Tensor) -> Tensor:
    return x.unflatten(2, (-1, HEAD_WIDTH)).transpose(1, 2)


def look_nearby(attention: Attention, offsets: tuple[int, ...]) -> None:
    """Let the first heads begin by looking at a position so many steps away from their own.

    Queries and keys begin as the sinusoids of their positions, which agree where positions are
    close. By themselves the heads of an encoder found out only after tens of hours of speech
    that what belongs to a sound is next to it. After the mimetic initialisation of Trockman and
    Kolter (2023).
    """
    width = attention.q_proj.in_features
    index = torch.arange(0, HEAD_WIDTH, 2)  # of the sinusoids: 1 to about 0.01 radians a step
    steps = _frequencies(width)[index]
    sine, cosine = index, index + width // 2
    queries, keys = attention.q_proj.weight.detach(), attention.k_proj.weight.detach()
    for head, offset in enumerate(offsets):
        first = head * HEAD_WIDTH + index
        keys[first, sine] += NEARNESS
        keys[first + 1, cosine] += NEARNESS
        ahead, across = (steps * offset).cos(), (steps * offset).sin()
        queries[first, sine] += NEARNESS * ahead
        queries[first, cosine] += NEARNESS * across
        queries[first + 1, cosine] += NEARNESS * ahead
        queries[first + 1, sine] -= NEARNESS * across


class EncoderLayer(nn.Module):
    def __init__(self, width: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.self_attn = Attention(width)
        self.self_attn_layer_norm = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)
        self.final_layer_norm = nn.LayerNorm(width)
        self._dropout = dropout

    def forward(self, x: Tensor) -> Tensor:
        normed = self.self_attn_layer_norm(x)
        x = x + self._drop(self.self_attn(normed, normed)[0])
        return x + self._drop(self.fc2(functional.gelu(self.fc1(self.final_layer_norm(x)))))

    def _drop(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self._dropout, self.training)


class DecoderLayer(EncoderLayer):
    def __init__(self, width: int, dropout: float) -> None:
        super().__init__(width, dropout)
        self.encoder_attn = Attention(width)
        self.encoder_attn_layer_norm = nn.LayerNorm(width)

    def decode(self, x: Tensor, memory: Tensor, causal: Tensor) -> tuple[Tensor, Tensor]:
        normed = self.self_attn_layer_norm(x)
        x = x + self._drop(self.self_attn(normed, normed, causal)[0])
        attended, weights = self.encoder_attn(self.encoder_attn_layer_norm(x), memory)
        x = x + self._drop(attended)
        x = x + self._drop(self.fc2(functional.gelu(self.fc1(self.final_layer_norm(x)))))
        return x, weights


class Encoder(nn.Module):
    def __init__(self, size: ModelSize) -> None:
        super().__init__()
        width = size.d_model
        self.conv1 = nn.Conv1d(N_MELS, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(N_POSITIONS, width)
        self.embed_positions.weight = nn.Parameter(
            sinusoids(N_POSITIONS, width), requires_grad=False
        )
        self.layers = nn.ModuleList(EncoderLayer(width) for _ in range(size.encoder_layers))
        self.layer_norm = nn.LayerNorm(width)
        for number, layer in enumerate(self.layers, 1):
            look_nearby(layer.self_attn, tuple(number * offset for offset in OFFSETS))

    def forward(self, mel: Tensor) -> Tensor:
        """Encode mel (B, 80, 2T) to (B, T, D)."""
        x = functional.gelu(self.conv1(mel))
        x = functional.gelu(self.conv2(x)).transpose(1, 2)
        x = x + self.embed_positions.weight[: x.shape[1]]  # float32 from here on, also in autocast
        for layer in self.layers:
            x = layer(x)
        return self.layer_norm(x)


class Decoder(nn.Module):
    def __init__(self, size: ModelSize, vocab_size: int, dropout: float) -> None:
        super().__init__()
        width = size.d_model
        self.embed_tokens = nn.Embedding(vocab_size, width)
        self.embed_positions = nn.Embedding(N_TEXT_POSITIONS, width)
        self.layers = nn.ModuleList(
            DecoderLayer(width, dropout) for _ in range(size.decoder_layers)
        )
        self.layer_norm = nn.LayerNorm(width)
        nn.init.normal_(self.embed_tokens.weight, std=0.02)
        nn.init.normal_(self.embed_positions.weight, std=0.01)

    def forward(self, tokens: Tensor, memory: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return logits (B, N, V), and the cross-attention (B, H, N, T) of every layer."""
        n_tokens = tokens.shape[1]
        causal = torch.full((n_tokens, n_tokens), -1e4, device=tokens.device).triu(1)
        x = self.embed_tokens(tokens) + self.embed_positions.weight[:n_tokens]
        weights = []
        for layer in self.layers:
            x, attended = layer.decode(x, memory, causal)
            weights.append(attended)
        return functional.linear(self.layer_norm(x), self.embed_tokens.weight), weights


class Seq2Seq(nn.Module):
    def __init__(self, size: ModelSize, vocab_size: int, dropout: float) -> None:
        super().__init__()
        self.encoder = Encoder(size)
        self.decoder = Decoder(size, vocab_size, dropout)


class Output(NamedTuple):
    logits: Tensor  # (B, N, V)
    attention: list[Tensor]  # of every decoder layer (B, H, N, T)
    ctc: Tensor  # (B, T, 29), the blank first


class Whisper(nn.Module):
    """The model, and the CTC head that only training needs."""

    def __init__(self, size: ModelSize, vocab_size: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.model = Seq2Seq(size, vocab_size, dropout)
        self.ctc = nn.Linear(size.d_model, 1 + len(CTC_CHARACTERS))

    def forward(self, mel: Tensor, tokens: Tensor) -> Output:
        """Run mel (B, 80, 2T) and tokens (B, N)."""
        memory = self.model.encoder(mel)
        logits, attention = self.model.decoder(tokens, memory)
        return Output(logits, attention, self.ctc(memory))

    def continue_text(self, tokens: Tensor) -> Tensor:
        """Return the logits (B, N, V) behind tokens (B, N) of which there is nothing to hear."""
        silence = torch.zeros(len(tokens), 1, self.ctc.in_features, device=tokens.device)
        return cast("Tensor", self.model.decoder(tokens, silence)[0])

    def checkpoint(self) -> dict[str, Tensor]:
        """Return what Hugging Face's model has: everything but the CTC head."""
        return {
            name: value for name, value in self.state_dict().items() if name.startswith("model.")
        }
