"""The encoder's attention in integers, for AVX-512 VNNI: a panel of queries and a block of keys
at a time, so that scores and weights stay in the first-level cache.

As FlashAttention (Dao et al. 2022) does, each block's result is brought to the largest score so
far. Scores are products of bytes; weights have 12 bits below the largest of their block, so that
one loud key takes no precision from the keys of other blocks.
"""

from max.algorithm import sync_parallelize
from std.collections import Array
from std.math import ceildiv, round
from std.memory import bitcast
from std.sys import llvm_intrinsic

from ..floats import Floats, allocate
from ..linear.panels import PANEL
from ..x86.dots import Wide, dots_vnni
from ..quantised.layout import GROUP, Groups, allocate_words
from ..quantised.tile import TALL
from .block import Heads
from .integers import LANES, PAIR, Keys, Queries, Values, Vector
from .row import HEAD_DIM

comptime KEYS = 16 * TALL
"""Keys of a block. 192 products of 12 by 11 bits still fit into the 31 bits of a sum."""
comptime LOG2_LARGEST_WEIGHT = Float32(11.99964775)
"""Of 4095."""
comptime TILE = 8
"""Queries of a tile of the product with the values."""
comptime LOWEST = Float32(-1e30)


@always_inline
def power_of_two(x: Vector) -> Vector:
    """Return 2^x to 3e-6, 0 far below: a minimax polynomial between integers."""
    var whole = round(x)
    var f = x - whole
    var y = f.fma(Vector(0.009570096728), Vector(0.0559178599))
    y = y.fma(f, Vector(0.2402474489))
    y = y.fma(f, Vector(0.6931218148))
    y = y.fma(f, Vector(0.9999992614))
    return llvm_intrinsic["llvm.x86.avx512.mask.scalef.ps.512", Vector](
        y, whole, Vector(0), Int16(-1), Int32(4)
    )


@always_inline
def to_integers(x: Vector) -> Wide:
    """Return the nearest integers."""
    return llvm_intrinsic["llvm.x86.avx512.mask.cvtps2dq.512", Wide](
        x, Wide(0), Int16(-1), Int32(4)
    )


@always_inline
def add_pairs(sum: Wide, weights: Wide, values: Wide) -> Wide:
    """AVX-512 VNNI: add two products of 16-bit integers to each lane."""
    return llvm_intrinsic["llvm.x86.avx512.vpdpwssd.512", Wide](
        sum, bitcast[DType.int16, 32](weights), bitcast[DType.int16, 32](values)
    )


struct Block(TrivialRegisterPassable):
    """Scores and weights of a panel of queries for a block of keys."""

    var sums: Groups
    var scores: Floats
    var weights: Groups
    var largest: Floats
    var totals: Floats

    def __init__(out self):
        """Allocate room; `free` frees it."""
        self.sums = allocate_words(TALL * PANEL)
        self.scores = allocate(KEYS * PANEL)
        self.weights = allocate_words(KEYS // PAIR * PANEL)
        self.largest = allocate(PANEL)
        self.totals = allocate(PANEL)

    def free(self):
        """Free the memory."""
        self.sums.unsafe_free()
        self.scores.unsafe_free()
        self.weights.unsafe_free()
        self.largest.unsafe_free()
        self.totals.unsafe_free()

    @no_inline
    def score(self, queries: Queries, keys: Keys, first: Int, n_keys: Int):
        """Fill `scores` (n_keys, PANEL), and `largest` with that of each query."""
        comptime for v in range(0, PANEL, LANES):
            self.largest.unsafe_store(v, Vector(LOWEST))
        for key in range(0, n_keys, TALL):
            var tile = keys.groups.unsafe_offset((first + key) * HEAD_DIM // GROUP)
            dots_vnni[TALL](tile, queries.panel.unsafe_bitcast[Int8](), HEAD_DIM, self.sums)
            self.scale(queries, keys.steps.unsafe_offset(first + key), key, min(TALL, n_keys - key))
        comptime for v in range(0, PANEL, LANES):
            var largest = self.largest.unsafe_load[width=LANES](v)
            self.largest.unsafe_store(v, largest * queries.steps.unsafe_load[width=LANES](v))

    def scale(self, queries: Queries, key_steps: Floats, first: Int, n_keys: Int):
        """Turn the sums of a tile into scores, but for the queries' steps."""
        comptime for v in range(0, PANEL, LANES):
            var corrections = queries.corrections.unsafe_load[width=LANES](v)
            var largest = self.largest.unsafe_load[width=LANES](v)
            for key in range(n_keys):
                var sum = self.sums.unsafe_load[width=LANES](key * PANEL + v) - corrections
                var score = sum.cast[DType.float32]() * key_steps[unsafe_offset=key]
                self.scores.unsafe_store((first + key) * PANEL + v, score)
                largest = max(largest, score)
            self.largest.unsafe_store(v, largest)

    @no_inline
    def exponentiate(self, queries: Queries, n_keys: Int):
        """Fill `weights` (n_keys / 2, PANEL, 2) from the scores, and `totals` with their sums."""
        comptime for v in range(0, PANEL, LANES):
            var steps = queries.steps.unsafe_load[width=LANES](v)
            var base = LOG2_LARGEST_WEIGHT - self.largest.unsafe_load[width=LANES](v)
            if n_keys % PAIR:
                self.scores.unsafe_store(n_keys * PANEL + v, Vector(LOWEST))
            var total = Wide(0)
            for key in range(0, n_keys, PAIR):
                var even = self.weight(key * PANEL + v, steps, base)
                var odd = self.weight((key + 1) * PANEL + v, steps, base)
                total += even + odd
                self.weights.unsafe_store(key // PAIR * PANEL + v, even | (odd << 16))
            self.totals.unsafe_store(v, total.cast[DType.float32]())

    @always_inline
    def weight(self, at: Int, steps: Vector, base: Vector) -> Wide:
        """Return the weights of 16 scores."""
        return to_integers(power_of_two(self.scores.unsafe_load[width=LANES](at).fma(steps, base)))

    @no_inline
    def weigh(self, values: Groups, n_keys: Int, query: Int, column: Int, result: Result):
        """Add TILE queries' weighted values to PANEL columns of the result."""
        var sums = Array[Wide, TILE * 2](fill=Wide(0))
        for pair in range(ceildiv(n_keys, PAIR)):
            var low = values.unsafe_load[width=LANES](pair * HEAD_DIM + column)
            var high = values.unsafe_load[width=LANES](pair * HEAD_DIM + column + LANES)
            comptime for q in range(TILE):
                var weight = Wide(self.weights[unsafe_offset=pair * PANEL + query + q])
                sums[2 * q] = add_pairs(sums[2 * q], weight, low)
                sums[2 * q + 1] = add_pairs(sums[2 * q + 1], weight, high)
        comptime for q in range(TILE):
            comptime for half in range(2):
                var sum = sums[2 * q + half].cast[DType.float32]()
                result.add(sum, query + q, column + half * LANES)


struct Result(TrivialRegisterPassable):
    """A panel of queries' weighted values (PANEL, HEAD_DIM), relative to the largest score."""

    var values: Floats
    var largest: Floats
    var totals: Floats
    var kept: Floats
    var taken: Floats
    """Factors that bring what is there, and what comes, to the largest score of both."""

    def __init__(out self):
        """Allocate room; `free` frees it."""
        self.values = allocate(PANEL * HEAD_DIM)
        self.largest = allocate(PANEL)
        self.totals = allocate(PANEL)
        self.kept = allocate(PANEL)
        self.taken = allocate(PANEL)

    def free(self):
        """Free the memory."""
        self.values.unsafe_free()
        self.largest.unsafe_free()
        self.totals.unsafe_free()
        self.kept.unsafe_free()
        self.taken.unsafe_free()

    def clear(self):
        """Start with no keys."""
        for i in range(0, PANEL * HEAD_DIM, LANES):
            self.values.unsafe_store(i, Vector(0))
        comptime for v in range(0, PANEL, LANES):
            self.largest.unsafe_store(v, Vector(LOWEST))
            self.totals.unsafe_store(v, Vector(0))

    def take(self, block: Block):
        """Make ready for the values of another block."""
        comptime for v in range(0, PANEL, LANES):
            var before = self.largest.unsafe_load[width=LANES](v)
            var now = block.largest.unsafe_load[width=LANES](v)
            var largest = max(before, now)
            var kept = power_of_two(before - largest)
            var taken = power_of_two(now - largest)
            var total = self.totals.unsafe_load[width=LANES](v) * kept
            var added = block.totals.unsafe_load[width=LANES](v) * taken
            self.totals.unsafe_store(v, total + added)
            self.largest.unsafe_store(v, largest)
            self.kept.unsafe_store(v, kept)
            self.taken.unsafe_store(v, taken)

    @always_inline
    def add(self, sum: Vector, query: Int, column: Int):
        """Add 16 columns of a block's values for one query."""
        var at = query * HEAD_DIM + column
        var before = self.values.unsafe_load[width=LANES](at) * self.kept[unsafe_offset=query]
        self.values.unsafe_store(at, sum.fma(Vector(self.taken[unsafe_offset=query]), before))

    def store(self, heads: Heads, head: Int, first: Int, values: Values):
        """Write the rows of the queries from `first` on."""
        for query in range(min(PANEL, heads.n_rows - first)):
            var row = heads.output.unsafe_offset((first + query) * heads.state + head * HEAD_DIM)
            var factor = 1 / self.totals[unsafe_offset=query]
            comptime for c in range(0, HEAD_DIM, LANES):
                var sum = self.values.unsafe_load[width=LANES](query * HEAD_DIM + c)
                row.unsafe_store(c, sum * values.steps.unsafe_load[width=LANES](c) * factor)


struct Head(TrivialRegisterPassable):
    """One head as integers, and the memory to attend from its queries."""

    var queries: Queries
    var keys: Keys
    var values: Values
    var block: Block
    var result: Result

    def __init__(out self, n_ctx: Int):
        """Allocate room for so many keys; `free` frees it."""
        self.queries = Queries()
        self.keys = Keys(n_ctx)
        self.values = Values(n_ctx)
        self.block = Block()
        self.result = Result()

    def free(self):
        """Free the memory."""
        self.queries.free()
        self.keys.free()
        self.values.free()
        self.block.free()
        self.result.free()

    def fill(self, heads: Heads, head: Int):
        """Take the keys and values of a head."""
        self.keys.fill(heads, head)
        self.values.fill(heads, head)

    def attend(self, heads: Heads, head: Int, first: Int):
        """Attend from PANEL queries of the head, from `first` on."""
        self.queries.fill(heads, head, first)
        self.result.clear()
        for key in range(0, heads.n_ctx, KEYS):
            var n_keys = min(KEYS, heads.n_ctx - key)
            self.block.score(self.queries, self.keys, key, n_keys)
            self.block.exponentiate(self.queries, n_keys)
            self.result.take(self.block)
            var pairs = self.values.pairs.unsafe_offset(key // PAIR * HEAD_DIM)
            for query in range(0, PANEL, TILE):
                for column in range(0, HEAD_DIM, 2 * LANES):
                    self.block.weigh(pairs, n_keys, query, column, self.result)
        self.result.store(heads, head, first, self.values)


@no_inline
def quantised_self_attention(heads: Heads, threads: Int):
    """Attend from every row to every key; panels of queries are shared among the threads."""
    var panels = ceildiv(heads.n_rows, PANEL)
    var units = heads.state // HEAD_DIM * panels
    var tasks = min(units, threads)
    var share = ceildiv(units, tasks)

    def work(task: Int) {imm}:
        var held = Head(heads.n_ctx)
        var filled = -1
        for unit in range(task * share, min(units, (task + 1) * share)):
            var head, panel = divmod(unit, panels)
            if head != filled:
                held.fill(heads, head)
                filled = head
            held.attend(heads, head, panel * PANEL)
        held.free()

    sync_parallelize(work, tasks)
