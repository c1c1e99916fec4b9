"""What goes through the pipe between Sotto and the process that recognises: frozen, pickled.

Each request is answered once; before that come any number of `Progress`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sotto.app.core.settings import Settings
from sotto.app.core.spoken_languages import Spoken
from sotto.errors import SottoError

if TYPE_CHECKING:  # the window appears before numpy is there
    from sotto.audio.input.source import Pcm
    from sotto.inference.streaming.recogniser import Word

PROGRAM = "sotto.app.dictating.recognising.child"
SCRATCH = "sotto-recogniser-"  # how the folder of its temporary files begins
KEEPS_TRACES = "--keep-traces"  # the argument of those whose program keeps some, too


@dataclass(frozen=True, slots=True)
class Open:
    """Get ready for a session, as `loader.recogniser_loader` does; answered by `Done`."""

    settings: Settings
    spoken: Spoken | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """Load the model of these settings and say how fast it is here: a `speeds.Speed`."""

    settings: Settings


@dataclass(frozen=True, slots=True)
class Begin:
    """See `Recogniser.begin`."""

    context: str


@dataclass(frozen=True, slots=True, eq=False)
class Append:
    """See `Recogniser.append`."""

    pcm: "Pcm"


@dataclass(frozen=True, slots=True)
class Skip:
    """Count samples as heard and forgotten, whose sound nobody has any more."""

    n_samples: int


@dataclass(frozen=True, slots=True)
class Trim:
    """See `Recogniser.trim`."""

    until_s: float
    context: str


@dataclass(frozen=True, slots=True)
class GoOn:
    """See `Recogniser.go_on`."""

    from_s: float


Call = Begin | Append | Skip | Trim | GoOn


@dataclass(frozen=True, slots=True, eq=False)
class Recognise:
    """What became of the segment since the last request, then `Recogniser.recognise`."""

    calls: tuple[Call, ...]
    prefix: "tuple[Word, ...]"
    final: bool


Request = Open | Measure | Recognise


@dataclass(frozen=True, slots=True)
class Progress:
    """See `ProgressCallback`."""

    what: str
    elapsed_s: float
    expected_s: float


@dataclass(frozen=True, slots=True)
class Done:
    """The answer: a `Hypothesis` for `Recognise`, a `Speed` for `Measure`."""

    result: object = None


@dataclass(frozen=True, slots=True)
class Failed:
    """What was raised instead; anything but a `SottoError` has become an `InternalError`."""

    error: SottoError


Answer = Progress | Done | Failed
