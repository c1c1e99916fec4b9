"""What the settings say of languages."""

import pytest

from sotto.app.core.settings import Settings, Task
from sotto.app.core.spoken_languages import Spoken, model_language, system_language

TRANSLATE = Task.TRANSLATE


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({}, None),
        ({"LANG": "C.UTF-8"}, None),
        ({"LANG": "POSIX"}, None),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "ca_ES@valencia"}, "ca"),
        ({"LANG": "nb_NO.UTF-8"}, "no"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "eo"}, None),  # Whisper knows no Esperanto
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8"}, "fr"),
        ({"LC_ALL": "es_MX", "LC_MESSAGES": "fr_FR.UTF-8"}, "es"),
        ({"LC_ALL": "", "LANG": "it"}, "it"),
    ],
)
def test_the_system_s_language(environ: dict[str, str], code: str | None) -> None:
    assert system_language(environ) == code


@pytest.mark.parametrize(
    ("settings", "languages"),
    [
        (Settings(), ()),
        (Settings(language="de"), ("de",)),
        (Settings(languages=("de", "en")), ("de", "en")),
        (Settings(language="fr", languages=("de", "en")), ("fr",)),
    ],
)
def test_the_language_that_is_set_goes_before_those_that_may_be_detected(
    settings: Settings, languages: tuple[str, ...]
) -> None:
    assert Spoken.of(settings).languages == languages


@pytest.mark.parametrize(
    ("settings", "language"),
    [
        (Settings(), ""),
        (Settings(language="de"), ""),
        (Settings(language="en"), "en"),
        (Settings(languages=("en",)), "en"),
        (Settings(languages=("en", "de")), ""),
        (Settings(language="en", task=TRANSLATE), ""),
        (Settings(language="en", hotkeys={"F8": "en"}), "en"),
        (Settings(language="en", hotkeys={"F8": "de"}), ""),
        (Settings(language="en", hotkeys={"F8": "auto"}), ""),
        (Settings(language="en", overlay_task=TRANSLATE), "en"),
        (Settings(language="en", overlay_task=TRANSLATE, overlay=True), ""),
    ],
)
def test_a_model_for_english_will_do_where_nothing_else_is_wanted(
    settings: Settings, language: str
) -> None:
    assert model_language(settings) == language


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(language="de"), "tiny.en knows English only and will take German for it"),
        (Settings(languages=("en", "de", "fr")), "will take German and French for it"),
        (Settings(task=TRANSLATE), "tiny.en knows English only and cannot translate"),
    ],
)
def test_what_a_model_for_english_makes_of_it(settings: Settings, said: str) -> None:
    spoken = Spoken.of(settings)
    assert spoken.is_beyond_english
    assert said in spoken.misunderstood_by("tiny.en")
    assert not Spoken.of(Settings()).is_beyond_english
    assert not Spoken.of(Settings(language="en")).is_beyond_english
