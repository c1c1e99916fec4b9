"""A recogniser in another process, which may be lost without the words and the sound so far."""

import time
from collections.abc import Callable
from typing import cast

from sotto.app.dictating.recognising.held_sound import HeldSound
from sotto.app.dictating.recognising.lasting_process import LastingProcess
from sotto.app.dictating.recognising.patience import Patience
from sotto.app.dictating.recognising.process import ProcessLostError
from sotto.app.dictating.recognising.protocol import Append, Begin, Call, GoOn, Recognise, Trim
from sotto.audio.input.source import Pcm
from sotto.errors import SottoError
from sotto.inference.streaming.recogniser import Hypothesis, NotRecognisedError, Word

STARTED_AGAIN = "Recognition broke off and is being started again; what you say is kept."

_TRIES = 2


class RestartingRecogniser:
    """See `Recogniser`. Owned by the engine thread.

    What a process was told of the segment is remembered here; when the process is lost, another
    one is told all of it and asked again, once.

    Args:
        process: has its model.
        tell: told in a line when a process was lost.
        patience: how long an answer may take.
    """

    def __init__(
        self, process: LastingProcess, tell: Callable[[str], None], patience: Patience | None = None
    ) -> None:
        self._process = process
        self._tell = tell
        self._patience = patience or Patience()
        self._held = HeldSound()
        self._is_given_up = False
        self._untold: list[Call] = []  # what the process does not know yet

    def begin(self, context: str = "") -> None:
        """See `Recogniser.begin`."""
        self._held.begin(context)
        self._untold = [Begin(context)]
        if self._process.was_lost:
            self._process.was_lost = False
            self._tell(STARTED_AGAIN)

    def append(self, pcm: Pcm) -> None:
        """See `Recogniser.append`."""
        self._held.append(pcm)
        self._untold.append(Append(pcm))

    def trim(self, until_s: float, context: str = "") -> None:
        """See `Recogniser.trim`."""
        self._held.trim(until_s, context)
        self._untold.append(Trim(until_s, context))

    def go_on(self, from_s: float) -> None:
        """See `Recogniser.go_on`."""
        self._held.go_on(from_s)
        self._untold.append(GoOn(from_s))

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        """See `Recogniser.recognise`.

        Raises:
            NotRecognisedError: two processes failed at it; the next segment gets another one.
        """
        failure: Exception | None = None
        for n_failed in range(_TRIES):
            if self._is_given_up:
                break
            try:
                return self._try(prefix, final=final, factor=1 + n_failed)
            except (ProcessLostError, SottoError) as error:
                failure = error
                if not (n_failed or self._is_given_up):
                    self._tell(STARTED_AGAIN)
        raise NotRecognisedError from failure

    def give_up(self) -> None:
        """Recognise nothing any more, and break off what is being recognised. From any thread."""
        self._is_given_up = True
        self._process.kill()

    def _try(self, prefix: tuple[Word, ...], *, final: bool, factor: int) -> Hypothesis:
        if not self._process.is_open:
            self._process.open_again()
            self._untold = self._held.calls()
        request = Recognise(tuple(self._untold), prefix, final)
        patience_s = factor * self._patience.seconds(self._held.duration_s, final=final)
        started = time.monotonic()
        answer = self._process.ask(request, patience_s)
        self._patience.observe(time.monotonic() - started, final=final)
        self._untold = []
        return cast("Hypothesis", answer)
