"""Which model is used where the user has chosen none, and how quick models are taken to be."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.models import speeds
from sotto.app.core.models.choice import best, choose
from sotto.app.core.models.loader import load_chosen
from sotto.app.core.models.places import Found, Origin
from sotto.app.core.models.registry import InstalledModel
from sotto.app.core.models.speeds import QUICK_ENOUGH_MS, Speed, speed_of
from sotto.app.core.settings import Settings
from sotto.inference.compute_type import ComputeType
from tools.fixtures.random_checkpoint import OFFICIAL_DIMENSIONS

INT8 = ComputeType.INT8


@pytest.fixture(autouse=True)
def nothing_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOTTO_CACHE_DIR", str(tmp_path))


def model(size: str, precision: str = "float16") -> InstalledModel:
    is_starter = size == "basic"
    dims = OFFICIAL_DIMENSIONS["starter-en" if is_starter else size]
    name = size if precision == "float16" else f"{size}-{precision}"
    origin = Origin.BOX if is_starter else Origin.HUB
    return InstalledModel(
        name=name,
        path=Path(name),
        origin=origin,
        n_bytes=1,
        precision=precision,
        dimensions=dims,
        is_multilingual=dims.n_vocab >= 51865,
        copies=(Found(name, Path(name), origin),),
    )


def remember(measured_ms: dict[str, float]) -> None:
    for size, ms in measured_ms.items():
        speeds._remember(OFFICIAL_DIMENSIONS[size], INT8, ms)


BASIC = model("basic")
MEASURED = {"tiny": 40.0, "tiny.en": 40.0, "base": 80.0, "base.en": 80.0, "small": 300.0}


@pytest.mark.parametrize(
    ("sizes", "language", "chosen"),
    [
        ((), "", "basic"),
        (("tiny", "base"), "", "base"),
        (("tiny", "base", "small"), "", "small"),
        (("tiny", "base", "medium"), "", "base"),  # medium is too slow here
        (("medium",), "", "medium"),  # but better than what mishears people
        (("base", "base.en"), "", "base"),
        (("base", "base.en"), "en", "base.en"),
        (("base", "base.en"), "de", "base"),
        (("tiny", "base.en"), "", "tiny"),  # what is spoken may not be English
        (("tiny", "base.en"), "en", "base.en"),
        (("base.en",), "", "base.en"),
        (("medium", "large-v3"), "", "medium"),  # the quicker of two that are too slow
    ],
)
def test_the_most_capable_that_is_quick_enough(
    sizes: tuple[str, ...], language: str, chosen: str
) -> None:
    remember(MEASURED | {"medium": 900.0, "large-v3": 2000.0})
    assert best([BASIC, *map(model, sizes)], language, INT8).name == chosen


def test_of_one_size_the_weights_that_are_not_rounded() -> None:
    remember(MEASURED)
    models = [BASIC, model("base", "q4_0"), model("base"), model("base", "q8_0")]
    assert best(models, "", INT8).name == "base"
    assert best([BASIC, *models[1:2], models[3]], "", INT8).name == "base-q8_0"


def test_what_was_measured_counts_and_an_estimate_is_marked() -> None:
    dims = OFFICIAL_DIMENSIONS["base"]
    assert not speed_of(dims, INT8).is_measured
    remember({"base": 123.0})
    assert speed_of(dims, INT8) == Speed(123.0, is_measured=True)
    assert not speed_of(dims, ComputeType.FLOAT32).is_measured


def test_estimates_follow_what_other_shapes_took_here() -> None:
    tiny, small = OFFICIAL_DIMENSIONS["tiny"], OFFICIAL_DIMENSIONS["small"]
    remember({"tiny": 40.0})
    quick = speed_of(small, INT8, [tiny, small])
    remember({"tiny": 400.0})  # an old machine
    slow = speed_of(small, INT8, [tiny, small])
    assert slow.partial_ms == pytest.approx(10 * quick.partial_ms)
    assert not slow.is_quick_enough


SHAPES = st.sampled_from(sorted(OFFICIAL_DIMENSIONS))


@given(SHAPES, SHAPES)
def test_estimates_grow_with_the_shape(one: str, other: str) -> None:
    a, b = OFFICIAL_DIMENSIONS[one], OFFICIAL_DIMENSIONS[other]
    larger = all(
        getattr(a, name) >= getattr(b, name)
        for name in ("n_audio_state", "n_audio_layer", "n_text_layer", "n_text_state", "n_vocab")
    )
    if larger:
        assert speed_of(a, INT8).partial_ms >= speed_of(b, INT8).partial_ms


def test_a_damaged_memory_is_measured_anew(tmp_path: Path) -> None:
    remember({"base": 80.0})
    (file,) = (tmp_path / "speeds").iterdir()
    file.write_text("no number")
    assert not speed_of(OFFICIAL_DIMENSIONS["base"], INT8).is_measured


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, float]], list[str]]:
    """Let a machine have models that take so many milliseconds; return what is loaded there."""

    def with_models(partials_ms: dict[str, float]) -> list[str]:
        rows = (BASIC, *map(model, partials_ms))
        monkeypatch.setattr("sotto.app.core.models.choice.installed", lambda _: rows)
        monkeypatch.setattr(
            speeds,
            "_partial_ms",
            lambda loaded: partials_ms[loaded.name],
        )
        return []

    return with_models


def load(loaded: list[str], settings: Settings) -> str:
    def one(path: Path, *_: object) -> Any:
        loaded.append(path.name)
        dims = OFFICIAL_DIMENSIONS[path.name]
        return SimpleNamespace(name=path.name, checkpoint=SimpleNamespace(dimensions=dims))

    return str(load_chosen(settings, one, lambda *_: None).name)  # type: ignore[attr-defined]


def test_a_model_that_turns_out_to_be_slow_gives_way_at_once(
    machine: Callable[[dict[str, float]], list[str]],
) -> None:
    loaded = machine({"tiny": 100.0, "base": 800.0})
    settings = Settings(compute_type=INT8)
    assert load(loaded, settings) == "tiny"
    assert loaded == ["base", "tiny"]
    assert choose(settings).name == "tiny"


def test_the_only_model_stays_however_slow(
    machine: Callable[[dict[str, float]], list[str]],
) -> None:
    loaded = machine({"small": QUICK_ENOUGH_MS + 1})
    assert load(loaded, Settings(compute_type=INT8)) == "small"
    assert loaded == ["small"]


def test_the_users_choice_is_not_questioned(
    machine: Callable[[dict[str, float]], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = machine({"tiny": 10.0, "medium": 5000.0})
    monkeypatch.setattr("sotto.app.core.models.choice.resolve", lambda name, _: Path(name))
    assert load(loaded, Settings(model="medium", compute_type=INT8)) == "medium"
    assert loaded == ["medium"]
