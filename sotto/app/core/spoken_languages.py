"""Which languages a session listens for, and what to say where its model knows none of them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from sotto.app.core.settings import Settings, Task
from sotto.errors import UsageError
from sotto.inference.languages import AUTO, language_name, to_language_code

ENGLISH = "en"
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # POSIX: the first that is set

SPOKEN_NAMES = ("language", "languages", "task")
"""The settings that `Spoken.of` reads."""
ALL_SPOKEN_NAMES = (*SPOKEN_NAMES, "hotkeys", "overlay", "overlay_task")
"""The settings that `Spoken.of_all` and `model_language` read."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is spoken and what becomes of it.

    Attributes:
        languages: codes of those that may be spoken; none for any.
        task: whether English is written, whatever is spoken.
    """

    languages: tuple[str, ...] = ()
    task: Task = Task.TRANSCRIBE

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Take from all settings what concerns the languages of a session."""
        fixed = (settings.language,) if settings.language else settings.languages
        return cls(fixed, settings.task)

    @classmethod
    def of_key(cls, settings: Settings, language: str) -> Self:
        """Take the language of a key instead, or any where that is auto."""
        fixed = "" if language == AUTO else language
        return cls.of(replace(settings, language=fixed))

    @classmethod
    def of_all(cls, settings: Settings) -> Self:
        """Take what one model has to understand: for captions and other keys, too."""
        session = cls.of(settings)
        translates = settings.overlay and settings.overlay_task is Task.TRANSLATE
        of_keys = (language for language in settings.hotkeys.values() if language != AUTO)
        return cls(
            tuple(dict.fromkeys((*session.languages, *of_keys))),
            Task.TRANSLATE if translates else session.task,
        )

    @property
    def is_beyond_english(self) -> bool:
        """Whether a model for English alone cannot do all that is asked."""
        return self.task is Task.TRANSLATE or any(code != ENGLISH for code in self.languages)

    def misunderstood_by(self, model: str) -> str:
        """Return in a line what a model for English alone, of this name, makes of it."""
        others = [language_name(code) for code in self.languages if code != ENGLISH]
        does = f"will take {' and '.join(others)} for it" if others else "cannot translate"
        return f"{model} knows English only and {does}; use a model of many languages, such as base"


def model_language(settings: Settings) -> str:
    """Return "en" where a model for English alone will do; else, nothing."""
    is_open = not (settings.language or settings.languages)
    is_open = is_open or AUTO in settings.hotkeys.values()
    return "" if is_open or Spoken.of_all(settings).is_beyond_english else ENGLISH


def system_language(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the code of the language that the system speaks; None where it does not say."""
    locale = next((environ[name] for name in _LOCALE_VARIABLES if environ.get(name)), "")
    try:
        return to_language_code(locale.partition(".")[0].partition("@")[0])
    except UsageError:  # "C" or "POSIX"
        return None
