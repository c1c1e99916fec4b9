from sotto.app.core.settings import Settings
from sotto.app.core.words import WordSettings


def test_what_concerns_words_comes_from_the_settings() -> None:
    table, other = {"smiley": ":-)"}, {"bjork": "Björk"}
    settings = Settings(spoken_commands=False, commands=table, replacements=other, digits=True)
    assert WordSettings.of(settings) == WordSettings(
        commands=False, phrases=table, replacements=other, digits=True
    )


def test_language() -> None:
    assert WordSettings.of(Settings(language="de")).language == "de"
