"""What live sessions recognise with: each has a recogniser of its own over the one model."""

from collections.abc import Callable

from sotto.app.core.models.background_loading import ProgressCallback
from sotto.app.core.models.loader import recogniser_over
from sotto.app.core.settings import Settings
from sotto.app.core.spoken_languages import Spoken
from sotto.app.server.figures import Figures
from sotto.app.server.sharing.shared_model import SharedModel
from sotto.app.server.sharing.turns import Turns
from sotto.audio.input.source import Pcm
from sotto.inference.interfaces import Model
from sotto.inference.streaming.recogniser import Hypothesis, Recogniser, Word


class RecogniserInTurn:
    """A `Recogniser` that waits for its turn before each decode. Owned by its session's thread.

    What it is told before that is passed on then, for some of it runs the model, too.
    """

    def __init__(self, recogniser: Recogniser, turns: Turns) -> None:
        self._recogniser = recogniser
        self._turns = turns
        self._untold: list[Callable[[], None]] = []

    def begin(self, context: str = "") -> None:
        """See `Recogniser.begin`."""
        self._untold = [lambda: self._recogniser.begin(context)]

    def append(self, pcm: Pcm) -> None:
        """See `Recogniser.append`."""
        self._untold.append(lambda: self._recogniser.append(pcm))

    def trim(self, until_s: float, context: str = "") -> None:
        """See `Recogniser.trim`."""
        self._untold.append(lambda: self._recogniser.trim(until_s, context))

    def go_on(self, from_s: float) -> None:
        """See `Recogniser.go_on`."""
        self._untold.append(lambda: self._recogniser.go_on(from_s))

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        """See `Recogniser.recognise`."""
        with self._turns.live():
            untold, self._untold = self._untold, []
            for tell in untold:
                tell()
            return self._recogniser.recognise(prefix, final=final)


class SharedRecognisers:
    """A `Lender` of recognisers over one model. Safe to use from any thread."""

    def __init__(self, model: Model, turns: Turns, figures: Figures) -> None:
        self._model = model
        self._turns = turns
        self._figures = figures

    def lease(
        self,
        settings: Settings,
        tell: Callable[[str], None],  # noqa: ARG002 (a recogniser of this process is not lost)
        spoken: Spoken | None = None,
    ) -> "SharedLease":
        """See `Lender.lease`."""
        model = SharedModel(self._model, self._figures)
        return SharedLease(
            lambda: RecogniserInTurn(recogniser_over(model, settings, spoken), self._turns)
        )


class SharedLease:
    """See `new_session.Lease`: nothing has to be loaded or given back."""

    def __init__(self, recogniser: Callable[[], Recogniser]) -> None:
        self._recogniser = recogniser

    def load(self, progress: ProgressCallback) -> Recogniser:  # noqa: ARG002 (it is there at once)
        """See `Lease.load`."""
        return self._recogniser()

    def end(self) -> None:
        """See `Lease.end`."""

    def hurry(self) -> None:
        """See `Lease.hurry`: a decode ends by itself in about a second."""
