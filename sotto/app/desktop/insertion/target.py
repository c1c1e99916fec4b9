"""What every way of inserting has in common: where the text goes, and what came of it."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Target:
    """A window of another application.

    `window` is the platform's own name for it, `application` its window class (on Wayland its
    app id), `title` what stands in its title bar.
    """

    window: str
    application: str
    title: str


class Outcome(Enum):
    """What came of an insertion or a deletion."""

    INSERTED = auto()  # or taken back, by a deletion
    MOVED = auto()  # the focus is elsewhere; nothing was done
    SECRET = auto()  # a password field, a locked screen, a password manager; nothing was done
    COPIED = auto()  # the text is only on the clipboard, and the user has to paste it


class Inserter(Protocol):
    """Puts text into other applications.

    Every method blocks, up to seconds, and raises InsertionError when the desktop does not answer.
    One thread at a time uses an inserter.
    """

    def focused(self) -> Target | None:
        """The window that has the focus, or None."""

    def insert(self, text: str, target: Target) -> Outcome:
        """Write `text` at the caret of `target`, if that still has the focus."""

    def delete(self, text: str, target: Target) -> Outcome:
        """Take back exactly `text`, which was inserted last and stands before the caret."""

    def copy(self, text: str) -> None:
        """Put `text` on the clipboard, for the user to paste."""

    def close(self) -> None:
        """Give back what the inserter holds; the clipboard stays as the user left it."""
