"""Attention of many query rows on the CPU: a panel of queries at a time, a head's keys packed.

The scores of a panel of queries lie transposed, a row for each key, so that maximum and sum run
down the columns and the scores are the left factor of the product with the values as they are.
"""

from max.algorithm import sync_parallelize
from std.math import ceildiv, exp

from ..floats import Floats, allocate
from ..linear.cpu import Rows, pack_block, tile_height
from ..linear.panels import PANEL, SHORT, TALL, VECTORS, WIDTH, Vector
from ..linear.tile import products
from .row import HEAD_DIM

comptime QUERIES = 8 if WIDTH >= 16 else 2
"""Queries of a tile of the product with the values: 16 or 8 accumulators."""


@fieldwise_init
struct Heads(TrivialRegisterPassable):
    """Rows of queries (n_rows, state) that lie three times as far apart, rows of keys and values
    (n_ctx, 2 * state), `step` floats apart, and where the result goes, (n_rows, state)."""

    var queries: Floats
    var keys_values: Floats
    var step: Int
    var output: Floats
    var n_rows: Int
    var n_ctx: Int
    var state: Int

    def pack_keys(self, head: Int, keys: Floats):
        """Pack the keys of a head as rows for tiles."""
        var rows = Rows(
            data=self.keys(head),
            size=(self.n_ctx - 1) * self.step + HEAD_DIM,
            n_rows=self.n_ctx,
            n_in=HEAD_DIM,
            step=self.step,
            padding=0,
        )
        pack_block(rows, 0, self.n_ctx, keys)

    def copy_values(self, head: Int, values: Floats):
        """Copy the values of a head, (n_ctx, HEAD_DIM)."""
        var source = self.values(head)
        for row in range(self.n_ctx):
            comptime for c in range(0, HEAD_DIM, WIDTH):
                values.unsafe_store(
                    row * HEAD_DIM + c, source.unsafe_load[width=WIDTH](row * self.step + c)
                )

    @always_inline
    def query(self, row: Int, head: Int) -> Floats:
        """Return a head's part of a query."""
        return self.queries.unsafe_offset(row * 3 * self.state + head * HEAD_DIM)

    @always_inline
    def keys(self, head: Int) -> Floats:
        """Return a head's part of the first key."""
        return self.keys_values.unsafe_offset(head * HEAD_DIM)

    @always_inline
    def values(self, head: Int) -> Floats:
        """Return a head's part of the first value."""
        return self.keys_values.unsafe_offset(self.state + head * HEAD_DIM)

    def pack_queries(self, head: Int, first: Int, queries: Floats):
        """Pack PANEL queries of a head as a panel, (HEAD_DIM, PANEL), repeating the last row."""
        for lane in range(PANEL):
            var source = self.query(min(first + lane, self.n_rows - 1), head)
            for k in range(HEAD_DIM):
                queries[unsafe_offset=k * PANEL + lane] = source[unsafe_offset=k]


@no_inline
def score_tile[rows: Int](keys: Floats, queries: Floats, scores: Floats):
    """Write the scores of a panel of queries for `rows` packed keys, (rows, PANEL)."""
    var sums = products[rows](keys, rows, queries, PANEL, HEAD_DIM)
    comptime for i in range(rows * VECTORS):
        scores.unsafe_store(i * WIDTH, sums[i])


def score(keys: Floats, queries: Floats, scores: Floats, n_ctx: Int):
    """Write the scores of a panel of queries for all packed keys, (n_ctx, PANEL)."""
    var key = 0
    while key < n_ctx:
        var height = tile_height(n_ctx - key)
        var rows = keys.unsafe_offset(key * HEAD_DIM)
        var to = scores.unsafe_offset(key * PANEL)
        if height == TALL:
            score_tile[TALL](rows, queries, to)
        elif height == SHORT:
            score_tile[SHORT](rows, queries, to)
        else:
            score_tile[1](rows, queries, to)
        key += height


@no_inline
def softmax(scores: Floats, factors: Floats, n_ctx: Int):
    """Replace scores by exp(score - largest of the column); write each column's 1 / sum."""
    comptime for v in range(VECTORS):
        var column = scores.unsafe_offset(v * WIDTH)
        var largest = column.unsafe_load[width=WIDTH](0)
        for row in range(1, n_ctx):
            largest = max(largest, column.unsafe_load[width=WIDTH](row * PANEL))
        var sum = Vector(0)
        for row in range(n_ctx):
            var e = exp(column.unsafe_load[width=WIDTH](row * PANEL) - largest)
            column.unsafe_store(row * PANEL, e)
            sum += e
        factors.unsafe_store(v * WIDTH, 1 / sum)


@no_inline
def weigh_tile(
    scores: Floats, values: Floats, factors: Floats, heads: Heads, first: Int, column: Int
):
    """Write QUERIES rows, from `first` on, and PANEL columns of a head's result."""
    var sums = products[QUERIES](scores, PANEL, values, HEAD_DIM, heads.n_ctx)
    comptime for r in range(QUERIES):
        if first + r < heads.n_rows:
            var row = heads.output.unsafe_offset((first + r) * heads.state + column)
            comptime for v in range(VECTORS):
                row.unsafe_store(v * WIDTH, sums[r * VECTORS + v] * factors[unsafe_offset=r])


def attend_panel(
    heads: Heads, head: Int, first: Int, keys: Floats, values: Floats, scratch: Floats
):
    """Attend from PANEL queries of a head, from `first` on."""
    var queries = scratch
    var factors = queries.unsafe_offset(HEAD_DIM * PANEL)
    var scores = factors.unsafe_offset(PANEL)
    heads.pack_queries(head, first, queries)
    score(keys, queries, scores, heads.n_ctx)
    softmax(scores, factors, heads.n_ctx)
    for r in range(0, min(PANEL, heads.n_rows - first), QUERIES):
        for c in range(0, HEAD_DIM, PANEL):
            weigh_tile(
                scores.unsafe_offset(r),
                values.unsafe_offset(c),
                factors.unsafe_offset(r),
                heads,
                first + r,
                head * HEAD_DIM + c,
            )


@no_inline
def self_attention(heads: Heads, threads: Int):
    """Attend from every row to every key; panels of queries are shared among the threads."""
    var panels = ceildiv(heads.n_rows, PANEL)
    var units = heads.state // HEAD_DIM * panels
    var tasks = min(units, threads)
    var share = ceildiv(units, tasks)

    def work(task: Int) {imm}:
        var keys = allocate(heads.n_ctx * (2 * HEAD_DIM + PANEL) + (HEAD_DIM + 1) * PANEL)
        var values = keys.unsafe_offset(heads.n_ctx * HEAD_DIM)
        var scratch = values.unsafe_offset(heads.n_ctx * HEAD_DIM)
        var packed_head = -1
        for unit in range(task * share, min(units, (task + 1) * share)):
            var head, panel = divmod(unit, panels)
            if head != packed_head:
                heads.pack_keys(head, keys)
                heads.copy_values(head, values)
                packed_head = head
            attend_panel(heads, head, panel * PANEL, keys, values, scratch)
        keys.unsafe_free()

    sync_parallelize(work, tasks)
