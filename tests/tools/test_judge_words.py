import json
from pathlib import Path

from tools.judge_words import Column, as_json, table
from tools.peers.programs import SOTTO, STREAMING, Variant
from tools.peers.speech import Recording
from tools.speak_languages import ESPEAK, JAPANESE, sentences
from tools.word_error import character_errors

ENGLISH = Recording("readers", Path("a.flac"), "the red car stops")
MORE_ENGLISH = Recording("clips", Path("b.flac"), "Hello, Anna!")
GERMAN = Recording("clips", Path("c.flac"), "Schön!", "de")

FILES = Column("base", Variant(SOTTO, "int8"))
ENGLISH_ONLY = Column("tiny.en", Variant(SOTTO, "float32", what=STREAMING))


def test_table_has_the_errors_of_each_set_and_of_all_english() -> None:
    heard = {
        FILES: {ENGLISH: "a red car stops", MORE_ENGLISH: "hello anna", GERMAN: "schon"},
        ENGLISH_ONLY: {ENGLISH: "the red car", MORE_ENGLISH: "hello"},
    }
    assert table([ENGLISH, MORE_ENGLISH, GERMAN], heard).split("\n") == [
        "|  | readers, en | clips, en | clips, de | English in all |",
        "| --- | ---: | ---: | ---: | ---: |",
        "| base: sotto int8 | 25.0% (1 of 4 words) | 0.0% (0 of 2 words) | "
        "20.0% (1 of 5 characters) | 16.7% (1 of 6 words) |",
        "| tiny.en: sotto float32, streaming | 25.0% (1 of 4 words) | 50.0% (1 of 2 words) | "
        "- | 33.3% (2 of 6 words) |",
    ]


def test_json_keeps_what_was_heard() -> None:
    assert json.loads(as_json({FILES: {GERMAN: "schön"}})) == [
        {
            "model": "base",
            "variant": "sotto int8",
            "file": "c.flac",
            "language": "de",
            "said": "Schön!",
            "heard": "schön",
        }
    ]


def test_there_is_text_to_speak_in_each_language() -> None:
    for language in (*ESPEAK, JAPANESE):
        texts = sentences(language)
        assert len(texts) == 12
        n_characters = character_errors([(text, "") for text in texts], language).n_characters
        assert n_characters > 200, language
