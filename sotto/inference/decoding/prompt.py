"""The text before a window, which prompts the model for it."""

from collections.abc import Sequence


class Prompt:
    """Remembers the text so far. Owned by one transcription."""

    def __init__(
        self,
        initial: Sequence[int],
        *,
        carry_initial: bool,
        capacity: int,
        hotwords: Sequence[int] = (),
    ) -> None:
        """Start with the user's own prompt.

        Args:
            initial: tokens of the initial prompt; may be empty.
            carry_initial: put them before every window, not only before the first.
            capacity: the most tokens that a prompt may have.
            hotwords: tokens before every window and all else.
        """
        self._initial = tuple(initial)
        self._tokens = list(initial)
        self._carry_initial = carry_initial
        self._hotwords = tuple(hotwords[:capacity])
        self._capacity = capacity - len(self._hotwords)
        self._forgotten = 0

    def before_window(self) -> tuple[int, ...]:
        """Return the prompt of the next window, at most `capacity` tokens."""
        if not self._carry_initial:
            return self._hotwords + self._last(self._forgotten, self._capacity)
        carried = self._initial[max(0, len(self._initial) - self._capacity) :]
        room = self._capacity - len(carried)
        return self._hotwords + carried + self._last(max(len(self._initial), self._forgotten), room)

    def add(self, tokens: Sequence[int]) -> None:
        """Add the tokens of a window."""
        self._tokens.extend(tokens)

    def forget(self) -> None:
        """Leave all text so far out of later prompts."""
        self._forgotten = len(self._tokens)

    @property
    def spoken(self) -> list[int]:
        """All tokens added, without the initial prompt."""
        return self._tokens[len(self._initial) :]

    def _last(self, start: int, count: int) -> tuple[int, ...]:
        tokens = self._tokens[start:]
        return tuple(tokens[max(0, len(tokens) - count) :])
