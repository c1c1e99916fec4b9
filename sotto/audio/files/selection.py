"""What of a file is asked for, and what there is."""

from typing import Literal, NamedTuple

Channels = Literal["mix", "left", "right"]
CHANNELS: tuple[Channels, ...] = ("mix", "left", "right")


class Selection(NamedTuple):
    """Which sound of a file.

    Attributes:
        track: 1 is the first sound track; None is the one that the file calls its default, or the
            first.
        channels: all of them mixed, or the left or the right one of stereo; or several of these,
            side by side.
    """

    track: int | None = None
    channels: Channels | tuple[Channels, ...] = "mix"

    @property
    def sounds(self) -> tuple[Channels, ...]:
        """The channels of each sound that is wanted."""
        return self.channels if isinstance(self.channels, tuple) else (self.channels,)


class Track(NamedTuple):
    """A sound track as its file tells of it.

    Attributes:
        n_channels: 0 where nobody knows.
        language: As a code, such as "ger", or empty.
        title: Such as "Commentary", or empty.
        is_default: Whether it is the one that is meant where nobody asks for another.
    """

    n_channels: int
    language: str = ""
    title: str = ""
    is_default: bool = False
