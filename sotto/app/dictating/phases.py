"""What a dictation is doing, what it is for, and how it ended."""

from enum import Enum, auto


class Phase(Enum):
    """What the dictation is doing, as the user sees it."""

    IDLE = auto()
    PREPARING = auto()  # devices and models are being opened
    LISTENING = auto()
    WAITING = auto()  # the microphone is away; it is listened to again once it is back
    FINISHING = auto()  # no more sound is taken; the last words are on their way


class Purpose(Enum):
    """Where the text of a session goes, besides the transcript."""

    WINDOW = auto()  # nowhere else
    APPLICATION = auto()  # into the application that had the focus
    CAPTIONS = auto()  # nowhere else: it is what the machine plays, or what is said all day


class Ending(Enum):
    """How a dictation into an application ended."""

    WRITTEN = auto()
    NOTHING_HEARD = auto()
    CANCELLED = auto()
    FAILED = auto()
