"""What of the settings reaches the recogniser."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sotto.app.core.models import loader
from sotto.app.core.models.loader import recogniser_loader
from sotto.app.core.settings import Settings, Task
from sotto.app.core.spoken_languages import Spoken
from sotto.inference.streaming import whisper_recogniser as whisper
from sotto.inference.streaming.recogniser import NO_SPEECH, Recogniser
from sotto.inference.streaming.voiced_recogniser import VoicedRecogniser
from sotto.inference.streaming.whisper_recogniser import WhisperSettings


@pytest.fixture(autouse=True)
def given(monkeypatch: pytest.MonkeyPatch) -> list[WhisperSettings]:
    """Return what recognisers are made with."""
    tokenizer = SimpleNamespace(encode=lambda _text: ())
    checkpoint = SimpleNamespace(native_short_window=False, tokenizer=tokenizer)
    its_model = SimpleNamespace(checkpoint=checkpoint)
    monkeypatch.setattr(loader, "load_chosen", lambda *_: its_model)
    given: list[WhisperSettings] = []
    monkeypatch.setattr(whisper, "WhisperRecogniser", lambda _model, each: given.append(each))
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    return given


def loaded(settings: Settings, spoken: Spoken | None = None) -> Recogniser:
    def load(_path: Path, *_: object) -> Any:
        raise AssertionError

    return recogniser_loader(settings, load, spoken)(lambda *_: None)


def test_nothing_is_recognised_without_a_voice() -> None:
    recogniser = loaded(Settings())
    assert isinstance(recogniser, VoicedRecogniser)
    assert recogniser.recognise((), final=True).reason == NO_SPEECH


def test_languages_task_and_the_system_s_language(given: list[WhisperSettings]) -> None:
    settings = Settings(languages=("de", "en"), task=Task.TRANSLATE)
    wanted = WhisperSettings(
        task="translate", allowed_languages=("de", "en"), expected_language="fr"
    )
    loaded(settings)
    assert given == [wanted]


def test_what_a_session_has_of_its_own_counts_more(given: list[WhisperSettings]) -> None:
    own = Spoken(("ja",), Task.TRANSLATE)
    wanted = WhisperSettings(task="translate", allowed_languages=("ja",), expected_language="fr")
    loaded(Settings(language="de"), own)
    assert given == [wanted]


def test_the_vocabulary_is_prompted_and_favoured(given: list[WhisperSettings]) -> None:
    wanted = WhisperSettings(
        prompt="Glossary: Köln, Aoife.", terms=("Köln", "Aoife"), expected_language="fr"
    )
    loaded(Settings(vocabulary=("Köln", "Aoife")))
    assert given == [wanted]
