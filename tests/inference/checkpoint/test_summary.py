"""What is said of a model without loading it."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sotto.inference.checkpoint.contents import Layout
from sotto.inference.checkpoint.summary import summarise
from sotto.inference.checkpoint.vocabulary import bundled_ranks
from sotto.inference.dimensions import ModelDimensions
from sotto.inference.features import mel_filters
from tests.helpers.ctranslate2_folder import variables_of, write_ctranslate2
from tools.fixtures.official import official
from tools.fixtures.random_checkpoint import (
    OFFICIAL_DIMENSIONS,
    STARTER,
    random_weights,
    write_hugging_face,
    write_openai,
)
from tools.peers.ggml import Content, write_ggml

SMALL = ModelDimensions(80, 24, 64, 1, 1, 51864, 16, 64, 1, 1)
GOLDEN = Path(__file__).parents[2] / "golden" / "checkpoint"
RANDOM = random_weights(SMALL, 0)


def test_the_hub_s_models() -> None:
    for name, size, is_multilingual in (("tiny.en", 75537502, False), ("base", 145217532, True)):
        summary = summarise(official(name))
        assert summary.layout == "CTranslate2"
        assert summary.dimensions == OFFICIAL_DIMENSIONS[name]
        assert summary.precision == "float16"
        assert summary.is_multilingual is is_multilingual
        assert summary.n_bytes == size
        assert not summary.native_short_window


def test_the_model_in_the_box() -> None:
    summary = summarise(STARTER)
    assert (summary.layout, summary.precision) == (Layout.HUGGING_FACE, "float16")
    assert summary.native_short_window
    assert summary.n_bytes == (STARTER / "model.safetensors").stat().st_size


def test_one_fingerprint_in_every_layout_and_precision(tmp_path: Path) -> None:
    weights = {name: value.astype(np.float16).astype(np.float32) for name, value in RANDOM.items()}
    ranks = bundled_ranks("gpt2")
    content = Content(
        SMALL, weights, mel_filters(80), sorted(ranks, key=lambda token: ranks[token])
    )
    write_ggml(tmp_path / "f16.bin", content, "f16")
    write_ggml(tmp_path / "q8_0.bin", content, "q8_0")
    made = {
        write_hugging_face(tmp_path / "hf", SMALL, 0, weights=weights): "float32",
        write_hugging_face(
            tmp_path / "hf16", SMALL, 0, weights=weights, dtype="float16"
        ): "float16",
        write_openai(tmp_path / "model.pt", SMALL, 0, weights=weights): "float16",
        write_ctranslate2(tmp_path / "ct2", variables_of(weights), []): "float32",
        tmp_path / "f16.bin": "float16",
        tmp_path / "q8_0.bin": "q8_0",
    }
    summaries = {path: summarise(path) for path in made}
    assert {path: summary.precision for path, summary in summaries.items()} == made
    assert len({summary.fingerprint for summary in summaries.values()}) == 1
    assert len({summary.layout for summary in summaries.values()}) == 4


def test_other_weights_have_another_fingerprint(tmp_path: Path) -> None:
    names = ("encoder.ln_post.weight", "decoder.ln.bias")
    changed = [RANDOM | {name: RANDOM[name] + np.float32(0.1)} for name in names]
    folders = [
        write_hugging_face(tmp_path / str(i), SMALL, 0, weights=weights)
        for i, weights in enumerate([RANDOM, *changed])
    ]
    shorter = replace(SMALL, n_text_ctx=15)
    weights = RANDOM | {"decoder.positional_embedding": RANDOM["decoder.positional_embedding"][:15]}
    folders.append(write_hugging_face(tmp_path / "shorter", shorter, 0, weights=weights))
    assert len({summarise(folder).fingerprint for folder in folders}) == 4


@pytest.mark.parametrize("quantisation", ["int8_float32", "int8_float16"])
def test_what_ctranslate2_quantises_keeps_its_fingerprint(
    quantisation: str, tmp_path: Path
) -> None:
    shutil.copy(GOLDEN / "ctranslate2" / f"{quantisation}.bin", tmp_path / "model.bin")
    summary = summarise(tmp_path)
    assert summary.precision == "int8"
    assert summary.fingerprint == summarise(GOLDEN / "transformers").fingerprint


def test_what_the_configuration_says_of_languages() -> None:
    assert summarise(GOLDEN / "transformers").precision == "bfloat16"
    assert summarise(GOLDEN / "transformers").is_multilingual


def test_max_and_the_tokenizer_stay_out_of_it(tmp_path: Path) -> None:
    shutil.copy(GOLDEN / "ctranslate2" / "bfloat16.bin", tmp_path / "model.bin")
    program = (
        "import sys; from pathlib import Path;"
        "from sotto.inference.checkpoint.summary import summarise;"
        "summarise(Path(sys.argv[1]));"
        "assert not any(name.partition('.')[0] == 'max' for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path], check=True)
