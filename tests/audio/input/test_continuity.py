"""What is missing, told from when blocks of 40 ms arrive."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from sotto.audio.input.continuity import LEAST_S, SETTLE_S, STALL_S, Continuity, Missing

RATE = 16_000
BLOCK = 640
BLOCK_S = BLOCK / RATE


@dataclass
class Device:
    """Gives blocks; whoever takes them may be kept waiting, and sound may be lost."""

    clock_error: float = 0.0  # of the device's clock, in parts
    continuity: Continuity = field(default_factory=lambda: Continuity(RATE))
    told: list[Missing] = field(default_factory=list)
    n_given: int = 0
    now_s: float = 100.0

    def give(self, seconds: float, *, delays_s: list[float] | None = None) -> None:
        delays_s = delays_s or [0.0]
        for number in range(round(seconds / BLOCK_S)):
            self.now_s += BLOCK_S * (1 + self.clock_error)
            self.arrive(delays_s[number % len(delays_s)])

    def arrive(self, delay_s: float = 0.0, *, overflow: bool = False) -> None:
        kept, self.n_given = self.n_given, self.n_given + BLOCK
        missing = self.continuity.arrive(
            kept, self.n_given, self.now_s + delay_s, overflow=overflow
        )
        self.told += [missing] if missing else []

    def lose(self, seconds: float) -> None:
        self.now_s += seconds


@given(
    st.floats(LEAST_S + STALL_S, 10_000.0),
    st.floats(0.1, 20.0),
    st.lists(st.floats(0.0, 0.1), min_size=1, max_size=9),
)
def test_what_is_lost_is_told_where_and_how_much(
    missing_s: float, before_s: float, delays_s: list[float]
) -> None:
    device = Device()
    device.give(before_s + 1, delays_s=delays_s)
    position = device.n_given
    device.lose(missing_s)
    device.give(2 * SETTLE_S, delays_s=delays_s)
    (missing,) = device.told
    assert missing.position == position
    assert abs(missing.seconds - missing_s) < 0.15
    device.give(20.0, delays_s=delays_s)
    assert len(device.told) == 1


@given(
    st.lists(st.floats(0.0, STALL_S - 0.01), min_size=1, max_size=50),
    st.floats(-0.0005, 0.0005),
)
def test_late_blocks_are_no_loss(delays_s: list[float], clock_error: float) -> None:
    device = Device(clock_error)
    device.give(60.0, delays_s=delays_s)
    assert device.told == []


@given(st.floats(STALL_S, 60.0))
def test_blocks_that_waited_in_a_buffer_and_then_come_at_once_are_no_loss(stall_s: float) -> None:
    device = Device()
    device.give(5.0)
    device.lose(stall_s)
    for _ in range(round(stall_s / BLOCK_S)):
        device.arrive()
    device.give(5.0)
    assert device.told == []


def test_a_device_that_says_so_is_believed_even_where_nothing_can_be_measured() -> None:
    device = Device()
    device.give(5.0)
    position = device.n_given
    device.now_s += BLOCK_S
    device.arrive(overflow=True)
    device.give(1.0)
    assert device.told == [Missing(position, 0.0)]


def test_what_comes_after_a_stall_waits_until_it_is_known() -> None:
    device = Device()
    device.give(5.0)
    position = device.n_given
    device.lose(3.0)
    device.give(BLOCK_S)
    held, told = device.continuity.stall, list(device.told)
    assert (held, told) == (position, [])
    device.give(SETTLE_S + BLOCK_S)
    assert [missing.position for missing in device.told] == [position]
