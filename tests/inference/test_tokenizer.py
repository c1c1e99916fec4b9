"""The tokenizer against openai-whisper's (tools/golden/tokenizer.py) and against itself."""

import gzip
import json
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.errors import UsageError
from sotto.inference.checkpoint.vocabulary import bundled_tokenizer, read_tokenizer
from sotto.inference.languages import LANGUAGES, to_language_code
from sotto.inference.tokenizer import Tokenizer, _character_ends, _ends_of_broken_text
from tools.fixtures.official import Official, official
from tools.fixtures.random_checkpoint import STARTER

GOLDEN = Path(__file__).parents[1] / "golden" / "tokenizer"
OFFICIAL_SIZES = {"english": 51864, "multilingual": 51865, "large-v3": 51866}
# Models whose own files list their tokens, each with the vocabulary that this is.
LISTED: dict[str, str] = {"tiny.en": "english", "base": "multilingual"}
NAMES = (*OFFICIAL_SIZES, "starter-en", *LISTED)


@cache
def tokenizer_of(name: str) -> Tokenizer:
    if name in LISTED:
        n_vocab = OFFICIAL_SIZES[LISTED[name]]
        return read_tokenizer(
            official(cast("Official", name)), n_vocab, is_multilingual=name == "base"
        )
    if name in OFFICIAL_SIZES:
        return bundled_tokenizer(OFFICIAL_SIZES[name], Path("model.pt"))
    return read_tokenizer(STARTER, 3557, is_multilingual=False)


@cache
def golden_of(name: str) -> dict[str, Any]:
    path = GOLDEN / f"{LISTED.get(name, name)}.json"
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


@cache
def golden_languages() -> dict[str, Any]:
    """Return texts with their languages, and the tokens of each by vocabulary."""
    packed = (GOLDEN / "languages.json.gz").read_bytes()
    content: dict[str, Any] = json.loads(gzip.decompress(packed))
    return content


@pytest.mark.parametrize("name", NAMES)
def test_special_tokens(name: str) -> None:
    tokenizer, golden = tokenizer_of(name), golden_of(name)
    assert {key: getattr(tokenizer, key) for key in golden["specials"]} == golden["specials"]
    assert tokenizer.n_vocab == golden["n_vocab"]


@pytest.mark.parametrize("name", NAMES)
def test_languages(name: str) -> None:
    tokenizer, languages = tokenizer_of(name), golden_of(name)["languages"]
    assert dict(tokenizer.language_tokens) == languages
    assert tokenizer.all_language_codes == tuple(languages)
    assert tokenizer.all_language_tokens == tuple(languages.values())
    assert tokenizer.num_languages == len(languages)
    assert all(tokenizer.language_token(code) == token for code, token in languages.items())


@pytest.mark.parametrize("name", ["multilingual", "large-v3", "base"])
def test_start_of_a_multilingual_transcript(name: str) -> None:
    tokenizer = tokenizer_of(name)
    assert tokenizer.is_multilingual
    for case in golden_of(name)["sot_sequences"]:
        assert tokenizer.sot_sequence(case["language"], case["task"]) == tuple(case["tokens"])


@pytest.mark.parametrize("name", ["english", "starter-en", "tiny.en"])
def test_start_of_an_english_transcript(name: str) -> None:
    tokenizer = tokenizer_of(name)
    assert not tokenizer.is_multilingual
    assert tokenizer.sot_sequence("en", "transcribe") == (tokenizer.sot,)


@pytest.mark.parametrize("name", NAMES)
def test_non_speech_tokens(name: str) -> None:
    assert list(tokenizer_of(name).non_speech_tokens) == golden_of(name)["non_speech_tokens"]


@pytest.mark.parametrize("name", NAMES)
def test_encoding(name: str) -> None:
    for case in golden_of(name)["texts"]:
        assert tokenizer_of(name).encode(case["text"]) == case["tokens"], case["text"]


@pytest.mark.parametrize("name", NAMES)
def test_encoding_in_fifty_languages(name: str) -> None:
    golden, tokenizer = golden_languages(), tokenizer_of(name)
    vocabulary = "multilingual" if name == "large-v3" else LISTED.get(name, name)
    cases = list(zip(golden["texts"], golden["tokens"][vocabulary], strict=True))
    assert len(cases) >= 2000
    assert len({language for (language, _), _ in cases}) > 50
    for (language, text), tokens in cases:
        assert tokenizer.encode(text) == tokens, (language, text)
        assert tokenizer.decode(tokens) == text, (language, text)


@pytest.mark.parametrize("name", NAMES)
def test_decoding(name: str) -> None:
    tokenizer = tokenizer_of(name)
    for case in golden_of(name)["decodings"]:
        assert tokenizer.decode(case["tokens"]) == case["text"]
        assert tokenizer.decode_with_timestamps(case["tokens"]) == case["with_timestamps"]


@pytest.mark.parametrize("name", NAMES)
def test_words(name: str) -> None:
    for case in golden_of(name)["words"]:
        words, word_tokens = tokenizer_of(name).split_to_word_tokens(
            case["tokens"], case["language"]
        )
        assert (words, word_tokens) == (case["words"], case["word_tokens"])


@pytest.mark.parametrize("name", NAMES)
@given(text=st.text())
def test_any_text_comes_back(name: str, text: str) -> None:
    tokenizer = tokenizer_of(name)
    tokens = tokenizer.encode(text)
    assert tokenizer.decode(tokens) == text
    assert all(token < tokenizer.eot for token in tokens)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "ja"])
@given(data=st.data())
def test_words_hold_every_token_once(name: str, language: str, data: st.DataObject) -> None:
    tokenizer = tokenizer_of(name)
    tokens = data.draw(st.lists(st.integers(0, tokenizer.n_vocab - 1)))
    words, word_tokens = tokenizer.split_to_word_tokens(tokens, language)
    assert len(words) == len(word_tokens)
    assert [*chain.from_iterable(word_tokens)] == tokens


@given(text=st.text())
def test_words_of_text_join_to_the_text(text: str) -> None:
    tokenizer = tokenizer_of("multilingual")
    for language in ("en", "ja"):
        words, _ = tokenizer.split_to_word_tokens(tokenizer.encode(text), language)
        assert "".join(words) == text


@given(text=st.text())
def test_characters_end_where_a_decoder_says(text: str) -> None:
    encoded = text.encode()
    ends = {len(text[:n].encode()) for n in range(len(text) + 1)}
    assert _character_ends(encoded) == _ends_of_broken_text(encoded) == ends


def test_a_language_that_came_with_a_later_model_is_refused() -> None:
    assert tokenizer_of("large-v3").language_token("yue") == 50358
    with pytest.raises(UsageError, match="'yue'"):
        tokenizer_of("multilingual").language_token("yue")


@pytest.mark.parametrize(
    ("spelled", "code"),
    [("en", "en"), ("English", "en"), (" DE ", "de"), ("Haitian Creole", "ht"), ("mandarin", "zh")],
)
def test_languages_by_code_and_name(spelled: str, code: str) -> None:
    assert to_language_code(spelled) == code


def test_all_names_lead_to_their_codes() -> None:
    assert all(to_language_code(name) == code for code, name in LANGUAGES.items())


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(UsageError, match="'klingon'"):
        to_language_code("klingon")
