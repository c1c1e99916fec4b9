"""Vocabularies as the files of real models list them, made from the official ones."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.vocabulary import (
    Vocabulary,
    build_tokenizer,
    bundled_tokenizer,
    read_tokenizer,
)
from sotto.inference.tokenizer import Tokenizer, timestamp_names
from tests.helpers.examples import examples
from tools.fixtures.official import official
from tools.fixtures.official_tokenizer import copy_tokenizer, write_official_tokenizer
from tools.fixtures.random_checkpoint import STARTER

ENGLISH, MULTILINGUAL, LARGE_V3 = 51864, 51865, 51866
FIRST_TIMESTAMP = 50364  # of the multilingual vocabulary
TEXT = " Ĉu naïve 3.14? Привет, 世界! 안녕"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def official_files(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Return folders with vocab.json and added_tokens.json by the size of the vocabulary."""
    sizes = (ENGLISH, MULTILINGUAL, LARGE_V3)
    folders = {n_vocab: tmp_path_factory.mktemp(str(n_vocab)) for n_vocab in sizes}
    for n_vocab, folder in folders.items():
        write_official_tokenizer(folder, n_vocab)
    return folders


@pytest.fixture
def folder(tmp_path: Path, official_files: dict[int, Path]) -> Path:
    """Return a folder with vocab.json and added_tokens.json of the multilingual models."""
    copy_tokenizer(official_files[MULTILINGUAL], tmp_path)
    return tmp_path


def edit(path: Path, change: Callable[[Json], object]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def assert_official(tokenizer: Tokenizer) -> None:
    expected = bundled_tokenizer(MULTILINGUAL, Path("model.pt"))
    assert tokenizer.is_multilingual
    assert tokenizer.language_tokens == expected.language_tokens
    assert tokenizer.no_speech == expected.no_speech
    assert tokenizer.encode(TEXT) == expected.encode(TEXT)
    assert tokenizer.timestamp_begin == FIRST_TIMESTAMP


def add_timestamps_and_list_merges(content: Json) -> None:
    content["model"]["merges"] = [merge.split(" ") for merge in content["model"]["merges"]]
    content["added_tokens"] += [
        {"id": FIRST_TIMESTAMP + i, "content": name} for i, name in enumerate(timestamp_names())
    ]


def test_newer_files_list_the_timestamps_and_split_the_merges(tmp_path: Path) -> None:
    content = (official("base") / "tokenizer.json").read_text(encoding="utf-8")
    path = tmp_path / "tokenizer.json"
    path.write_text(content, encoding="utf-8")
    edit(path, add_timestamps_and_list_merges)
    assert_official(read_tokenizer(tmp_path, MULTILINGUAL, is_multilingual=True))


def test_special_tokens_may_be_ordinary_entries(folder: Path) -> None:
    added = json.loads((folder / "added_tokens.json").read_text(encoding="utf-8"))
    (folder / "added_tokens.json").unlink()
    edit(folder / "vocab.json", lambda vocabulary: vocabulary.update(added))
    assert_official(read_tokenizer(folder, MULTILINGUAL, is_multilingual=True))


def test_files_of_different_times_name_a_token_twice(folder: Path) -> None:
    entries = {
        "50256": {"content": ""},
        "50279": {"content": "<|iw|>"},
        "50362": {"content": "<|nospeech|>"},
    }
    config = {"added_tokens_decoder": entries}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    assert_official(read_tokenizer(folder, MULTILINGUAL, is_multilingual=True))


def test_a_training_left_out_the_tokenizer(tmp_path: Path) -> None:
    assert_official(read_tokenizer(tmp_path, MULTILINGUAL, is_multilingual=True))
    english = read_tokenizer(tmp_path, ENGLISH, is_multilingual=None)
    assert not english.is_multilingual
    with pytest.raises(CheckpointError, match=r"neither tokenizer\.json nor vocab\.json"):
        read_tokenizer(tmp_path, ENGLISH + 8, is_multilingual=None)


@pytest.mark.parametrize(("n_vocab", "padded"), [(ENGLISH, 51904), (MULTILINGUAL, 51872)])
def test_a_padded_embedding(official_files: dict[int, Path], n_vocab: int, padded: int) -> None:
    tokenizer = read_tokenizer(official_files[n_vocab], padded, is_multilingual=None)
    assert tokenizer.is_multilingual == (n_vocab == MULTILINGUAL)
    assert tokenizer.n_vocab == padded
    assert tokenizer.tokens_behind_timestamps == range(n_vocab, padded)
    assert tokenizer.decode_with_timestamps(range(padded))


def test_tokens_that_a_training_added(folder: Path) -> None:
    """CrisperWhisper has 31 of them: hesitations, noises, and marks for its own prompts."""
    own = {"[UM]": 51865, "[breath]": 51866, " hello": 51867}
    edit(folder / "added_tokens.json", lambda added: added.update(own))
    tokenizer = read_tokenizer(folder, 51868, is_multilingual=None)
    assert_official(tokenizer)
    assert tokenizer.tokens_behind_timestamps == range(51865, 51868)
    assert tokenizer.decode_with_timestamps([*own.values()]) == "[UM][breath] hello"
    assert tokenizer.decode([*own.values()]) == ""
    assert tokenizer.encode(" [UM]") != [51865]


def test_tokens_that_the_model_has_no_rows_for(folder: Path) -> None:
    edit(folder / "added_tokens.json", lambda added: added.update({"[UM]": MULTILINGUAL}))
    tokenizer = read_tokenizer(folder, MULTILINGUAL, is_multilingual=None)
    assert_official(tokenizer)
    assert tokenizer.n_vocab == MULTILINGUAL
    assert not tokenizer.tokens_behind_timestamps


def test_the_special_tokens_of_a_list_need_no_file_of_their_own() -> None:
    lines = (official("base") / "vocabulary.txt").read_text(encoding="utf-8").split("\n")[:-1]
    ids = {name: token for token, name in enumerate(lines)}
    vocabulary = Vocabulary(Path("vocabulary.txt"), ids, {})
    assert_official(build_tokenizer(vocabulary, MULTILINGUAL, is_multilingual=None))


# --- Damage ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listed", "n_vocab"),
    [
        (ENGLISH, MULTILINGUAL),
        (ENGLISH, LARGE_V3),
        (MULTILINGUAL, ENGLISH),
        (MULTILINGUAL, LARGE_V3),
        (LARGE_V3, MULTILINGUAL),
    ],
)
def test_the_vocabulary_of_another_official_model(
    official_files: dict[int, Path], listed: int, n_vocab: int
) -> None:
    with pytest.raises(CheckpointError, match=f"has {listed} tokens, the model {n_vocab};"):
        read_tokenizer(official_files[listed], n_vocab, is_multilingual=None)


@pytest.mark.parametrize(
    ("file", "change", "named"),
    [
        ("vocab.json", lambda v: v.pop("Ġhello"), "has 51864 tokens, the model 51865"),
        ("vocab.json", lambda v: v.update({"Ġhello": 300}), "not the only token 300"),
        ("vocab.json", lambda v: v.update({"<|endoftext|>": 50256}), "not the only token 50256"),
        ("added_tokens.json", lambda a: a.update({"Ġhello": 51000}), "not the only token"),
        ("added_tokens.json", lambda a: a.update({"[UM]": FIRST_TIMESTAMP}), "<|0.00|> is not at"),
        ("added_tokens.json", lambda a: a.update({"<|transcribe|>": 99999}), "is missing"),
    ],
)
def test_a_vocabulary_that_contradicts_itself(
    folder: Path, file: str, change: Callable[[Json], object], named: str
) -> None:
    edit(folder / file, change)
    with pytest.raises(CheckpointError, match=named.replace("|", r"\|")) as caught:
        read_tokenizer(folder, MULTILINGUAL, is_multilingual=None)
    assert str(folder) in str(caught.value)


N_STARTER = 3557


@cache
def starter_tokens() -> tuple[dict[str, int], dict[str, int]]:
    """Return what vocab.json and added_tokens.json of the model in the box list."""
    files = ("vocab.json", "added_tokens.json")
    ids, added = (json.loads((STARTER / name).read_text(encoding="utf-8")) for name in files)
    return ids, added


def changed(data: st.DataObject, tokens: dict[str, int]) -> dict[str, int]:
    """Return tokens of which a few are gone, renamed or have another id."""
    changed = dict(tokens)
    for name in data.draw(st.lists(st.sampled_from(sorted(tokens)), max_size=3, unique=True)):
        del changed[name]
        if data.draw(st.booleans()):
            new = data.draw(st.just(name) | st.sampled_from(sorted(tokens)) | st.text(max_size=3))
            changed[new] = data.draw(st.just(tokens[name]) | st.integers(0, N_STARTER + 9))
    return changed


@settings(max_examples=examples(60))
@given(data=st.data(), n_vocab=st.integers(N_STARTER - 3, N_STARTER + 9))
def test_any_change_is_refused_or_harmless(data: st.DataObject, n_vocab: int) -> None:
    ids, added = (changed(data, tokens) for tokens in starter_tokens())
    try:
        tokenizer = build_tokenizer(
            Vocabulary(Path("vocab.json"), ids, added), n_vocab, is_multilingual=False
        )
    except CheckpointError as error:
        message = str(error)
    else:
        message = "vocab.json"
        assert_usable(tokenizer, n_vocab)
    assert message.startswith("vocab.json")


def assert_usable(tokenizer: Tokenizer, n_vocab: int) -> None:
    assert tokenizer.n_vocab == n_vocab
    tokens = tokenizer.encode(TEXT)
    assert max(tokens) < tokenizer.eot
    assert tokenizer.decode(tokens) == TEXT
    assert tokenizer.decode_with_timestamps(range(n_vocab))
