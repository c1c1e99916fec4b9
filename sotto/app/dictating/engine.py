"""What the window needs from the rest of Sotto, and nothing more."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sotto.app.core.events import Event
from sotto.app.core.spoken_languages import Spoken

if TYPE_CHECKING:  # the window appears before numpy is there
    from sotto.app.core.journal.journal import Journal

Sink = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Microphone:
    """A microphone to choose; the empty `name` is the system's default."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model on this machine; the empty `name` is the one that Sotto chooses.

    Attributes:
        languages: those it knows; empty for most.
        is_starter: whether it is the one in the box, or that would be chosen.
        label: how it is shown, if not by its name.
        details: size, origin and speed, in words.
    """

    name: str
    languages: tuple[str, ...]
    is_starter: bool
    label: str = ""
    details: str = ""

    @property
    def shown(self) -> str:
        """What it is called on screen."""
        return self.label or self.name


class Session(Protocol):
    """A running dictation; its events go to the sink it was opened with."""

    @property
    def journal(self) -> "Journal | None":
        """What keeps its sound and text until they are kept elsewhere; None where nobody does."""
        ...

    def start(self) -> None:
        """Begin; returns at once."""
        ...

    def stop(self) -> None:
        """Take no more sound and finish the text of what was said; returns at once."""
        ...

    def cancel(self) -> None:
        """End now and forget what was said since the last final; returns at once."""
        ...


class Engine(Protocol):
    """Finds sound and models and opens sessions. Every method may block for seconds."""

    def stand_by(self, microphone: str | None) -> None:
        """Keep a microphone open, so that sessions begin before they are asked for; None: none."""
        ...

    def warm_up(self, model: str) -> None:
        """Load a model for the next session.

        Raises:
            ModelError: it cannot be used.
        """
        ...

    def let_go(self) -> None:
        """Hold no model in memory until the next session."""
        ...

    def microphones(self) -> tuple[Microphone, ...]:
        """Return the microphones, the default one first; none where there is none.

        Raises:
            AudioError: the sound system does not answer.
        """
        ...

    def models(self) -> tuple[Model, ...]:
        """Return the models on this machine."""
        ...

    def listen(
        self,
        microphone: str,
        model: str,
        sink: Sink,
        spoken: Spoken | None = None,
        *,
        is_kept: bool = True,
    ) -> Session:
        """Open, but don't start, a session on a microphone.

        `spoken` says what is spoken, if not what the settings say; `is_kept`, whether the text is
        kept, so that a crash may not take it.

        Raises:
            SottoError: the microphone or the model cannot be used.
        """
        ...

    def listen_to_system(self, model: str, sink: Sink, spoken: Spoken | None = None) -> Session:
        """Open, but don't start, a session on what the machine plays; `spoken` as in `listen`.

        Raises:
            SottoError: system audio cannot be heard here, or the model cannot be used.
        """
        ...

    def play_clip(self, model: str, sink: Sink) -> Session:
        """Open, but don't start, a session on the bundled clip at the speed of speech.

        Raises:
            SottoError: the clip or the model cannot be used.
        """
        ...
