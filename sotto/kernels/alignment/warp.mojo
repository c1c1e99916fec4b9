"""Dynamic time warping: the way through tokens and positions on which most is looked at."""

from std.memory.alloc import unsafe_alloc
from std.utils.numerics import inf

from ..floats import Floats, allocate

comptime DIAGONAL = Int8(0)
comptime UP = Int8(1)
comptime LEFT = Int8(2)

comptime Moves = Pointer[Int8, MutUntrackedOrigin]
comptime Starts = Pointer[Int32, MutUntrackedOrigin]


def find_starts(looks: Floats, n_rows: Int, n_columns: Int, stride: Int, starts: Starts):
    """Write the column at which the way enters each row, (n_rows,).

    openai-whisper's `dtw_cpu` of the negative looks (n_rows, n_columns), ties included; each row
    begins `stride` floats after the one before.
    """
    var moves = unsafe_alloc[Int8](n_rows * n_columns).unsafe_origin_cast[MutUntrackedOrigin]()
    var totals = allocate(n_columns)
    for column in range(n_columns):
        totals[unsafe_offset=column] = inf[DType.float32]()
    for row in range(n_rows):
        var corner = Float32(0) if row == 0 else inf[DType.float32]()
        var of_row = moves.unsafe_offset(row * n_columns)
        find_moves(looks.unsafe_offset(row * stride), corner, n_columns, totals, of_row)
    walk_back(moves, n_rows, n_columns, starts)
    totals.unsafe_free()
    moves.unsafe_free()


@always_inline
def find_moves(looks: Floats, corner: Float32, n_columns: Int, totals: Floats, moves: Moves):
    """Write how the cheapest ways enter the cells of a row; `totals` become theirs.

    Infinity lies around the cells, but for the corner before the first one.
    """
    var diagonal = corner
    var left = inf[DType.float32]()
    for column in range(n_columns):
        var up = totals[unsafe_offset=column]
        var move = LEFT
        var cheapest = left
        # Between diagonal and up there is no choosing at a tie; then it is left.
        if diagonal < up and diagonal < left:
            move = DIAGONAL
            cheapest = diagonal
        if up < diagonal and up < left:
            move = UP
            cheapest = up
        moves[unsafe_offset=column] = move
        left = cheapest - looks[unsafe_offset=column]
        totals[unsafe_offset=column] = left
        diagonal = up


@always_inline
def walk_back(moves: Moves, n_rows: Int, n_columns: Int, starts: Starts):
    """Follow the moves from the last cell to the first."""
    var row = n_rows - 1
    var column = n_columns - 1
    while row > 0:
        var move = UP if column == 0 else moves[unsafe_offset=row * n_columns + column]
        if move != LEFT:
            starts[unsafe_offset=row] = Int32(column)
            row -= 1
        if move != UP:
            column -= 1
    starts[unsafe_offset=0] = 0
