"""Every setting with its type, default, range and words, declared once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sotto.inference.compute_type import ComputeType, best_compute_type
from sotto.inference.languages import to_language_setting, to_spoken_language

Value = str | int | bool | tuple[str, ...] | Mapping[str, str]


class Theme(StrEnum):
    """The colours of the window."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Task(StrEnum):
    """What is written of what is said."""

    TRANSCRIBE = "transcribe"  # the words themselves
    TRANSLATE = "translate"  # English, whatever is spoken


class HotkeyMode(StrEnum):
    """What the hotkey does when it is held and when it is tapped."""

    PUSH_TO_TALK = "push-to-talk"  # dictates while it is held
    TOGGLE = "toggle"  # each press starts or stops
    TAP_OR_HOLD = "tap-or-hold"  # held: as long as it is held; tapped: until the next tap


class InsertWhen(StrEnum):
    """When dictated text goes into the application."""

    FINAL = "final"  # at each pause, once the words are final
    COMMITTED = "committed"  # as soon as words will not change any more


class InsertMethod(StrEnum):
    """How text gets into an application."""

    AUTO = "auto"  # what suits the application
    PASTE = "paste"  # clipboard and Ctrl+V
    TERMINAL_PASTE = "terminal-paste"  # clipboard and Ctrl+Shift+V
    TYPE = "type"  # key by key
    CLIPBOARD = "clipboard"  # only to the clipboard, with a notice
    NONE = "none"  # nothing ever


class CaptionSource(StrEnum):
    """What the overlay shows."""

    MICROPHONE = "microphone"
    SYSTEM = "system"  # what the machine plays


class CaptionPreset(StrEnum):
    """Colours of the overlay that go together."""

    DARK = "dark"  # white on black
    LIGHT = "light"  # black on white
    YELLOW = "yellow"  # yellow on black, as in cinemas
    CONTRAST = "contrast"  # the strongest contrast, without transparency
    CUSTOM = "custom"  # the three colours that are set


def _text(default: str, words: str) -> Any:
    return field(default=default, metadata={"words": words})


def _language(words: str) -> Any:
    return field(default="", metadata={"words": words, "read": to_spoken_language})


def _language_table(words: str) -> Any:
    return field(default_factory=dict, metadata={"words": words, "read": to_language_setting})


def _languages(words: str) -> Any:
    return field(default=(), metadata={"words": words, "read": to_spoken_language})


def _whole(default: int, low: int, high: int, words: str) -> Any:
    return field(default=default, metadata={"words": words, "low": low, "high": high})


def _truth(default: bool, words: str) -> Any:
    return field(default=default, metadata={"words": words})


def _choice(default: StrEnum, words: str) -> Any:
    return field(default=default, metadata={"words": words})


def _list(words: str) -> Any:
    return field(default=(), metadata={"words": words})


def _table(words: str) -> Any:
    return field(default_factory=dict, metadata={"words": words})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting. An empty `microphone` means the system's default one."""

    # What listens and understands.
    microphone: str = _text("", "Name of the microphone; empty for the system's default")
    model: str = _text("", "Name, folder or hub id of the model; empty for the best that is quick")
    models_folder: str = _text("", "Folder with models of your own; empty for none")
    language: str = _language("Language that is spoken, such as de or German; auto to detect it")
    languages: tuple[str, ...] = _languages(
        "Languages that may be detected, such as de, en; empty for all"
    )
    task: Task = _choice(Task.TRANSCRIBE, "Write what is said, or translate it into English")
    compute_type: ComputeType = _choice(
        best_compute_type(), "int8, or float32: slower, and as exact as Whisper itself"
    )
    unload_after_min: int = _whole(
        10, 0, 1440, "Minutes without dictation after which the model leaves memory; 0 for never"
    )

    # The window.
    theme: Theme = _choice(Theme.SYSTEM, "Colours of the window")
    font_size: int = _whole(14, 8, 48, "Size of the text in points")
    close_to_tray: bool = _truth(True, "Closing the window leaves Sotto in the tray")
    was_welcomed: bool = _truth(False, "Whether the first start's questions were answered")

    # Endpointing.
    aggressiveness: int = _whole(2, 0, 3, "How strictly speech is told from noise; 3 is strictest")
    onset_ms: int = _whole(120, 20, 1000, "Voice that begins a paragraph, in milliseconds")
    pre_roll_ms: int = _whole(600, 0, 2000, "Sound kept from before the first word, milliseconds")
    pause_ms: int = _whole(200, 60, 2000, "Silence after which the final pass may begin")
    hang_over_ms: int = _whole(600, 200, 5000, "Silence that ends a paragraph, in milliseconds")

    # The hotkey.
    hotkey: str = _text("Ctrl+Alt+Space", "Key that dictates into other programs; empty for none")
    hotkeys: Mapping[str, str] = _language_table(
        "More keys that dictate, each = the language that it hears, or auto"
    )
    hotkey_mode: HotkeyMode = _choice(HotkeyMode.TAP_OR_HOLD, "What holding and tapping it do")
    cancel_key: str = _text("Escape", "Key that throws away what is being dictated")
    standby: bool = _truth(
        True, "Keep the microphone open, so that a word begun just before the key is heard"
    )
    cues: bool = _truth(True, "Short sounds at start, at stop and when nothing was heard")

    # Insertion.
    insert_when: InsertWhen = _choice(InsertWhen.FINAL, "When text goes into the application")
    insert_method: InsertMethod = _choice(InsertMethod.AUTO, "How text gets into applications")
    applications: Mapping[str, str] = _table(
        "Methods by application: its window class = paste, terminal-paste, type, clipboard or none"
    )

    # Words.
    spoken_commands: bool = _truth(True, "Understand “comma”, “new line”, “scratch that” and such")
    commands: Mapping[str, str] = _table(
        "Spoken phrases of your own = the text to write, or [scratch] or [stop]"
    )
    vocabulary: tuple[str, ...] = _list("Names and terms that the model should expect")
    replacements: Mapping[str, str] = _table("What is recognised = what to write instead")
    digits: bool = _truth(False, "Write numbers as digits")
    context: bool = _truth(True, "Let what was said before help to understand what comes next")

    # The overlay.
    overlay: bool = _truth(False, "Show captions over everything")
    overlay_source: CaptionSource = _choice(CaptionSource.MICROPHONE, "What the captions show")
    overlay_task: Task = _choice(
        Task.TRANSCRIBE, "Caption what is said, or its English translation"
    )
    overlay_screen: str = _text("", "Name of the screen for captions; empty for the main one")
    overlay_x: int = _whole(500, 0, 1000, "Middle of the captions, thousandths of the width")
    overlay_y: int = _whole(900, 0, 1000, "Bottom of the captions, thousandths of the height")
    overlay_width: int = _whole(640, 200, 1000, "Width of captions, thousandths of the screen's")
    overlay_lines: int = _whole(2, 1, 4, "Lines of captions")
    overlay_font: str = _text("", "Font of captions; empty for the system's")
    overlay_font_size: int = _whole(28, 12, 96, "Size of captions in points")
    overlay_preset: CaptionPreset = _choice(CaptionPreset.DARK, "Colours of the captions")
    overlay_text: str = _text("#ffffff", "Colour of certain words, for the custom preset")
    overlay_tentative: str = _text("#b8c4d0", "Colour of words that may change, likewise")
    overlay_background: str = _text("#000000", "Colour behind the captions, likewise")
    overlay_opacity: int = _whole(75, 0, 100, "Opacity of what is behind the captions, percent")
    overlay_fade_s: int = _whole(5, 0, 600, "Silence after which captions fade; 0 for never")

    # History.
    history: bool = _truth(True, "Keep dictated texts in the history")
    history_audio: bool = _truth(False, "Keep the sound of dictated texts as well")
    history_days: int = _whole(90, 0, 3650, "Days after which history is removed; 0 for never")
