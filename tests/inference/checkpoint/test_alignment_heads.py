"""openai-whisper's heads, of the shapes that it has and of no other."""

from dataclasses import replace

import pytest

from sotto.inference.checkpoint.alignment_heads import HEADS, openai_alignment_heads
from sotto.inference.checkpoint.load import read_contents
from tools.fixtures.official import official
from tools.fixtures.random_checkpoint import OFFICIAL_DIMENSIONS

OPENAI = [name for name in OFFICIAL_DIMENSIONS if not name.startswith(("distil", "starter"))]


@pytest.mark.parametrize("name", OPENAI)
def test_every_model_of_openai_has_heads_of_its_own(name: str) -> None:
    dims = OFFICIAL_DIMENSIONS[name]
    heads = openai_alignment_heads(dims)
    assert heads
    assert len(set(heads)) == len(heads)
    assert all(layer < dims.n_text_layer and head < dims.n_text_head for layer, head in heads)


def test_no_other_shape_has() -> None:
    others = OFFICIAL_DIMENSIONS.keys() - OPENAI
    assert others
    assert not any(openai_alignment_heads(OFFICIAL_DIMENSIONS[name]) for name in others)
    assert openai_alignment_heads(replace(OFFICIAL_DIMENSIONS["tiny"], n_vocab=51868)) is None
    assert len(HEADS) == len(OPENAI) - 1  # large-v1 has the shape of large-v2


@pytest.mark.parametrize("name", ["tiny.en", "base"])
def test_the_hub_s_configuration_lists_the_same(name: str) -> None:
    contents = read_contents(official(name))
    assert contents.rules.alignment_heads == openai_alignment_heads(contents.dimensions)
