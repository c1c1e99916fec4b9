"""A Whisper model on MAX: the graphs with their weights, and the values between them."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Self

import numpy as np
from max.driver import CPU, Buffer
from max.engine import InferenceSession
from max.engine import Model as Executable
from numpy.typing import NDArray

from sotto.errors import UsageError
from sotto.inference.caches import compiled, packed
from sotto.inference.compute_type import ComputeType
from sotto.inference.dimensions import HOP_LENGTH, ModelDimensions
from sotto.inference.features import frame_starts
from sotto.inference.graphs.encoder import POSITIONS
from sotto.inference.graphs.parameters import decoder_parameters, encoder_parameters
from sotto.inference.graphs.quantised import quantise
from sotto.inference.idle_threads import drowsy_threads
from sotto.inference.interfaces import Array, Audio, Cache, Checkpoint, Step, Window
from sotto.inference.model.buffers import array, buffer
from sotto.inference.model.decoder_call import DecoderCall
from sotto.inference.model.decoder_state import EncodedAudio, KeyValueCache, address_of
from sotto.inference.model.encoder_state import GrowingWindow
from sotto.kernels.processor import fastest

MIN_FRAMES = 20  # 0.2 s
WHISPER_MODULE = "sotto.inference.graphs.whisper:whisper_module"
QUANTISED_MODULE = "sotto.inference.graphs.whisper:quantised_whisper_module"


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
        self._alignment = executables["alignment"]
        self._weights = weights  # MAX reads this memory and does not keep it alive
        self._dims = checkpoint.dimensions
        self._most_threads = most_threads
        self._positions = weights[POSITIONS]
        # Keys and values of the layer at work, where no later call needs them.
        self._attended = np.empty(
            (self._dims.n_audio_ctx, 2 * self._dims.n_audio_state), np.float32
        )
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
        return array(self._log_mel.execute(buffer(pcm, np.float32), buffer(starts, np.int32))[0])

    def encode(self, mel: Array) -> EncodedAudio:
        """Encode normalised mel (n_frames, n_mels).

        Raises:
            ValueError: n_frames is odd or not between 20 and 3000, or n_mels is not the model's.
        """
        n_ctx = len(mel) // 2
        place = [address_of(self._attended), 0, n_ctx, 0, 0, n_ctx]
        return self._encode_rows(mel, slice(n_ctx), place)

    def new_window(self) -> GrowingWindow:
        """Return a window without positions."""
        return GrowingWindow(self._dims)

    def encode_into(self, window: Window, mel: Array, first: int, end: int) -> EncodedAudio:
        """See `Model.encode_into`."""
        if not isinstance(window, GrowingWindow) or window.dims != self._dims:
            raise TypeError("the window must come from the model that encodes")
        n_ctx, n_rows = len(mel) // 2, end - first
        window.check(n_ctx, first, end)
        before, after = min(first, 1), min(n_ctx - end, 1)  # neighbours, for the convolutions
        place = [window.address, self._dims.n_audio_ctx, n_ctx, first, before, n_rows]
        piece = self._encode_rows(mel, slice(first - before, end + after), place)
        return window.take(n_ctx, first, piece, slice(before, before + n_rows))

    def _encode_rows(self, mel: Array, rows: slice, place: Sequence[int]) -> EncodedAudio:
        """Encode some positions of a window, whose place is told as in `encoder_graph`."""
        n_frames, n_mels = mel.shape
        longest = 2 * self._dims.n_audio_ctx
        if n_mels != self._dims.n_mels:
            raise ValueError(f"mel has {n_mels} bands, the model takes {self._dims.n_mels}")
        if n_frames % 2 or not MIN_FRAMES <= n_frames <= longest:
            raise ValueError(f"{n_frames} frames; an even number from 20 to {longest} is needed")
        pairs = mel.reshape(n_frames // 2, 2 * n_mels)
        states, keys_values = self._encoder.execute(
            buffer(pairs[rows], np.float32),
            buffer(self._positions[rows], np.float32),
            buffer(place, np.int64),
            self._threads_operand(),
        )
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
        call = DecoderCall(self._dims, steps)
        (logits,) = self._decoder.execute(
            buffer(call.tokens, np.int64),
            buffer(call.places, np.int64),
            buffer(call.sequences, np.int64),
            buffer(call.rows, np.int64),
            self._slots,
            self._threads_operand(),
        )
        call.keep_tokens()
        return np.split(array(logits), call.ends_of_rows)

    def token_starts(self, scores: Array, rows: range, n_positions: int) -> Sequence[int]:
        """See `Model.token_starts`."""
        extent = buffer([n_positions, rows.start, rows.stop], np.int64)
        starts, _ = self._alignment.execute(buffer(scores, np.float32), extent)
        positions: list[int] = starts.to_numpy()[rows.start : rows.stop].tolist()
        return positions

    def _threads_operand(self) -> Buffer:
        """Return what the graphs take: 0 for all."""
        limits = [limit for limit in (self.threads, self._most_threads) if limit]
        return buffer(min(limits, default=0), np.int64)

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
