"""What is said of a model, in the command line and in windows alike."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # numpy comes with them, and windows can wait for that
    from sotto.app.core.models.registry import InstalledModel
    from sotto.app.core.models.speeds import Speed

_GOOD_FOR = {
    "tiny": "the quickest, makes mistakes",
    "base": "quick, good for most",
    "small": "fewer mistakes, for four cores and more",
    "medium": "few mistakes, for strong machines",
    "large-v3-turbo": "the best for strong machines",
    "large": "the fewest mistakes, slow without a graphics card",
    "distil": "nearly as good as the large one, and quicker",
}
BASIC = "comes with Sotto: English, small, mishears people"


def size_text(n_bytes: int) -> str:
    """Return a size as `145 MB` or `1.6 GB`."""
    megabytes = n_bytes / 1e6
    return f"{megabytes / 1e3:.1f} GB" if megabytes >= 1e3 else f"{megabytes:.0f} MB"


def languages_text(*, is_multilingual: bool) -> str:
    """Return which languages a model knows."""
    return "many languages" if is_multilingual else "English"


def good_for(size: str | None) -> str:
    """Return in a few words what an official size is good for; nothing for others."""
    if size is None:
        return ""
    plain = size.removesuffix(".en")
    if plain in _GOOD_FOR:
        return _GOOD_FOR[plain]
    return _GOOD_FOR["distil" if plain.startswith("distil") else "large"]


def speed_text(speed: "Speed") -> str:
    """Return how far text is behind a voice; estimates are marked."""
    about = "" if speed.is_measured else "about "
    words = f"text after {about}{speed.partial_ms / 1e3:.2f} s"
    return words if speed.is_quick_enough else f"{words}: slow here"


def details(model: "InstalledModel", speed: "Speed") -> str:
    """Return languages, size, precision, origin and speed of a model, in a line."""
    if model.is_starter:
        return f"{BASIC} · {speed_text(speed)}"
    parts = (
        languages_text(is_multilingual=model.is_multilingual),
        size_text(model.n_bytes),
        model.precision,
        " and ".join(dict.fromkeys(copy.origin for copy in model.copies)),
        speed_text(speed),
    )
    return " · ".join(parts)
