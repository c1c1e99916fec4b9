"""Dynamic time warping: the cheapest way through a matrix, token by token and frame by frame."""

import numpy as np
from numpy.typing import NDArray

_DIAGONAL, _UP, _LEFT = 0, 1, 2


def dtw(cost: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return row and column indices of the cheapest monotone path from corner to corner.

    openai-whisper's `dtw_cpu`, ties included. The cells of an anti-diagonal do not depend on each
    other, so each one is computed at once.

    Args:
        cost: (n_rows, n_columns).
    """
    n_rows, n_columns = cost.shape
    total = np.full((n_rows + 1, n_columns + 1), np.inf, np.float32)
    total[0, 0] = 0
    moves = np.full(total.shape, _LEFT, np.int8)
    moves[1:, 0] = _UP
    for diagonal in range(2, n_rows + n_columns + 1):
        rows = np.arange(max(1, diagonal - n_columns), min(n_rows, diagonal - 1) + 1)
        columns = diagonal - rows
        before = total[rows - 1, columns - 1], total[rows - 1, columns], total[rows, columns - 1]
        move = _cheapest(*before)
        moves[rows, columns] = move
        total[rows, columns] = cost[rows - 1, columns - 1] + np.choose(move, before)
    return _backtrace(moves)


def _cheapest(
    diagonal: NDArray[np.float32], up: NDArray[np.float32], left: NDArray[np.float32]
) -> NDArray[np.int8]:
    """Return the cheapest of three moves; `_LEFT` on every tie."""
    up_or_left = np.where((up < diagonal) & (up < left), _UP, _LEFT)
    return np.where((diagonal < up) & (diagonal < left), _DIAGONAL, up_or_left).astype(np.int8)


def _backtrace(moves: NDArray[np.int8]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Walk back from the last cell; row 0 and column 0 of `moves` lie outside the matrix."""
    row, column = (size - 1 for size in moves.shape)
    path = []
    while row > 0 or column > 0:
        path.append((row - 1, column - 1))
        move = moves[row, column]
        row -= move != _LEFT
        column -= move != _UP
    rows, columns = np.array(path[::-1], np.intp).T
    return rows, columns
