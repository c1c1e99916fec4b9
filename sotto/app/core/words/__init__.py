"""From recognised text to what is written: punctuation, commands, replacements, numbers."""

from sotto.app.core.words.actions import Action, Insert, Scratch, StopListening
from sotto.app.core.words.vocabulary_prompt import Prompt, prompt
from sotto.app.core.words.word_settings import WORD_NAMES, WordSettings
from sotto.app.core.words.writer import Writer

__all__ = [
    "WORD_NAMES",
    "Action",
    "Insert",
    "Prompt",
    "Scratch",
    "StopListening",
    "WordSettings",
    "Writer",
    "prompt",
]
