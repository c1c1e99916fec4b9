"""A Whisper model on MAX: the graphs with their weights, and the values between them."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Self

import numpy as np
from max.driver import CPU, Buffer
from max.engine import InferenceSession
from max.engine import Model as Executable
from numpy.typing import ArrayLike, NDArray

from sotto.errors import UsageError
from sotto.inference import compiled, packed
from sotto.inference.compute_type import ComputeType
from sotto.inference.dimensions import HOP_LENGTH, ModelDimensions
from sotto.inference.features import frame_starts
from sotto.inference.graphs.parameters import decoder_parameters, encoder_parameters
from sotto.inference.graphs.quantised import quantise
from sotto.inference.interfaces import Array, Audio, Cache, Checkpoint
from sotto.inference.threads import at_most
from sotto.kernels.processor import fastest

MIN_FRAMES = 20  # 0.2 s
WHISPER_MODULE = "sotto.inference.graphs.whisper:whisper_module"
QUANTISED_MODULE = "sotto.inference.graphs.whisper:quantised_whisper_module"


@dataclass(frozen=True, slots=True)
class EncodedAudio:
    """One window as the encoder left it, in MAX's memory.

    `states` are its hidden states (n_ctx, n_audio_state); `keys_values` what the decoder's
    layers make of them, (2 * n_text_layer, n_ctx, n_text_state).
    """

    states: Buffer
    keys_values: Buffer

    @property
    def n_ctx(self) -> int:
        """Encoder positions, 20 ms each."""
        return int(self.states.shape[0])


class KeyValueCache:
    """Keys and values of the tokens so far, written in place by the decoder graph.

    Owned by one thread at a time. Cropping keeps the memory and moves the end.
    """

    def __init__(self, dims: ModelDimensions) -> None:
        self.dims = dims
        shape = (dims.n_text_layer, dims.n_text_ctx, dims.n_text_state)
        self._keys, self._values = np.empty(shape, np.float32), np.empty(shape, np.float32)
        # MAX shares the memory of the arrays, which live as long as this object.
        self.buffers = Buffer.from_numpy(self._keys), Buffer.from_numpy(self._values)
        self._length = 0

    @property
    def length(self) -> int:
        """Number of tokens whose keys and values are held."""
        return self._length

    @property
    def capacity(self) -> int:
        """Number of tokens that fit."""
        return self.dims.n_text_ctx

    def extend(self, count: int) -> None:
        """Count `count` tokens as held, whose keys and values the decoder has just written."""
        self._length += count

    def crop(self, length: int) -> None:
        """Forget all tokens from position `length` on.

        Raises:
            ValueError: The cache holds fewer.
        """
        if not 0 <= length <= self._length:
            raise ValueError(f"cannot crop {self._length} tokens to {length}")
        self._length = length

    def fork(self) -> Self:
        """Return an independent copy."""
        copy = type(self)(self.dims)
        copy._keys[:, : self._length] = self._keys[:, : self._length]
        copy._values[:, : self._length] = self._values[:, : self._length]
        copy._length = self._length
        return copy


class WhisperModel:
    """A loaded model; `sotto.inference.interfaces.Model`. Owned by one thread at a time."""

    def __init__(
        self, checkpoint: Checkpoint, executables: dict[str, Executable], weights: dict[str, Array]
    ) -> None:
        self._checkpoint = checkpoint
        self._log_mel = executables["log_mel"]
        self._encoder = executables["encoder"]
        self._decoder = executables["decoder"]
        self._weights = weights  # MAX reads this memory and does not keep it alive
        self._dims = checkpoint.dimensions
        no_scores = np.empty((0, 0, 0), np.float32)
        self._no_trace = Buffer.from_numpy(self._slots(())), Buffer.from_numpy(no_scores)

    @classmethod
    def load(
        cls,
        checkpoint: Checkpoint,
        *,
        compute_type: ComputeType = ComputeType.FLOAT32,
        threads: int | None = None,
        progress: compiled.ProgressCallback | None = None,
    ) -> Self:
        """Make a model ready; its graphs are compiled if this machine has not done so before.

        Args:
            checkpoint: Read and checked.
            compute_type: Of the matrices; int8 needs a processor with AVX2.
            threads: Most that MAX may use; the first model loaded decides for all. None: one
                for each processor.
            progress: Called a few times a second, in this thread, while graphs are compiled or
                weights packed.

        Raises:
            CompileError: The graph compiler failed.
            CheckpointError: A tensor could not be read.
        """
        dims = checkpoint.dimensions
        wanted = recipe(dims, compute_type)
        artifact = compiled.load(wanted, progress)
        parameters = [*encoder_parameters(dims), *decoder_parameters(dims)]
        if compute_type is ComputeType.INT8:
            parameters = quantise(parameters)
        weights = packed.load(wanted, parameters, checkpoint.weights, progress)
        with at_most(threads):
            session = InferenceSession(devices=[CPU()])
            executables = session.init_all(artifact, weights_registry=weights)
        return cls(checkpoint, executables, weights)

    @property
    def checkpoint(self) -> Checkpoint:
        """What it was loaded from."""
        return self._checkpoint

    def log_mel(self, pcm: Array, starts: NDArray[np.int32] | None = None) -> Array:
        """Return raw log10 mel (n_frames, n_mels) of pcm (n_samples,), before clamp and scaling.

        `starts` are the samples at which frames start, perhaps before the first; None: those of
        openai-whisper, n_samples // 160 frames centred on multiples of 160.
        """
        if starts is None:
            starts = frame_starts(0, len(pcm) // HOP_LENGTH)
        if not len(starts):
            return np.empty((0, self._dims.n_mels), np.float32)
        return _array(self._log_mel.execute(_buffer(pcm, np.float32), _buffer(starts, np.int32))[0])

    def encode(self, mel: Array) -> EncodedAudio:
        """Encode normalised mel (n_frames, n_mels).

        Raises:
            ValueError: n_frames is odd or not between 20 and 3000, or n_mels is not the model's.
        """
        n_frames, n_mels = mel.shape
        longest = 2 * self._dims.n_audio_ctx
        if n_mels != self._dims.n_mels:
            raise ValueError(f"mel has {n_mels} bands, the model takes {self._dims.n_mels}")
        if n_frames % 2 or not MIN_FRAMES <= n_frames <= longest:
            raise ValueError(f"{n_frames} frames; an even number from 20 to {longest} is needed")
        pairs = _buffer(mel.reshape(n_frames // 2, 2 * n_mels), np.float32)
        states, keys_values = self._encoder.execute(pairs)
        return EncodedAudio(states, keys_values)

    def new_cache(self) -> KeyValueCache:
        """Return an empty cache."""
        return KeyValueCache(self._dims)

    def decode(
        self,
        tokens: Sequence[int],
        cache: Cache,
        audio: Audio,
        *,
        rows: Sequence[int] | None = None,
    ) -> Array:
        """Append tokens to the cache and return logits (len(rows), n_vocab).

        Args:
            tokens: At least one.
            cache: From `new_cache` of this model.
            audio: From `encode` of this model.
            rows: Indices into `tokens` whose next-token logits are wanted; None: the last one.

        Raises:
            ValueError: A token is not in the vocabulary, a row not in `tokens`, or the cache
                cannot hold so many tokens.
        """
        wanted = [len(tokens) - 1] if rows is None else rows
        return self._decode(tokens, cache, audio, wanted, self._no_trace)

    def align(self, tokens: Sequence[int], audio: Audio) -> Array:
        """Return cross-attention scores before softmax, (n_heads, n_tokens, n_ctx).

        One row of heads for each alignment head, in the order of the checkpoint's rules; all
        `tokens` from the start of the sequence are run through a fresh cache.
        """
        heads = self._alignment_heads()
        scores = np.empty((len(heads), len(tokens), audio.n_ctx), np.float32)
        trace = Buffer.from_numpy(self._slots(heads)), Buffer.from_numpy(scores)
        self._decode(tokens, self.new_cache(), audio, [len(tokens) - 1], trace)
        return scores

    def _decode(
        self,
        tokens: Sequence[int],
        cache: Cache,
        audio: Audio,
        rows: Sequence[int],
        trace: tuple[Buffer, Buffer],
    ) -> Array:
        """Run the decoder; `trace` are its slots and the buffer of scores that they point to."""
        if not isinstance(cache, KeyValueCache) or not isinstance(audio, EncodedAudio):
            raise TypeError("cache and audio must come from the model that decodes")
        self._check(tokens, rows)
        self._check_memory(len(tokens), cache, audio)
        (logits,) = self._decoder.execute(
            _buffer(tokens, np.int64),
            _buffer(cache.length, np.int64),
            _buffer(rows, np.int64),
            audio.keys_values,
            trace[0],
            *cache.buffers,
            trace[1],
        )
        cache.extend(len(tokens))
        return _array(logits)

    def _check(self, tokens: Sequence[int], rows: Sequence[int]) -> None:
        """Refuse what would make the kernels read memory that is not theirs."""
        if not tokens or not 0 <= min(tokens) <= max(tokens) < self._dims.n_vocab:
            raise ValueError(f"tokens must be at least one, each below {self._dims.n_vocab}")
        if not rows or not 0 <= min(rows) <= max(rows) < len(tokens):
            raise ValueError(f"rows must be at least one, each below {len(tokens)}")

    def _check_memory(self, count: int, cache: KeyValueCache, audio: EncodedAudio) -> None:
        """Refuse what would make the kernels write memory that is not theirs."""
        if cache.length + count > cache.capacity:
            raise ValueError(
                f"{cache.length} + {count} tokens exceed the {cache.capacity} of a cache"
            )
        shape = (2 * self._dims.n_text_layer, audio.n_ctx, self._dims.n_text_state)
        if tuple(audio.keys_values.shape) != shape or cache.dims != self._dims:
            raise ValueError("audio is not of this model, or the cache is not")

    def _alignment_heads(self) -> Sequence[tuple[int, int]]:
        """Return (layer, head) pairs; as in openai-whisper, else the upper half of the layers."""
        chosen = self._checkpoint.rules.alignment_heads
        if chosen is not None:
            return chosen
        layers = range(self._dims.n_text_layer // 2, self._dims.n_text_layer)
        return [(layer, head) for layer in layers for head in range(self._dims.n_text_head)]

    def _slots(self, heads: Sequence[tuple[int, int]]) -> NDArray[np.int32]:
        """Return for each layer and head its index in `heads`, or -1."""
        slots = np.full((self._dims.n_text_layer, self._dims.n_text_head), -1, np.int32)
        for index, (layer, head) in enumerate(heads):
            slots[layer, head] = index
        return slots


def recipe(
    dims: ModelDimensions, compute_type: ComputeType = ComputeType.FLOAT32
) -> compiled.Recipe:
    """Return what to compile for a model of this shape.

    Raises:
        UsageError: This processor has no instructions for int8.
    """
    if compute_type is ComputeType.FLOAT32:
        return compiled.Recipe("whisper", WHISPER_MODULE, astuple(dims))
    instructions = fastest()
    if instructions is None:
        raise UsageError("int8 needs a processor with AVX2; use --compute_type float32.")
    arguments = (int(instructions), *astuple(dims))
    return compiled.Recipe("whisper-int8", QUANTISED_MODULE, arguments, compute_type)


def _buffer(value: ArrayLike, dtype: type[np.generic]) -> Buffer:
    """Share an array with MAX, copied only if its layout or type differ."""
    return Buffer.from_numpy(np.asarray(value, dtype, order="C"))


def _array(buffer: Buffer) -> Array:
    """Share a result of MAX."""
    array: Array = buffer.to_numpy()
    return array
