"""Sentences in many languages: what Django says to its users, and mixes of that.

Django and its translations are under the BSD licence that is in tests/golden/tokenizer/LICENSE.
"""

import gettext
import hashlib
import random
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

# Django's name of the locale of each language, of Whisper's codes.
LOCALES = {
    code: code
    for code in (
        *("am", "ar", "bg", "bn", "cs", "de", "el", "es", "fa", "fi", "fr", "gl", "he", "hi"),
        *("hu", "hy", "id", "it", "ja", "ka", "kk", "km", "kn", "ko", "lt", "lv", "mk", "ml"),
        *("mr", "my", "ne", "nl", "pa", "pl", "pt", "ro", "ru", "sv", "sw", "ta", "te", "tg"),
        *("th", "tr", "uk", "ur", "vi"),
    )
} | {"no": "nb", "zh": "zh_Hans", "yue": "zh_Hant"}
SOURCE = "de"  # whose catalogue gives the English originals

CATALOGUES = ("conf", "contrib/admin", "contrib/auth", "contrib/humanize")
N_PER_LANGUAGE = 44
N_MIXED = 200
LENGTHS = range(12, 100)
SEED = 14
SEPARATORS = (
    " ",
    "",
    "\n",
    "  ",
    ", ",
    "… ",
    "\t",
    " 3.14 ",
    " 2024-02-29 ",
    " 😀👩‍👧 ",
    "'ll ",
)


def texts() -> list[tuple[str, str]]:
    """Return pairs of a language, "mixed" for several in one, and a text."""
    found = [("en", text) for text in chosen(catalogue(SOURCE).keys())]
    for language, locale in LOCALES.items():
        found += [(language, text) for text in chosen(catalogue(locale).values())]
    return found + [("mixed", text) for text in mixed([text for _, text in found])]


def catalogue(locale: str) -> dict[str, str]:
    """Return what Django says in a locale, by the English originals."""
    messages: dict[str, str] = {}
    for part in CATALOGUES:
        path = Path(str(files("django"))) / part / "locale" / locale / "LC_MESSAGES" / "django.mo"
        if path.exists():
            with path.open("rb") as file:
                read = vars(gettext.GNUTranslations(file))["_catalog"]
            messages |= {key if isinstance(key, str) else key[0]: read[key] for key in read}
    return messages


def chosen(candidates: Iterable[str]) -> list[str]:
    """Return some texts, spread over all lengths; every other one begins with a space.

    Whisper's words do, but for the languages that are written without spaces.
    """
    usable = {text.strip() for text in candidates if len(text) in LENGTHS}
    picked = sorted(usable, key=lambda text: hashlib.sha256(text.encode()).digest())
    picked = picked[:N_PER_LANGUAGE]
    return [" " * (i % 2) + text for i, text in enumerate(picked)]


def mixed(parts: list[str]) -> list[str]:
    """Return texts of pieces in different languages, cut anywhere."""
    rng = random.Random(SEED)
    return [
        "".join(
            rng.choice(parts)[rng.randrange(8) :][: rng.randrange(24)] + rng.choice(SEPARATORS)
            for _ in range(4)
        )
        for _ in range(N_MIXED)
    ]
