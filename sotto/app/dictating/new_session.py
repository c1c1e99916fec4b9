"""A session as the settings describe it."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from sotto.app.core.journal.journal import Journal
from sotto.app.core.models.background_loading import ProgressCallback
from sotto.app.core.models.choice import choose
from sotto.app.core.models.places import PACKAGED_FOLDER
from sotto.app.core.settings import Settings
from sotto.app.core.spoken_languages import Spoken
from sotto.app.dictating.session import Feed, Session, SessionSettings, Sink
from sotto.audio.input.source import Source
from sotto.audio.speech.endpointer import EndpointerSettings
from sotto.inference.streaming.recogniser import Recogniser

CLIPS = Path(__file__).parents[2] / "assets" / "clips"


class Lease(Protocol):
    """What recognises in one session. `load` runs in its loader, `end` in its own thread."""

    def load(self, progress: ProgressCallback) -> Recogniser:
        """Return a recogniser, to be used until `end`.

        Raises:
            SottoError: the model cannot be used.
        """
        ...

    def end(self) -> None:
        """The session needs it no more."""
        ...

    def hurry(self) -> None:
        """Nobody wants what is being recognised. From any thread."""
        ...


class Lender(Protocol):
    """Gives sessions what recognises."""

    def lease(
        self, settings: Settings, tell: Callable[[str], None], spoken: Spoken | None = None
    ) -> Lease:
        """Return what a session gets its recogniser from; see `Recognisers.lease`."""
        ...


def clip(settings: Settings) -> Path:
    """Return what is played where there is no microphone: a person's voice.

    The model in the box, which mishears people, gets a synthesiser's, with which it was taught.

    Raises:
        ModelError: The model of the settings cannot be used.
    """
    is_basic = choose(settings).path.parent == PACKAGED_FOLDER
    return CLIPS / ("hello.flac" if is_basic else "printing.flac")


def new_session(  # noqa: PLR0913 (the parts of a session)
    source: Source,
    feed: Feed,
    settings: Settings,
    sink: Sink,
    recognisers: Lender,
    *,
    spoken: Spoken | None = None,
    keeps_sound: bool = False,
    keeps_doubtful_sound: bool = False,
    journal: Journal | None = None,
    before_loading: Callable[[], None] = lambda: None,
) -> Session:
    """Wire a session; nothing starts yet.

    Args:
        source: Where sound comes from.
        feed: How it delivers.
        settings: The user's.
        sink: Called with each event, in the session's thread.
        recognisers: Give it what recognises.
        spoken: What is spoken, if not what the settings say.
        keeps_sound: Whether each final comes with its sound.
        keeps_doubtful_sound: Whether a final does that is doubtful.
        journal: Keeps sound and text until they are kept elsewhere.
        before_loading: Called before the model is loaded, in the thread that loads it.
    """
    endpointer = EndpointerSettings(
        aggressiveness=settings.aggressiveness,
        onset_ms=settings.onset_ms,
        pre_roll_ms=settings.pre_roll_ms,
        pause_ms=settings.pause_ms,
        hang_over_ms=settings.hang_over_ms,
    )
    lease = recognisers.lease(settings, lambda message: session.tell(message), spoken)  # noqa: PLW0108 (it is made below)

    def load(progress: ProgressCallback) -> Recogniser:
        before_loading()
        return lease.load(progress)

    session = Session(
        source,
        load,
        sink,
        SessionSettings(
            feed=feed,
            endpointer=endpointer,
            keeps_sound=keeps_sound,
            keeps_doubtful_sound=keeps_doubtful_sound,
        ),
        journal=journal,
        release=lease.end,
        hurry=lease.hurry,
    )
    return session
