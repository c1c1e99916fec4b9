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
from sotto.inference.streaming.whisper_recogniser import WhisperSettings


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer = SimpleNamespace(encode=lambda _text: ())
    checkpoint = SimpleNamespace(native_short_window=False, tokenizer=tokenizer)
    loaded = SimpleNamespace(checkpoint=checkpoint)
    monkeypatch.setattr(loader, "load_chosen", lambda *_: loaded)
    monkeypatch.setattr(whisper, "WhisperRecogniser", lambda _model, settings: settings)
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")


def whisper_settings(settings: Settings, spoken: Spoken | None = None) -> WhisperSettings:
    def load(_path: Path, *_: object) -> Any:
        raise AssertionError

    recogniser: Any = recogniser_loader(settings, load, spoken)(lambda *_: None)
    assert isinstance(recogniser, WhisperSettings)
    return recogniser


def test_languages_task_and_the_system_s_language() -> None:
    settings = Settings(languages=("de", "en"), task=Task.TRANSLATE)
    wanted = WhisperSettings(
        task="translate", allowed_languages=("de", "en"), expected_language="fr"
    )
    assert whisper_settings(settings) == wanted


def test_what_a_session_has_of_its_own_counts_more() -> None:
    own = Spoken(("ja",), Task.TRANSLATE)
    wanted = WhisperSettings(task="translate", allowed_languages=("ja",), expected_language="fr")
    assert whisper_settings(Settings(language="de"), own) == wanted


def test_the_vocabulary_is_prompted_and_favoured() -> None:
    wanted = WhisperSettings(
        prompt="Glossary: Köln, Aoife.", terms=("Köln", "Aoife"), expected_language="fr"
    )
    assert whisper_settings(Settings(vocabulary=("Köln", "Aoife"))) == wanted
