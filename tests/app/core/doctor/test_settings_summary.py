from dataclasses import fields

from sotto.app.core.doctor.settings_summary import known_model, settings_lines
from sotto.app.core.settings import InsertMethod, Settings

PRIVATE = "Anna Björk"


def test_only_what_is_not_as_it_comes_is_told() -> None:
    assert list(settings_lines(Settings())) == []
    settings = Settings(language="de", insert_method=InsertMethod.TYPE, font_size=20, cues=False)
    assert list(settings_lines(settings)) == [
        "language = de",
        "font_size = 20",
        "cues = False",
        "insert_method = type",
    ]


def test_no_setting_tells_a_text_of_the_users() -> None:
    texts = {
        declared.name: {PRIVATE: PRIVATE} if isinstance(value, dict) else (PRIVATE, PRIVATE)
        for declared in fields(Settings)
        if isinstance(value := getattr(Settings(), declared.name), dict | tuple)
        and not declared.name.startswith(("language", "hotkey"))
    }
    names = ("microphone", "model", "models_folder", "overlay_font", "overlay_screen")
    lines = list(settings_lines(Settings(**texts, **dict.fromkeys(names, PRIVATE))))  # type: ignore[arg-type]  # by name
    assert len(lines) == len(texts) + len(names)
    assert "Anna" not in "\n".join(lines)
    assert "model = another" in lines
    assert "vocabulary = 2 of them" in lines


def test_published_models_are_told_by_name() -> None:
    assert known_model("openai/whisper-base") == "base"
    assert known_model("basic") == "basic"
    assert known_model("/home/anna/base-anna") == "another"
