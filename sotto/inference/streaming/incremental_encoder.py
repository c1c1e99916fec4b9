"""The encoder over audio that grows: what hardly changes any more is not encoded again."""

from sotto.inference.interfaces import Array, Audio, Model, Window

BEFORE = 75
"""Positions (20 ms) before the newest audio that are encoded again: they heard silence after it."""
BEGINNING = 150
"""As long as the audio is no longer than this, all of it is encoded again: the first words have
little before them to be heard by, and it costs hardly more."""
BEHIND = 32
"""Positions behind the newest audio: silence that has it near by."""


class IncrementalEncoder:
    """Encodes a window of growing audio with silence behind it. Owned by one thread.

    A whole window is encoded at first; then what came since, with BEFORE positions before it.
    Those further back were encoded when at least so much of what follows was heard, and stay as
    they are. The newest positions attend to all others, so they know what was said before.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._window: Window | None = None
        self._end = 0  # of the audio that the window has heard

    def begin(self) -> None:
        """Forget the window: other audio follows."""
        self._window = None

    def encode(self, mel: Array, end: int) -> Audio:
        """Encode a window (2 * n_ctx, n_mels) that begins with all audio of the one before.

        `end` is the position after the last that holds audio.
        """
        n_ctx, before = len(mel) // 2, self._end
        self._end = end
        if self._window is None:
            self._window = self._model.new_window()
            return self._model.encode_into(self._window, mel, 0, n_ctx)
        if n_ctx > self._window.n_ctx:
            self._model.encode_into(self._window, mel, self._window.n_ctx, n_ctx)
        first = 0 if end <= BEGINNING else max(0, before - BEFORE)
        return self._model.encode_into(self._window, mel, first, min(n_ctx, end + BEHIND))
