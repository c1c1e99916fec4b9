"""How subtitles are cut and laid out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """What is asked of subtitles; without anything, a cue is what the model took for a segment.

    The first four are openai-whisper's options of the same names.

    Attributes:
        max_line_width: Characters in a line.
        max_line_count: Lines in a cue.
        max_words_per_line: Words in a cue.
        highlight_words: A cue for each word, in which that word is underlined.
        broadcast: Cut and timed for reading (`broadcast.py`); then width and count are other
            limits than its own.
    """

    max_line_width: int | None = None
    max_line_count: int | None = None
    max_words_per_line: int | None = None
    highlight_words: bool = False
    broadcast: bool = False

    @property
    def needs_words(self) -> bool:
        """Whether the times of words are needed."""
        return self != WHISPER


WHISPER = Shape()
