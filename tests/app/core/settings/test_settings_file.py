import json
import stat
import tomllib
from dataclasses import asdict, fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sotto.app.core import settings
from sotto.app.core.settings import HotkeyMode, Settings, Task, Theme, Value
from sotto.errors import SettingsError
from sotto.inference.languages import AUTO, LANGUAGES

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
any_settings = st.builds(
    Settings,
    microphone=texts,
    model=texts,
    language=st.sampled_from(["", *LANGUAGES]),
    languages=st.lists(st.sampled_from([*LANGUAGES]), unique=True).map(tuple),
    hotkeys=st.dictionaries(texts, st.sampled_from([AUTO, *LANGUAGES])),
    task=st.sampled_from(Task),
    theme=st.sampled_from(Theme),
    font_size=st.integers(8, 48),
    aggressiveness=st.integers(0, 3),
    onset_ms=st.integers(20, 1000),
    pre_roll_ms=st.integers(0, 2000),
    pause_ms=st.integers(60, 2000),
    hang_over_ms=st.integers(200, 5000),
    close_to_tray=st.booleans(),
    hotkey_mode=st.sampled_from(HotkeyMode),
    vocabulary=st.lists(texts).map(tuple),
    replacements=st.dictionaries(texts, texts),
)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"SOTTO_CONFIG_DIR": str(tmp_path)}


def write(environ: dict[str, str], text: str) -> Path:
    path = settings.settings_path(environ)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_any_source_the_defaults_hold(environ: dict[str, str]) -> None:
    assert settings.load(environ=environ) == settings.LoadedSettings(Settings())


@given(wanted=any_settings)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_saved_is_loaded(environ: dict[str, str], wanted: Settings) -> None:
    settings.save(asdict(wanted), environ)
    assert settings.load(environ=environ) == settings.LoadedSettings(wanted)


def test_command_line_beats_environment_beats_file_beats_default(environ: dict[str, str]) -> None:
    write(environ, "font_size = 10\naggressiveness = 1\nmodel = 'tiny.en'\n")
    environ |= {"SOTTO_FONT_SIZE": "20", "SOTTO_AGGRESSIVENESS": "3"}
    loaded = settings.load({"font_size": 30}, environ).settings
    assert (loaded.font_size, loaded.aggressiveness, loaded.model) == (30, 3, "tiny.en")
    assert loaded.theme is Theme.SYSTEM


@pytest.mark.parametrize(
    "line",
    [
        "font_size = 'large'",
        "font_size = 12.5",
        "font_size = true",
        "font_size = 1000",
        "font_size = -1",
        "pause_ms = nan",
        "theme = 'purple'",
        "model = 3",
        "close_to_tray = 1",
        "vocabulary = ['Anna', 3]",
        "replacements = {'a' = 3}",
        "replacements = 'a'",
        "task = 'sing'",
    ],
)
def test_a_broken_key_is_named_and_the_rest_kept(environ: dict[str, str], line: str) -> None:
    write(environ, f"{line}\nlanguage = 'de'\n")
    loaded = settings.load(environ=environ)
    assert loaded.settings == Settings(language="de")
    (warning,) = loaded.warnings
    assert line.split(" =", maxsplit=1)[0] in warning
    assert "settings.toml" in warning


@pytest.mark.parametrize(("text", "truth"), [("true", True), ("No", False), ("0", False)])
def test_the_environment_can_say_yes_and_no(
    environ: dict[str, str], text: str, *, truth: bool
) -> None:
    assert settings.load(environ=environ | {"SOTTO_CUES": text}).settings.cues is truth


def test_the_environment_can_list_texts(environ: dict[str, str]) -> None:
    loaded = settings.load(environ=environ | {"SOTTO_VOCABULARY": "Anna, Köln ,"})
    assert loaded.settings.vocabulary == ("Anna", "Köln")


@pytest.mark.parametrize(
    ("spelled", "code"),
    [("", ""), ("auto", ""), ("AUTO", ""), ("de", "de"), ("DE", "de"), ("German", "de")],
)
def test_a_language_is_kept_by_its_code(environ: dict[str, str], spelled: str, code: str) -> None:
    settings.save({"language": spelled}, environ)
    assert settings.load(environ=environ).settings.language == code
    assert settings.load({"language": spelled}, environ).settings.language == code


def test_languages_are_kept_by_their_codes(environ: dict[str, str]) -> None:
    write(environ, "languages = ['German', 'en', 'de']\n[hotkeys]\n'F8' = 'French'\n'F9' = ''\n")
    loaded = settings.load(environ=environ)
    assert loaded.warnings == ()
    assert loaded.settings.languages == ("de", "en")
    assert loaded.settings.hotkeys == {"F8": "fr", "F9": "auto"}
    assert settings.load({"languages": "auto"}, environ).settings.languages == ()


@pytest.mark.parametrize(
    "line", ["language = 'klingon'", "languages = ['de', 'klingon']", "hotkeys = {F8 = 'klingon'}"]
)
def test_an_unknown_language_is_told_and_not_used(environ: dict[str, str], line: str) -> None:
    write(environ, line)
    loaded = settings.load(environ=environ)
    assert loaded.settings == Settings()
    (warning,) = loaded.warnings
    assert "settings.toml: Whisper knows no language 'klingon'; give a code such as de" in warning


def test_a_file_of_an_older_schema_is_filled_and_raised(environ: dict[str, str]) -> None:
    path = write(environ, "schema = 1\nfont_size = 20\n")
    assert settings.load(environ=environ) == settings.LoadedSettings(Settings(font_size=20))
    settings.save({"cues": False}, environ)
    assert f"schema = {settings.SCHEMA_VERSION}" in path.read_text(encoding="utf-8")


def test_a_broken_environment_variable_is_named_and_the_file_holds(
    environ: dict[str, str],
) -> None:
    write(environ, "font_size = 20\n")
    loaded = settings.load(environ=environ | {"SOTTO_FONT_SIZE": "big"})
    assert loaded.settings.font_size == 20
    assert "SOTTO_FONT_SIZE" in loaded.warnings[0]


def test_a_broken_value_on_the_command_line_is_an_error(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"font_size = 3 is not between 8 and 48"):
        settings.load({"font_size": 3}, environ)


def test_an_unknown_key_is_named_and_survives_saving(environ: dict[str, str]) -> None:
    path = write(environ, "colour = 'red'\n")
    assert "'colour'" in settings.load(environ=environ).warnings[0]
    settings.save({"font_size": 20}, environ)
    assert "red" in path.read_text(encoding="utf-8")


def test_a_newer_schema_is_named_and_not_lowered(environ: dict[str, str]) -> None:
    path = write(environ, "schema = 99\nfont_size = 20\n")
    loaded = settings.load(environ=environ)
    assert loaded.settings.font_size == 20
    assert "newer Sotto" in loaded.warnings[0]
    settings.save({"font_size": 21}, environ)
    assert "schema = 99" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("content", [b"font_size = = 3", b"\xff\xfe\x00"])
def test_a_file_that_is_not_toml_is_named_and_never_lost(
    environ: dict[str, str], content: bytes
) -> None:
    path = settings.settings_path(environ)
    path.write_bytes(content)
    assert "is not TOML" in settings.load(environ=environ).warnings[0]
    settings.save({"font_size": 21}, environ)
    assert path.with_name("settings.toml.broken").read_bytes() == content
    assert settings.load(environ=environ) == settings.LoadedSettings(Settings(font_size=21))


def test_saving_changes_no_other_setting(environ: dict[str, str]) -> None:
    path = write(environ, "model = 'tiny.en'\n")
    settings.save({"theme": "dark"}, environ | {"SOTTO_FONT_SIZE": "20"})
    assert path.read_text(encoding="utf-8").count("=") == 3  # schema, model, theme
    assert settings.load(environ=environ).settings == Settings(model="tiny.en", theme=Theme.DARK)


WRITTEN = """\
# Mine, since 2024.
font_size = 20   # for the beamer
model = 'tiny.en'

# People.
vocabulary = [
    "Anna",  # my sister
]
cues = 1

[replacements]  # of words
# The tool.
'cube cuddle' = "kubectl"  # always
'old' = "gone"

[commands]
"my town" = "Köln"
"""


def test_comments_and_order_stay_as_the_user_left_them(environ: dict[str, str]) -> None:
    path = write(environ, WRITTEN)
    changes: dict[str, Value] = {
        "font_size": 21,
        "model": "tiny.en",
        "cues": True,
        "replacements": {"cube cuddle": "Kubectl", "new": "here"},
        "theme": "dark",
    }
    settings.save(changes, environ)
    assert path.read_text(encoding="utf-8") == (
        WRITTEN.replace("20   #", "21   #")
        .replace("cues = 1\n", 'cues = true\ntheme = "dark"\nschema = 2\n')
        .replace('"kubectl"', '"Kubectl"')
        .replace("'old' = \"gone\"\n", 'new = "here"\n')
    )


_SCALARS = {
    "font_size": st.integers(8, 48),
    "model": texts,
    "cues": st.booleans(),
    "vocabulary": st.lists(texts, max_size=3).map(tuple),
}
_TABLES = {name: st.dictionaries(texts, texts, max_size=3) for name in ("replacements", "commands")}
_COMMENT = st.sampled_from(["", "  # why", "\t# é"])
any_changes = st.fixed_dictionaries({}, optional=_SCALARS | _TABLES | {"theme": st.just("dark")})


def toml(value: object) -> str:
    """Return the value as TOML has it; that is as JSON does, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


@st.composite
def handwritten(draw: st.DrawFn) -> str:
    """Return a file in the many ways in which people write TOML, its comments with it."""
    lines, tables = [], []
    for name, value in draw(st.fixed_dictionaries({}, optional=_SCALARS)).items():
        plain = list(value) if isinstance(value, tuple) else value
        lines.append(f"{name} = {toml(plain)}{draw(_COMMENT)}")
    for name, table in draw(st.fixed_dictionaries({}, optional=_TABLES)).items():
        pairs = [f"{toml(key)} = {toml(text)}" for key, text in table.items()]
        match draw(st.sampled_from(["table", "inline", "dotted", "deep"])):
            case "table":
                tables += [f"[{name}]{draw(_COMMENT)}", *(pair + draw(_COMMENT) for pair in pairs)]
            case "inline":
                lines.append(f"{name} = {{ {', '.join(pairs)} }}{draw(_COMMENT)}")
            case "dotted":
                lines += [f"{name}.{pair}{draw(_COMMENT)}" for pair in pairs]
            case "deep":
                tables += [f"[{name}.deep]", *pairs]
    lines = draw(st.permutations([*lines, "# mine", "unknown = 1979-05-27"]))
    return "\n".join([*lines, *tables, ""])


@given(content=handwritten(), changes=any_changes)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_the_file_is_written_only_what_changed_is_another(
    environ: dict[str, str], content: str, changes: dict[str, Value]
) -> None:
    path = write(environ, content)
    settings.save(changes, environ)
    plain = {
        name: list(each) if isinstance(each, tuple) else each for name, each in changes.items()
    }
    after = path.read_text(encoding="utf-8")
    assert tomllib.loads(after) == tomllib.loads(content) | plain | {"schema": 2}
    assert "# mine" in after
    settings.save(changes, environ)
    assert path.read_text(encoding="utf-8") == after


def test_the_file_is_for_the_user_alone(environ: dict[str, str]) -> None:
    settings.save({"font_size": 20}, environ)
    assert stat.S_IMODE(settings.settings_path(environ).stat().st_mode) == 0o600


def test_every_setting_has_words() -> None:
    assert all(settings.words(declared.name) for declared in fields(Settings))
