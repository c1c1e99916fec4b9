"""What of a file is asked for."""

from typing import Literal, NamedTuple

Channels = Literal["mix", "left", "right"]
CHANNELS: tuple[Channels, ...] = ("mix", "left", "right")


class Selection(NamedTuple):
    """Which sound of a file.

    Attributes:
        track: 1 is the first sound track; None is the one that the file calls its default, or the
            first.
        channels: all of them mixed, or the left or the right one of stereo.
    """

    track: int | None = None
    channels: Channels = "mix"
