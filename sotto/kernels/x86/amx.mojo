"""Sums of byte products by Intel AMX, in tiles of 16 rows of 64 bytes that the processor holds.

The same 32-bit integers as those of dots.mojo. A tile of weights is half a panel where it lies: its
16 columns of four inputs are 64 bytes, and the next four inputs follow a panel's width later.
Intel's Software Developer's Manual, volume 1, chapter 18 and the instructions in volume 2.
"""

from std.ffi import external_call
from std.sys._assembly import inlined_assembly

from ..linear.panels import PANEL
from ..quantised.layout import GROUP, Bytes, Groups, Weights, allocate_words

comptime TILE = 16
"""Rows of a tile, and its columns of four bytes."""
comptime TILE_BYTES = TILE * GROUP
"""Bytes of a row."""
comptime HALVES = PANEL // TILE
comptime X = 4
"""The first of two tiles of rows; tiles 0 to 3 are sums."""
comptime WEIGHTS = 6
"""The first of two tiles of weights."""
comptime PALETTE = 1
comptime ROW_BYTES_AT = 16
"""Where a configuration holds each tile's bytes a row, 16 bits each."""
comptime ROWS_AT = 48
"""Where it holds each tile's rows, a byte each."""


trait Tiles:
    """A unit of eight tiles that multiplies them."""

    def configure(mut self, configuration: Bytes):
        """Take the 64 bytes that give the tiles their sizes."""
        ...

    def zero[tile: Int](mut self):
        """Make all sums of a tile 0."""
        ...

    def load[tile: Int](mut self, rows: Bytes, step: Int):
        """Fill a tile from memory, with `step` bytes from row to row."""
        ...

    def multiply[sums: Int, x: Int, weights: Int](mut self):
        """Add the products of a tile of unsigned bytes and one of signed bytes."""
        ...

    def store[tile: Int](mut self, rows: Bytes, step: Int):
        """Write a tile to memory, with `step` bytes from row to row."""
        ...

    def release(mut self):
        """Forget sizes and contents, which the system else saves whenever it switches threads."""
        ...


@fieldwise_init
struct Processor(Tiles, TrivialRegisterPassable):
    """The tiles of the core that this thread runs on; `permitted` comes first.

    The compiler knows nothing of tiles, and so leaves them alone between these instructions.
    """

    @always_inline
    def configure(mut self, configuration: Bytes):
        """See `Tiles`."""
        inlined_assembly["ldtilecfg ($0)", NoneType, constraints="r,~{memory}"](configuration)

    @always_inline
    def zero[tile: Int](mut self):
        """See `Tiles`."""
        comptime text = StaticString("tilezero %tmm") + String(tile)
        inlined_assembly[text, NoneType, constraints="~{memory}"]()

    @always_inline
    def load[tile: Int](mut self, rows: Bytes, step: Int):
        """See `Tiles`."""
        comptime text = StaticString("tileloadd ($0,$1,1), %tmm") + String(tile)
        inlined_assembly[text, NoneType, constraints="r,r,~{memory}"](rows, Int64(step))

    @always_inline
    def multiply[sums: Int, x: Int, weights: Int](mut self):
        """See `Tiles`."""
        comptime sources = "%tmm" + String(weights) + ", %tmm" + String(x)
        comptime text = StaticString("tdpbusd ") + sources + ", %tmm" + String(sums)
        inlined_assembly[text, NoneType, constraints="~{memory}"]()

    @always_inline
    def store[tile: Int](mut self, rows: Bytes, step: Int):
        """See `Tiles`."""
        comptime text = StaticString("tilestored %tmm") + String(tile) + ", ($0,$1,1)"
        inlined_assembly[text, NoneType, constraints="r,r,~{memory}"](rows, Int64(step))

    @always_inline
    def release(mut self):
        """See `Tiles`."""
        inlined_assembly["tilerelease", NoneType, constraints="~{memory}"]()


def permitted() -> Bool:
    """Ask Linux to let this process use tiles; it refuses where the processor has none."""
    comptime ARCH_PRCTL = Int(158)
    comptime ARCH_REQ_XCOMP_PERM = Int(0x1023)
    comptime XFEATURE_XTILEDATA = Int(18)
    return external_call["syscall", Int](ARCH_PRCTL, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0


def step_of(n_in: Int) -> Int:
    """Return how many inputs a tile takes: the most that divide `n_in`, a multiple of 16."""
    var groups = TILE
    while n_in % (groups * GROUP):
        groups -= 1
    return groups * GROUP


def configure(mut tiles: Some[Tiles], n_in: Int):
    """Give the tiles the sizes for `dots_amx` of `n_in` inputs; each thread has to."""
    var step = step_of(n_in)
    var configuration = allocate_words(TILE).unsafe_bitcast[UInt8]()
    configuration.unsafe_store(0, SIMD[DType.uint8, TILE_BYTES](0))
    configuration[unsafe_offset=0] = PALETTE
    for tile in range(8):
        var x = X <= tile < WEIGHTS
        var rows = step // GROUP if tile >= WEIGHTS else TILE
        configuration[unsafe_offset=ROW_BYTES_AT + 2 * tile] = UInt8(step if x else TILE_BYTES)
        configuration[unsafe_offset=ROWS_AT + tile] = UInt8(rows)
    tiles.configure(configuration)
    configuration.unsafe_free()


@no_inline
def dots_amx[
    blocks: Int
](mut tiles: Some[Tiles], packed: Groups, panel: Weights, n_in: Int, sums: Groups):
    """Write the sums (16 * blocks, PANEL) of rows, one after the other, times a panel."""
    var x = packed.unsafe_bitcast[UInt8]()
    var weights = panel.unsafe_bitcast[UInt8]()
    var to = sums.unsafe_bitcast[UInt8]()
    comptime for sum in range(blocks * HALVES):
        tiles.zero[sum]()
    for k in range(0, n_in, step_of(n_in)):
        comptime for half in range(HALVES):
            var columns = weights.unsafe_offset(k * PANEL + half * TILE_BYTES)
            tiles.load[WEIGHTS + half](columns, PANEL * GROUP)
        comptime for block in range(blocks):
            tiles.load[X + block](x.unsafe_offset(block * TILE * n_in + k), n_in)
            comptime for half in range(HALVES):
                tiles.multiply[block * HALVES + half, X + block, WEIGHTS + half]()
    comptime for block in range(blocks):
        comptime for half in range(HALVES):
            var part = to.unsafe_offset((block * TILE * PANEL + half * TILE) * GROUP)
            tiles.store[block * HALVES + half](part, PANEL * GROUP)
