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
from sotto.inference.graphs.layers import HEAD_DIM
from sotto.inference.graphs.parameters import decoder_parameters, encoder_parameters
from sotto.inference.graphs.quantised import quantise
from sotto.inference.idle_threads import drowsy_threads
from sotto.inference.interfaces import Array, Audio, Cache, Checkpoint, Step
from sotto.kernels.processor import fastest

MIN_FRAMES = 20  # 0.2 s
WHISPER_MODULE = "sotto.inference.graphs.whisper:whisper_module"
QUANTISED_MODULE = "sotto.inference.graphs.whisper:quantised_whisper_module"


@dataclass(frozen=True, slots=True)
class EncodedAudio:
    """One window as the encoder left it, in MAX's memory.

    `states` are its hidden states (n_ctx, n_audio_state); `keys_values` what the decoder's
    layers make of them, (2 * n_text_layer * n_text_head, n_ctx, 64).
    """

    states: Buffer
    keys_values: Buffer

    @property
    def n_ctx(self) -> int:
        """Encoder positions, 20 ms each."""
        return int(self.states.shape[0])

    @property
    def address(self) -> int:
        """Where `keys_values` begin."""
        return int(self.keys_values._data_ptr())


class KeyValueCache:
    """Keys and values of the tokens so far, written in place by the decoder graph.

    Owned by one thread at a time. Cropping keeps the memory and moves the end.
    """

    def __init__(self, dims: ModelDimensions, heads: Sequence[tuple[int, int]] = ()) -> None:
        """Start without tokens.

        Args:
            dims: The model's.
            heads: (layer, head) pairs whose cross-attention scores are kept.
        """
        self.dims = dims
        self.heads = heads
        shape = (dims.n_text_layer, dims.n_text_ctx, dims.n_text_state)
        self._keys, self._values = np.empty(shape, np.float32), np.empty(shape, np.float32)
        # The decoder is told where the arrays are, which live as long as this object.
        self.addresses = _address(self._keys), _address(self._values)
        self._tokens: list[int] = []
        self._scores: list[Array] = []  # of each run, (n_heads, n_tokens, n_ctx)

    @property
    def tokens(self) -> Sequence[int]:
        """The tokens whose keys and values are held."""
        return tuple(self._tokens)

    @property
    def length(self) -> int:
        """Number of tokens whose keys and values are held."""
        return len(self._tokens)

    @property
    def scores(self) -> Array:
        """Cross-attention scores before softmax of all tokens held, (n_heads, length, n_ctx)."""
        return np.concatenate(self._scores, axis=1)

    @property
    def capacity(self) -> int:
        """Number of tokens that fit."""
        return self.dims.n_text_ctx

    def extend(self, tokens: Sequence[int], scores: Array) -> None:
        """Count `tokens` as held, whose keys and values the decoder has just written.

        `scores` (n_heads, len(tokens), n_ctx) are theirs.
        """
        self._tokens += tokens
        self._scores.append(scores)

    def crop(self, length: int) -> None:
        """Forget all tokens from position `length` on.

        Raises:
            ValueError: The cache holds fewer.
        """
        if not 0 <= length <= self.length:
            raise ValueError(f"cannot crop {self.length} tokens to {length}")
        if length < self.length:
            self._scores = [self.scores[:, :length]] if length else []
            del self._tokens[length:]

    def fork(self) -> Self:
        """Return an independent copy."""
        copy = type(self)(self.dims, self.heads)
        copy._keys[:, : self.length] = self._keys[:, : self.length]
        copy._values[:, : self.length] = self._values[:, : self.length]
        copy._tokens = self._tokens.copy()
        copy._scores = self._scores.copy()
        return copy


class _Call:
    """What the decoder graph is told of steps (see graphs/decoder.py).

    Refuses what would make the kernels read or write memory that is not theirs.
    """

    def __init__(self, dims: ModelDimensions, steps: Sequence[Step]) -> None:
        self._steps = [(step, *_ours(step)) for step in steps]
        if not steps or len({id(cache) for _, cache, _ in self._steps}) < len(steps):
            raise ValueError("there must be at least one step, and each needs a cache of its own")
        self._scores: list[Array] = []
        self.tokens: list[int] = []
        self.places: list[tuple[int, int]] = []
        self.sequences: list[tuple[int, ...]] = []
        self.rows: list[int] = []
        self.ends_of_rows: list[int] = []  # but the last
        for index, (step, cache, audio) in enumerate(self._steps):
            _check_memory(dims, len(step.tokens), cache, audio)
            self._add_rows(dims, step)
            self._add_sequence(index, step, cache, audio)
        self.ends_of_rows.pop()

    def keep_tokens(self) -> None:
        """Count the tokens as held, once the decoder has written their keys and values."""
        for (step, cache, _), scores in zip(self._steps, self._scores, strict=True):
            cache.extend(step.tokens, scores)

    def _add_rows(self, dims: ModelDimensions, step: Step) -> None:
        wanted = [len(step.tokens) - 1] if step.rows is None else step.rows
        _check_tokens(dims, step.tokens, wanted)
        self.rows += [len(self.tokens) + row for row in wanted]
        self.ends_of_rows.append(len(self.rows))

    def _add_sequence(
        self, index: int, step: Step, cache: KeyValueCache, audio: EncodedAudio
    ) -> None:
        count, first = len(step.tokens), cache.length
        scores = np.empty((len(cache.heads), count, audio.n_ctx), np.float32)
        self._scores.append(scores)
        kept_at = _address(scores) if cache.heads else 0
        self.sequences.append((*cache.addresses, audio.address, audio.n_ctx, kept_at, first, count))
        self.tokens += step.tokens
        self.places += [(index, first + i) for i in range(count)]


def _ours(step: Step) -> tuple[KeyValueCache, EncodedAudio]:
    if not isinstance(step.cache, KeyValueCache) or not isinstance(step.audio, EncodedAudio):
        raise TypeError("cache and audio must come from the model that decodes")
    return step.cache, step.audio


def _check_tokens(dims: ModelDimensions, tokens: Sequence[int], rows: Sequence[int]) -> None:
    if not tokens or not 0 <= min(tokens) <= max(tokens) < dims.n_vocab:
        raise ValueError(f"tokens must be at least one, each below {dims.n_vocab}")
    if not rows or not 0 <= min(rows) <= max(rows) < len(tokens):
        raise ValueError(f"rows must be at least one, each below {len(tokens)}")


def _check_memory(
    dims: ModelDimensions, count: int, cache: KeyValueCache, audio: EncodedAudio
) -> None:
    if cache.length + count > cache.capacity:
        raise ValueError(f"{cache.length} + {count} tokens exceed the {cache.capacity} of a cache")
    shape = (2 * dims.n_text_layer * dims.n_text_head, audio.n_ctx, HEAD_DIM)
    if tuple(audio.keys_values.shape) != shape or cache.dims != dims:
        raise ValueError("audio is not of this model, or the cache is not")


class WhisperModel:
    """A loaded model; `sotto.inference.interfaces.Model`. Owned by one thread at a time.

    Attributes:
        threads: Most that `encode` and `decode` use from now on; 0: all that they may.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        executables: dict[str, Executable],
        weights: dict[str, Array],
        most_threads: int = 0,
    ) -> None:
        self._checkpoint = checkpoint
        self._log_mel = executables["log_mel"]
        self._encoder = executables["encoder"]
        self._decoder = executables["decoder"]
        self._weights = weights  # MAX reads this memory and does not keep it alive
        self._dims = checkpoint.dimensions
        self._most_threads = most_threads
        self._slots = Buffer.from_numpy(_slots(self._dims, self._alignment_heads()))
        self.threads = 0

    @classmethod
    def load(
        cls,
        checkpoint: Checkpoint,
        *,
        compute_type: ComputeType = ComputeType.FLOAT32,
        threads: int = 0,
        progress: compiled.ProgressCallback | None = None,
    ) -> Self:
        """Make a model ready; its graphs are compiled if this machine has not done so before.

        Args:
            checkpoint: Read and checked.
            compute_type: Of the matrices; int8 needs a processor with AVX2.
            threads: Most that `encode` and `decode` may ever use; 0: one for each processor. MAX
                starts all of its threads anyway: with a pool of one it can wait for ever.
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
        session = InferenceSession(devices=[CPU()])
        executables = session.init_all(artifact, weights_registry=weights)
        model = cls(checkpoint, executables, weights, threads)
        with drowsy_threads():
            model.log_mel(np.zeros(HOP_LENGTH, np.float32))
        return model

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
        states, keys_values = self._encoder.execute(pairs, self._threads_operand())
        return EncodedAudio(states, keys_values)

    def new_cache(self, *, traced: bool = False) -> KeyValueCache:
        """Return an empty cache.

        If it is traced, it keeps the scores of each alignment head, in the order of the
        checkpoint's rules.
        """
        return KeyValueCache(self._dims, self._alignment_heads() if traced else ())

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
        if not isinstance(cache, KeyValueCache) or not isinstance(audio, EncodedAudio):
            raise TypeError("cache and audio must come from the model that decodes")
        return self.decode_together([Step(tokens, cache, audio, rows)])[0]

    def decode_together(self, steps: Sequence[Step]) -> list[Array]:
        """Return what `decode` would of each step; the weights are read once for all of them.

        Raises:
            ValueError: As `decode`, or two steps have the same cache.
        """
        call = _Call(self._dims, steps)
        (logits,) = self._decoder.execute(
            _buffer(call.tokens, np.int64),
            _buffer(call.places, np.int64),
            _buffer(call.sequences, np.int64),
            _buffer(call.rows, np.int64),
            self._slots,
            self._threads_operand(),
        )
        call.keep_tokens()
        return np.split(_array(logits), call.ends_of_rows)

    def _threads_operand(self) -> Buffer:
        """Return what the graphs take: 0 for all."""
        limits = [limit for limit in (self.threads, self._most_threads) if limit]
        return _buffer(min(limits, default=0), np.int64)

    def _alignment_heads(self) -> Sequence[tuple[int, int]]:
        """Return (layer, head) pairs; as in openai-whisper, else the upper half of the layers."""
        chosen = self._checkpoint.rules.alignment_heads
        if chosen is not None:
            return chosen
        layers = range(self._dims.n_text_layer // 2, self._dims.n_text_layer)
        return [(layer, head) for layer in layers for head in range(self._dims.n_text_head)]


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


def _slots(dims: ModelDimensions, heads: Sequence[tuple[int, int]]) -> NDArray[np.int32]:
    """Return for each layer and head its index in `heads`, or -1."""
    slots = np.full((dims.n_text_layer, dims.n_text_head), -1, np.int32)
    for index, (layer, head) in enumerate(heads):
        slots[layer, head] = index
    return slots


def _address(array: Array) -> int:
    return int(array.__array_interface__["data"][0])


def _buffer(value: ArrayLike, dtype: type[np.generic]) -> Buffer:
    """Share an array with MAX, copied only if its layout or type differ."""
    return Buffer.from_numpy(np.asarray(value, dtype, order="C"))


def _array(buffer: Buffer) -> Array:
    """Share a result of MAX."""
    array: Array = buffer.to_numpy()
    return array
