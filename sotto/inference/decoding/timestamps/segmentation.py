"""Cutting a window's tokens into segments at their timestamps."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sotto.inference.dimensions import HOP_LENGTH, SAMPLE_RATE, TOKENS_PER_SECOND

FRAMES_PER_TIMESTAMP = SAMPLE_RATE // TOKENS_PER_SECOND // HOP_LENGTH  # 2
SECONDS_PER_TIMESTAMP = FRAMES_PER_TIMESTAMP * HOP_LENGTH / SAMPLE_RATE  # 0.02


@dataclass(frozen=True, slots=True)
class Piece:
    """Tokens between two timestamps; `start` and `end` in seconds from the window's start."""

    tokens: tuple[int, ...]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Cut:
    """A window's tokens, cut.

    `n_frames` is how many mel frames of the window are dealt with; the next window begins there.
    `ends_in_silence`: the last timestamp stands alone, so nobody speaks after it.
    """

    pieces: tuple[Piece, ...]
    n_frames: int
    ends_in_silence: bool


def cut_at_timestamps(tokens: Sequence[int], timestamp_begin: int, window_frames: int) -> Cut:
    """Cut tokens where one segment ends and the next begins, as openai-whisper does.

    What follows the last cut is an unfinished segment: it is left to the next window.
    """
    is_timestamp = [token >= timestamp_begin for token in tokens]
    ends_in_silence = is_timestamp[-2:] == [False, True]
    cuts = [i for i, pair in enumerate(pairwise(is_timestamp), start=1) if pair == (True, True)]
    if not cuts:
        piece = _whole(tokens, timestamp_begin, window_frames)
        return Cut((piece,), window_frames, ends_in_silence)
    if ends_in_silence:
        cuts.append(len(tokens))
    pieces = tuple(_piece(tokens[i:j], timestamp_begin) for i, j in pairwise([0, *cuts]))
    n_frames = (tokens[cuts[-1] - 1] - timestamp_begin) * FRAMES_PER_TIMESTAMP
    return Cut(pieces, window_frames if ends_in_silence else n_frames, ends_in_silence)


def _piece(tokens: Sequence[int], timestamp_begin: int) -> Piece:
    start, end = (token - timestamp_begin for token in (tokens[0], tokens[-1]))
    return Piece(tuple(tokens), start * SECONDS_PER_TIMESTAMP, end * SECONDS_PER_TIMESTAMP)


def _whole(tokens: Sequence[int], timestamp_begin: int, window_frames: int) -> Piece:
    """One segment from the window's start to its last timestamp, or to its end."""
    timestamps = [token - timestamp_begin for token in tokens if token >= timestamp_begin]
    last = timestamps[-1] if timestamps else 0
    end = last * SECONDS_PER_TIMESTAMP if last else window_frames * HOP_LENGTH / SAMPLE_RATE
    return Piece(tuple(tokens), 0.0, end)
