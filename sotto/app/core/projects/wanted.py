"""What of a recording is to be heard, and how, where it is not as the settings say."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self, get_args

from sotto.app.core.settings import Settings
from sotto.audio.files.selection import Channels, Selection
from sotto.inference.languages import AUTO, LANGUAGES, language_name

Sides = Literal[Channels, "separate"]
"""What can be wanted of the channels of a recording."""

_CHANNEL_WORDS = {
    "left": "left channel",
    "right": "right channel",
    "separate": "speakers apart",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """As `sotto transcribe` has it under the same names.

    Attributes:
        model: Its name; empty for that of the settings.
        language: Its code, or `auto` to detect it; empty for that of the settings.
        track: 1 is the first sound track; None is the file's default.
        channels: `separate` keeps apart two people who have a side of stereo each.
    """

    model: str = ""
    language: str = ""
    track: int | None = None
    channels: Sides = "mix"

    @classmethod
    def read(cls, fields: Any) -> Self:
        """Return what `fields` gives back, which came from JSON.

        Raises:
            ValueError: It is something else.
            TypeError: Likewise.
        """
        wanted = cls(**fields)
        is_language = wanted.language in {"", AUTO, *LANGUAGES}
        is_track = wanted.track is None or (type(wanted.track) is int and wanted.track > 0)
        is_known = is_language and is_track and wanted.channels in get_args(Sides)
        if not (is_known and isinstance(wanted.model, str)):
            raise ValueError("nothing that anybody can want")
        return wanted

    @property
    def fields(self) -> dict[str, Any]:
        """It as JSON has it."""
        return asdict(self)

    @property
    def selection(self) -> Selection:
        """What is read of the file, to be heard and to be seen as a waveform."""
        side = "mix" if self.channels == "separate" else self.channels
        return Selection(self.track, side)

    def settings(self, settings: Settings) -> Settings:
        """Return the settings with what is wanted instead."""
        if self.model:
            settings = replace(settings, model=self.model)
        if self.language == AUTO:
            return replace(settings, language="", languages=())
        return replace(settings, language=self.language or settings.language)

    @property
    def words(self) -> str:
        """What is not as usual, in a few words; empty where all is."""
        language = "" if self.language in {"", AUTO} else language_name(self.language)
        return " · ".join(filter(None, (self.model, language, self.sound_words)))

    @property
    def sound_words(self) -> str:
        """Which sound of the file is not the usual one; empty where it is."""
        track = f"track {self.track}" if self.track else ""
        return " · ".join(filter(None, (track, _CHANNEL_WORDS.get(self.channels, ""))))


AS_USUAL = Wanted()
