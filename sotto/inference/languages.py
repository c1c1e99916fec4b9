"""The languages of Whisper, in the order of their tokens (openai-whisper's `tokenizer.py`)."""

from sotto.errors import UsageError
from sotto.nearest import did_you_mean

# Order matters: the token of language i is start-of-transcript + 1 + i. Cantonese came with
# large-v3; older models have the first 99.
LANGUAGES = {
    "en": "english",
    "zh": "chinese",
    "de": "german",
    "es": "spanish",
    "ru": "russian",
    "ko": "korean",
    "fr": "french",
    "ja": "japanese",
    "pt": "portuguese",
    "tr": "turkish",
    "pl": "polish",
    "ca": "catalan",
    "nl": "dutch",
    "ar": "arabic",
    "sv": "swedish",
    "it": "italian",
    "id": "indonesian",
    "hi": "hindi",
    "fi": "finnish",
    "vi": "vietnamese",
    "he": "hebrew",
    "uk": "ukrainian",
    "el": "greek",
    "ms": "malay",
    "cs": "czech",
    "ro": "romanian",
    "da": "danish",
    "hu": "hungarian",
    "ta": "tamil",
    "no": "norwegian",
    "th": "thai",
    "ur": "urdu",
    "hr": "croatian",
    "bg": "bulgarian",
    "lt": "lithuanian",
    "la": "latin",
    "mi": "maori",
    "ml": "malayalam",
    "cy": "welsh",
    "sk": "slovak",
    "te": "telugu",
    "fa": "persian",
    "lv": "latvian",
    "bn": "bengali",
    "sr": "serbian",
    "az": "azerbaijani",
    "sl": "slovenian",
    "kn": "kannada",
    "et": "estonian",
    "mk": "macedonian",
    "br": "breton",
    "eu": "basque",
    "is": "icelandic",
    "hy": "armenian",
    "ne": "nepali",
    "mn": "mongolian",
    "bs": "bosnian",
    "kk": "kazakh",
    "sq": "albanian",
    "sw": "swahili",
    "gl": "galician",
    "mr": "marathi",
    "pa": "punjabi",
    "si": "sinhala",
    "km": "khmer",
    "sn": "shona",
    "yo": "yoruba",
    "so": "somali",
    "af": "afrikaans",
    "oc": "occitan",
    "ka": "georgian",
    "be": "belarusian",
    "tg": "tajik",
    "sd": "sindhi",
    "gu": "gujarati",
    "am": "amharic",
    "yi": "yiddish",
    "lo": "lao",
    "uz": "uzbek",
    "fo": "faroese",
    "ht": "haitian creole",
    "ps": "pashto",
    "tk": "turkmen",
    "nn": "nynorsk",
    "mt": "maltese",
    "sa": "sanskrit",
    "lb": "luxembourgish",
    "my": "myanmar",
    "bo": "tibetan",
    "tl": "tagalog",
    "mg": "malagasy",
    "as": "assamese",
    "tt": "tatar",
    "haw": "hawaiian",
    "ln": "lingala",
    "ha": "hausa",
    "ba": "bashkir",
    "jw": "javanese",
    "su": "sundanese",
    "yue": "cantonese",
}

ALIASES = {
    "burmese": "my",
    "castilian": "es",
    "flemish": "nl",
    "haitian": "ht",
    "letzeburgesch": "lb",
    "mandarin": "zh",
    "moldavian": "ro",
    "moldovan": "ro",
    "panjabi": "pa",
    "pushto": "ps",
    "sinhalese": "si",
    "valencian": "ca",
}

CODES_BY_NAME = {**{name: code for code, name in LANGUAGES.items()}, **ALIASES}

# What locales and other programs call some of them.
_OTHER_CODES = {"cmn": "zh", "fil": "tl", "in": "id", "iw": "he", "jv": "jw", "nb": "no"}

_LONGEST_REGION = 4  # "TW", "419", "Hant"

AUTO = "auto"
"""What users write for "to be detected"."""

# Written without spaces between words, so words are split at characters.
LANGUAGES_WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "my", "yue"})


def to_language_code(language: str) -> str:
    """Return the code of a language given by code, locale or English name, in any case.

    Raises:
        UsageError: No language of Whisper is called so.
    """
    wanted = language.strip().lower()
    base, _, region = wanted.replace("_", "-").partition("-")
    # "pt-BR" is Portuguese; "haitian-creole" is a name that is spelled wrongly.
    code = base if len(region) <= _LONGEST_REGION else wanted
    code = _OTHER_CODES.get(code, code)
    if code in LANGUAGES:
        return code
    if wanted in CODES_BY_NAME:
        return CODES_BY_NAME[wanted]
    advice = f"; give a code such as de, an English name such as German, or {AUTO} to detect it"
    near = did_you_mean(language, [name.title() for name in CODES_BY_NAME])
    raise UsageError(f"Whisper knows no language {language!r}{near or advice}")


def to_spoken_language(language: str) -> str:
    """Return the code of a language as `to_language_code`; empty where it is to be detected.

    Raises:
        UsageError: No language of Whisper is called so.
    """
    is_open = language.strip().lower() in {"", AUTO}
    return "" if is_open else to_language_code(language)


def to_language_setting(language: str) -> str:
    """Return the code of a language as `to_language_code`; "auto" where it is to be detected.

    Raises:
        UsageError: No language of Whisper is called so.
    """
    return to_spoken_language(language) or AUTO


def language_name(code: str) -> str:
    """Return the English name of a language, such as "German" for "de"; the code if it has none."""
    return LANGUAGES.get(code, code).title()
