"""The encoder's attention: in integers where the processor has instructions for them."""

from ..x86.features import COMPILES_VNNI, VNNI
from .block import Heads, self_attention
from .quantised import quantised_self_attention


def attend(instructions: Int, heads: Heads, threads: Int):
    """Attend from every row to every row, in floats if `instructions` is -1 or knows no others."""
    comptime if COMPILES_VNNI:
        if instructions >= VNNI:
            return quantised_self_attention(heads, threads)
    self_attention(heads, threads)
