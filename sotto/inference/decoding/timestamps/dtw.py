"""Dynamic time warping: the cheapest way through a matrix, token by token and frame by frame."""

import numpy as np
from numpy.typing import NDArray

_DIAGONAL, _UP, _LEFT = 0, 1, 2


def dtw(cost: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return row and column indices of the cheapest monotone path from corner to corner.

    openai-whisper's `dtw_cpu`, ties included.

    Args:
        cost: (n_rows, n_columns).
    """
    return _backtrace(_moves(_totals(cost)), len(cost))


def _totals(cost: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the cost of the cheapest path to each cell, (n_rows + n_columns + 1, n_rows + 1).

    Entry [row + column, row], counted from 1, belongs to a cell, as the cells of an anti-diagonal
    do not depend on each other; infinity lies around the matrix.
    """
    n_rows, n_columns = cost.shape
    total = np.full((n_rows + n_columns + 1, n_rows + 1), np.inf, np.float32)
    total[0, 0] = 0
    skewed = np.full((n_rows + n_columns - 1, n_rows), np.inf)
    rows, columns = np.indices(cost.shape)
    skewed[rows + columns, rows] = cost
    for i, costs in enumerate(skewed, 2):
        diagonal, up, left = total[i - 2, :-1], total[i - 1, :-1], total[i - 1, 1:]
        # Between diagonal and up there is no choosing at a tie; then it is left.
        cheapest = np.where(diagonal == up, left, np.minimum(np.minimum(diagonal, up), left))
        np.add(costs, cheapest, out=total[i, 1:], casting="same_kind")
    return total


def _moves(total: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return by which move the cheapest path enters each cell, laid out like `_totals`."""
    moves = np.full(total.shape, _LEFT, np.int8)
    diagonal, up, left = total[:-2, :-1], total[1:-1, :-1], total[1:-1, 1:]
    inner = moves[2:, 1:]
    inner[(diagonal < up) & (diagonal < left)] = _DIAGONAL
    inner[(up < diagonal) & (up < left)] = _UP
    return moves


def _backtrace(moves: NDArray[np.int8], n_rows: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Walk back from the last cell; outside the matrix there is one way only."""
    row, column = n_rows, len(moves) - 1 - n_rows
    path = []
    while row > 0 or column > 0:
        path.append((row - 1, column - 1))
        move = _UP if column == 0 else moves[row + column, row]
        row -= move != _LEFT
        column -= move != _UP
    rows, columns = np.array(path[::-1], np.intp).T
    return rows, columns
