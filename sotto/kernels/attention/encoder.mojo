"""The encoder's attention: in integers where the processor has instructions for them."""

from ..floats import Floats
from ..linear.panels import WIDTH
from ..x86.features import COMPILES_VNNI, VNNI
from .block import Heads, self_attention
from .quantised import quantised_self_attention
from .sequences import Table

comptime MEMORY = 0
"""Address of a window's keys and values, float32, rows (2 * state,) of positions."""
comptime PER_LAYER = 1
"""Rows from a layer's to the next one's; 0 where no layer needs its own afterwards."""
comptime N_CTX = 2
"""Positions of the window."""
comptime FIRST = 3
"""Position of the first row that is kept."""
comptime SKIPPED = 4
"""Rows before that one. They and those after the last one kept are of use to convolutions only."""
comptime COUNT = 5
"""Rows that are kept."""


@fieldwise_init
struct Window(TrivialRegisterPassable):
    """A layer of a window of which some positions are encoded, given by the six entries above."""

    var entries: Table
    var layer: Int

    @always_inline
    def get(self, entry: Int) -> Int:
        """Return an entry."""
        return Int(self.entries[unsafe_offset=entry])

    def memory(self, width: Int) -> Floats:
        """Return where the layer's rows of keys and values begin."""
        var all = Floats(unsafe_from_address=self.get(MEMORY))
        return all.unsafe_offset(self.layer * self.get(PER_LAYER) * width)

    def keep(self, keys_values: Floats, state: Int):
        """Copy the keys and values of rows (3 * state,) to the memory."""
        var width = 2 * state
        var to = self.memory(width).unsafe_offset(self.get(FIRST) * width)
        var source = keys_values.unsafe_offset(self.get(SKIPPED) * 3 * state)
        for row in range(self.get(COUNT)):
            for c in range(0, width, WIDTH):
                var numbers = source.unsafe_load[width=WIDTH](row * 3 * state + c)
                to.unsafe_store(row * width + c, numbers)

    def heads(self, qkv: Floats, output: Floats, n_rows: Int, state: Int) -> Heads:
        """Keep the keys and values of rows (n_rows, 3 * state); return what attends to all."""
        self.keep(qkv.unsafe_offset(state), state)
        return Heads(
            queries=qkv,
            keys_values=self.memory(2 * state),
            step=2 * state,
            output=output,
            n_rows=n_rows,
            n_ctx=self.get(N_CTX),
            state=state,
        )


def attend(instructions: Int, heads: Heads, threads: Int):
    """Attend from every row to every key, in floats if `instructions` is -1 or knows no others."""
    comptime if COMPILES_VNNI:
        if instructions >= VNNI:
            return quantised_self_attention(heads, threads)
    self_attention(heads, threads)
