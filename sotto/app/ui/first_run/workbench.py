"""What the first start needs from the machine, and nothing more."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sotto.app.dictating.engine import Microphone

if TYPE_CHECKING:  # numpy comes with it, and the window can wait for that
    from sotto.app.core.models.speeds import Speed

Preparation = Callable[[str, float, float], None]
"""Called with what is done before a model can be measured, seconds taken, seconds expected."""
Arrival = Callable[[str, int, int], None]
"""Called with the file that is coming, bytes done, and bytes in all."""


@dataclass(frozen=True, slots=True)
class OfferedModel:
    """A model that is here, or that could be fetched.

    Attributes:
        name: what the setting takes.
        n_bytes: its size on disk, or of its download.
        is_installed: whether it is on this machine.
        is_starter: whether it is the one in the box, which mishears people.
        is_multilingual: whether it knows more than English.
        rank: grows with how well it understands.
        good_for: that in a few words.
        origin: whose copy it is, if it is on this machine.
    """

    name: str
    n_bytes: int
    is_installed: bool
    is_starter: bool
    is_multilingual: bool
    rank: tuple[int, ...] = ()
    good_for: str = ""
    origin: str = ""


class Workbench(Protocol):
    """Finds, measures and fetches. Every method blocks, and runs on a background thread."""

    def microphones(self) -> tuple[Microphone, ...]:
        """Return the microphones, the default one first.

        Raises:
            AudioError: the sound system does not answer.
        """
        ...

    def models(self) -> tuple[OfferedModel, ...]:
        """Return the models on this machine, then those worth fetching."""
        ...

    def measure(self, model: str, prepare: Preparation) -> "Speed":
        """Return how far a model's text is behind a voice here.

        Raises:
            ModelError: it cannot be loaded.
        """
        ...

    def fetch(self, model: str, arrive: Arrival, cancelled: Callable[[], bool]) -> None:
        """Fetch a model, which the user has asked for.

        Raises:
            DownloadError: the download failed or was cancelled; what has arrived is kept.
        """
        ...
