"""One session, as the machine of dictation sees it."""

from dataclasses import dataclass

from sotto.app.core.events import FinalSound
from sotto.app.desktop.insertion import Target
from sotto.app.dictating.messages import Cancel, Request, Stop
from sotto.app.dictating.phases import Ending, Phase, Purpose
from sotto.app.dictating.written_text import Place


@dataclass(frozen=True, slots=True)
class Run:
    """A session from the wish for it to its end.

    Attributes:
        number: tells it from all others; they count from 1.
        request: what is listened to, and what for.
        is_open: whether it can begin.
        has_begun: whether it is the one that runs.
        reached: what it says that it does.
        asked: what was asked of it already, `Stop` or `Cancel`.
        target: the window that its text goes to, as far as that is known.
        sound: of the utterance that is to end, where that is kept.
        missing_s: sound that is missing since the last final; None where none is.
        ending: how it ends if it ends now.
    """

    number: int
    request: Request
    is_open: bool = False
    has_begun: bool = False
    reached: Phase = Phase.PREPARING
    asked: Stop | Cancel | None = None
    target: Target | None = None
    sound: FinalSound | None = None
    missing_s: float | None = None
    ending: Ending = Ending.NOTHING_HEARD

    @property
    def phase(self) -> Phase:
        """What it does, as its user sees it."""
        return self.reached if self.asked is None else Phase.FINISHING

    @property
    def is_for_application(self) -> bool:
        """Whether its text goes into another application."""
        return self.request.purpose is Purpose.APPLICATION

    @property
    def place(self) -> Place:
        """Where its text goes."""
        request = self.request
        return Place(self.number, request.purpose, request.language, self.target)

    @property
    def application(self) -> str:
        """That its text goes to; empty for Sotto itself."""
        return self.target.application if self.target else ""

    def sound_of(self, utterance: int) -> FinalSound | None:
        """Return the sound of an utterance, where that is kept."""
        is_its = self.sound is not None and self.sound.utterance == utterance
        return self.sound if is_its else None
