"""What goes into the dictation machine, and what comes out: plain values."""

from dataclasses import dataclass
from enum import Enum, auto

from sotto.app.core.events import Event, Final, FinalSound
from sotto.app.core.settings import Settings
from sotto.app.core.spoken_languages import Spoken
from sotto.app.core.transcript import Transcript
from sotto.app.core.words import Action
from sotto.app.desktop.insertion import Target
from sotto.app.dictating.phases import Ending, Purpose


class Sound(Enum):
    """What is listened to."""

    MICROPHONE = auto()
    SYSTEM = auto()  # what the machine plays
    CLIP = auto()  # the recording in the box


@dataclass(frozen=True, slots=True)
class Request:
    """What to listen to, and what for.

    Attributes:
        purpose: where the text goes.
        sound: what is heard.
        microphone: its name; empty for the system's default.
        model: its name; empty for the one that Sotto chooses.
        spoken: what is spoken, if not what the settings say.
        language: of the key that asked, or auto; empty where the settings say it.
    """

    purpose: Purpose
    sound: Sound = Sound.MICROPHONE
    microphone: str = ""
    model: str = ""
    spoken: Spoken | None = None
    language: str = ""


# In ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listen:
    """Somebody wants to listen. What runs is finished first, or wins if the other gives way."""

    request: Request
    gives_way: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """Take no more sound; the text of what was said still comes."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """End at once; what was said since the last final is forgotten."""


@dataclass(frozen=True, slots=True)
class Dictate:
    """The hotkey begins a dictation into the application in front, unless one goes on."""

    request: Request


@dataclass(frozen=True, slots=True)
class EndDictation:
    """The hotkey ends it: after the last word."""


@dataclass(frozen=True, slots=True)
class CancelDictation:
    """The cancel key ends it at once."""


@dataclass(frozen=True, slots=True)
class TailOver:
    """The moment is over in which the last word goes on after the key."""


@dataclass(frozen=True, slots=True)
class KeyHeld:
    """A hotkey is down, or none is any more; what is down turns letters into shortcuts."""

    is_down: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A session is open and can begin."""

    run: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A session could not be opened, and why in one line."""

    run: int
    message: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A session posted an event."""

    run: int
    event: Event


@dataclass(frozen=True, slots=True)
class TargetFound:
    """The window that had the focus when a dictation began; None where there was none."""

    run: int
    target: Target | None


@dataclass(frozen=True, slots=True)
class Secret:
    """What was to be written would have gone where nothing may go."""


@dataclass(frozen=True, slots=True)
class Undo:
    """Delete what was written last."""


@dataclass(frozen=True, slots=True)
class Put:
    """The transcript is another: cleared, or one of earlier."""

    transcript: Transcript


@dataclass(frozen=True, slots=True)
class Follow:
    """The settings are these now."""

    settings: Settings


Input = (
    Listen
    | Stop
    | Cancel
    | Dictate
    | EndDictation
    | CancelDictation
    | TailOver
    | KeyHeld
    | Opened
    | Refused
    | Happened
    | TargetFound
    | Secret
    | Undo
    | Put
    | Follow
)

# Out --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Open:
    """Open a session; `Opened` or `Refused` is to follow, once."""

    run: int
    request: Request


@dataclass(frozen=True, slots=True)
class Begin:
    """Start an open session: what follows belongs to it."""

    run: int
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class StopSession:
    """Tell a session to take no more sound."""

    run: int


@dataclass(frozen=True, slots=True)
class CancelSession:
    """Tell a session to end at once."""

    run: int


@dataclass(frozen=True, slots=True)
class Look:
    """Find the window that has the focus; `TargetFound` is to follow."""

    run: int


@dataclass(frozen=True, slots=True)
class Write:
    """Insert and delete in the window of a dictation."""

    run: int
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """An utterance is written: show it, say it, keep it.

    Attributes:
        run: the dictation.
        purpose: where its text went.
        final: with the text as it was written; its `utterance` tells it from others of the run.
        application: that it went to; empty for Sotto itself.
        sound: what was heard of it; None where that is not kept.
        missing_s: how much sound is missing before it, 0 where nobody can tell; None where none is.
    """

    run: int
    purpose: Purpose
    final: Final
    application: str = ""
    sound: FinalSound | None = None
    missing_s: float | None = None


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """Recognition failed at an utterance: keep its sound, another model may hear it.

    Attributes:
        run: the dictation.
        sound: what was heard of it.
        application: that it was said to; empty for Sotto itself.
    """

    run: int
    sound: FinalSound
    application: str = ""


@dataclass(frozen=True, slots=True)
class StartTail:
    """Say `TailOver` in a moment."""


@dataclass(frozen=True, slots=True)
class StopTail:
    """Do not say `TailOver`."""


class Cue(Enum):
    """What somebody is told who dictates into another application."""

    STARTED = auto()
    STOPPING = auto()  # the key is up; the last words are on their way


@dataclass(frozen=True, slots=True)
class Ended:
    """No dictation into an application goes on any more."""

    ending: Ending


@dataclass(frozen=True, slots=True)
class Tell:
    """Something went wrong that the user should know."""

    message: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Something went wrong that the user should know, but the session goes on."""

    message: str


Command = (
    Open
    | Begin
    | StopSession
    | CancelSession
    | Look
    | Mention
    | Write
    | Finished
    | Unrecognised
    | StartTail
    | StopTail
    | Cue
    | Ended
    | Tell
)
