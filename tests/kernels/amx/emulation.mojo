"""The eight tiles in software, after the operation sections of Intel's Software Developer's Manual
(volume 2: LDTILECFG, TILELOADD, TDPBUSD, TILESTORED, TILERELEASE).

What a processor answers with a fault is noted, and so is any access outside the memory that the
product may touch, which is left out.
"""

from kernels.x86.amx import Tiles
from kernels.quantised.layout import Bytes

comptime ROW = 64
comptime MOST_ROWS = 16


@fieldwise_init
struct Region(TrivialRegisterPassable):
    """Memory that may be touched."""

    var start: Int
    var size: Int

    def holds(self, start: Int, size: Int) -> Bool:
        """Tell whether a part of memory lies inside."""
        return self.start <= start and start + size <= self.start + self.size


struct Emulation(Tiles):
    """Eight tiles, and the memory they may be filled from and written to."""

    var data: List[UInt8]
    var rows: List[Int]
    var row_bytes: List[Int]
    var readable: List[Region]
    var writable: Region
    var products: Int
    var fault: String
    """The last one, or empty."""

    def __init__(out self, packed: Region, panel: Region, sums: Region):
        """Start with tiles that are not configured."""
        self.data = List[UInt8](length=8 * MOST_ROWS * ROW, fill=0xAA)
        self.rows = List[Int](length=8, fill=0)
        self.row_bytes = List[Int](length=8, fill=0)
        self.readable = [packed, panel]
        self.writable = sums
        self.products = 0
        self.fault = ""

    def must(mut self, condition: Bool, what: StaticString):
        """Note a fault unless something holds."""
        if not condition:
            self.fault = String(what)

    def configure(mut self, configuration: Bytes):
        """LDTILECFG."""
        self.must(configuration[unsafe_offset=0] == 1, "the palette is 1")
        for i in range(1, 64):
            var used = 16 <= i < 32 or 48 <= i < 56
            self.must(used or configuration[unsafe_offset=i] == 0, "reserved bytes are 0")
        for tile in range(8):
            var low = Int(configuration[unsafe_offset=16 + 2 * tile])
            var high = Int(configuration[unsafe_offset=17 + 2 * tile])
            self.row_bytes[tile] = low + 256 * high
            self.rows[tile] = Int(configuration[unsafe_offset=48 + tile])
            self.must(self.row_bytes[tile] <= ROW, "a row has at most 64 bytes")
            self.must(self.rows[tile] <= MOST_ROWS, "a tile has at most 16 rows")
            self.must((self.rows[tile] == 0) == (self.row_bytes[tile] == 0), "both are 0 or none")
        for i in range(len(self.data)):
            self.data[i] = 0

    def check[tile: Int](mut self):
        """Fault on a tile that is none."""
        comptime assert 0 <= tile < 8, "tiles are 0 to 7"
        self.must(self.rows[tile] > 0, "the tile is configured")

    def zero[tile: Int](mut self):
        """TILEZERO."""
        self.check[tile]()
        for i in range(MOST_ROWS * ROW):
            self.data[tile * MOST_ROWS * ROW + i] = 0

    def load[tile: Int](mut self, rows: Bytes, step: Int):
        """TILELOADD."""
        self.zero[tile]()
        for r in range(self.rows[tile]):
            var inside = False
            for region in self.readable:
                inside |= region.holds(Int(rows) + r * step, self.row_bytes[tile])
            self.must(inside, "a row is loaded from memory of rows or of weights")
            for i in range(self.row_bytes[tile] if inside else 0):
                self.data[(tile * MOST_ROWS + r) * ROW + i] = rows[unsafe_offset=r * step + i]

    def store[tile: Int](mut self, rows: Bytes, step: Int):
        """TILESTORED."""
        self.check[tile]()
        for r in range(self.rows[tile]):
            var inside = self.writable.holds(Int(rows) + r * step, self.row_bytes[tile])
            self.must(inside, "a row is stored to memory of sums")
            for i in range(self.row_bytes[tile] if inside else 0):
                rows[unsafe_offset=r * step + i] = self.data[(tile * MOST_ROWS + r) * ROW + i]

    def multiply[sums: Int, x: Int, weights: Int](mut self):
        """TDPBUSD sums, x, weights."""
        comptime assert sums != x and sums != weights and x != weights, "the tiles differ"
        self.check[sums]()
        self.check[x]()
        self.check[weights]()
        self.must(self.row_bytes[sums] % 4 == 0 and self.row_bytes[x] % 4 == 0, "rows are whole words")
        self.must(self.row_bytes[sums] == self.row_bytes[weights], "as many columns of weights as sums")
        self.must(self.rows[sums] == self.rows[x], "as many rows of sums as of x")
        self.must(self.rows[weights] == self.row_bytes[x] // 4, "a row of weights for each word of x")
        self.products += 1
        for m in range(self.rows[sums]):
            for k in range(self.row_bytes[x] // 4):
                for n in range(self.row_bytes[sums] // 4):
                    var sum = self.word(sums, m, n)
                    for i in range(4):
                        var unsigned = Int32(self.data[(x * MOST_ROWS + m) * ROW + 4 * k + i])
                        var byte = self.data[(weights * MOST_ROWS + k) * ROW + 4 * n + i]
                        var signed = Int32(byte) - Int32(256 if byte >= 128 else 0)
                        sum += unsigned * signed
                    self.set_word(sums, m, n, sum)

    def word(self, tile: Int, row: Int, column: Int) -> Int32:
        """Return a sum."""
        var word = UInt32(0)
        for i in range(4):
            var byte = UInt32(self.data[(tile * MOST_ROWS + row) * ROW + 4 * column + i])
            word |= byte << UInt32(8 * i)
        return Int32(word)

    def set_word(mut self, tile: Int, row: Int, column: Int, word: Int32):
        """Replace a sum."""
        for i in range(4):
            var byte = (UInt32(word) >> UInt32(8 * i)) & 255
            self.data[(tile * MOST_ROWS + row) * ROW + 4 * column + i] = UInt8(byte)

    def release(mut self):
        """TILERELEASE."""
        for tile in range(8):
            self.rows[tile] = 0
            self.row_bytes[tile] = 0
