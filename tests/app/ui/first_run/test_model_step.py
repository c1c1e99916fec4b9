"""Measuring the models that are here, and fetching others."""

from pathlib import Path

import platformdirs
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.ui.first_run import FirstRun, LocalWorkbench
from sotto.errors import DownloadError, ModelError
from tests.app.ui.first_run.conftest import (
    BASE,
    BOX,
    SMALL_ELSEWHERE,
    TINY,
    OpenFirstRun,
    ScriptedWorkbench,
    button,
    model,
)
from tests.helpers.hub_server import running_hub

OWN_CACHE = platformdirs.user_cache_path("sotto")  # found before tests get a home of their own
COMPILED_WITHIN_MS = 600_000
PATIENCE_MS = 30_000


def at_models(open_first_run: OpenFirstRun, workbench: ScriptedWorkbench) -> FirstRun:
    dialog = open_first_run(workbench)
    button(dialog, "Continue").click()
    return dialog


def said(dialog: FirstRun) -> str:
    return "\n".join(each.text() for each in dialog.model.findChildren(QLabel) if each.isVisible())


def test_the_largest_model_that_keeps_up_is_recommended_and_chosen(
    qtbot: QtBot, open_first_run: OpenFirstRun
) -> None:
    workbench = ScriptedWorkbench(
        offered=(BOX, TINY, BASE), partials_ms={"basic": 20.0, "tiny.en": 41.0, "base.en": 900.0}
    )
    dialog = at_models(open_first_run, workbench)
    qtbot.waitUntil(lambda: "Text after 0.90 s: slow here" in said(dialog))
    assert "Text after 0.04 s · recommended" in said(dialog)
    assert said(dialog).count("recommended") == 1
    assert button(dialog.model, "tiny.en").isChecked()
    assert dialog.model.choices() == {"model": ""}  # Sotto goes on choosing the best


def test_what_the_user_has_chosen_stays_chosen(qtbot: QtBot, open_first_run: OpenFirstRun) -> None:
    workbench = ScriptedWorkbench(offered=(BOX, SMALL_ELSEWHERE))
    dialog = at_models(open_first_run, workbench)
    qtbot.waitUntil(lambda: "Text after" in said(dialog))
    button(dialog.model, "basic").click()
    workbench.may_arrive.set()
    button(dialog.model, "Fetch small.en").click()
    qtbot.waitUntil(lambda: "recommended" in said(dialog))
    assert dialog.model.choices() == {"model": "basic"}


def test_the_model_in_the_box_says_that_it_mishears(
    qtbot: QtBot, open_first_run: OpenFirstRun
) -> None:
    dialog = at_models(open_first_run, ScriptedWorkbench())
    qtbot.waitUntil(lambda: "mishears people" in said(dialog))


def test_a_model_that_cannot_be_used_says_why_and_the_others_are_measured(
    qtbot: QtBot, open_first_run: OpenFirstRun
) -> None:
    broken = ModelError("model.safetensors is damaged; fetch the model again")
    workbench = ScriptedWorkbench(offered=(BASE, TINY), partials_ms={"base.en": broken})
    dialog = at_models(open_first_run, workbench)
    qtbot.waitUntil(lambda: str(broken) in said(dialog))
    qtbot.waitUntil(lambda: dialog.model.speed_of("tiny.en") is not None)
    qtbot.waitUntil(button(dialog.model, "tiny.en").isChecked)


def test_nothing_is_fetched_unasked(qtbot: QtBot, open_first_run: OpenFirstRun) -> None:
    workbench = ScriptedWorkbench(offered=(BOX, SMALL_ELSEWHERE))
    workbench.may_arrive.set()
    dialog = at_models(open_first_run, workbench)
    qtbot.waitUntil(lambda: "Text after" in said(dialog))
    assert "English · 967 MB to fetch" in said(dialog)
    assert not button(dialog.model, "small.en").isEnabled()
    button(dialog, "Continue").click()
    button(dialog, "Done").click()
    assert workbench.fetched == []


def test_a_fetched_model_is_measured_and_can_be_chosen(
    qtbot: QtBot, open_first_run: OpenFirstRun
) -> None:
    workbench = ScriptedWorkbench(offered=(BOX, SMALL_ELSEWHERE))
    dialog = at_models(open_first_run, workbench)
    qtbot.waitUntil(lambda: "small.en" in dialog.model.names)
    button(dialog.model, "Fetch small.en").click()
    qtbot.waitUntil(lambda: "50 of 100 MB" in said(dialog))
    workbench.may_arrive.set()
    qtbot.waitUntil(lambda: dialog.model.speed_of("small.en") is not None)
    qtbot.waitUntil(button(dialog.model, "small.en").isChecked)


def test_a_fetch_can_be_cancelled_and_begun_again(
    qtbot: QtBot, open_first_run: OpenFirstRun
) -> None:
    workbench = ScriptedWorkbench(offered=(BOX, SMALL_ELSEWHERE))
    dialog = at_models(open_first_run, workbench)
    qtbot.waitUntil(lambda: "small.en" in dialog.model.names)
    button(dialog.model, "Fetch small.en").click()
    qtbot.waitUntil(lambda: "50 of 100 MB" in said(dialog))
    button(dialog.model, "Cancel fetching small.en").click()
    assert "English · 967 MB to fetch" in said(dialog)
    qtbot.waitUntil(lambda: workbench.n_cancelled == 1, timeout=PATIENCE_MS)
    workbench.may_arrive.set()
    button(dialog.model, "Fetch small.en").click()
    qtbot.waitUntil(lambda: workbench.fetched == ["small.en"], timeout=PATIENCE_MS)


def test_a_fetch_that_fails_says_why(qtbot: QtBot, open_first_run: OpenFirstRun) -> None:
    workbench = ScriptedWorkbench(offered=(BOX, SMALL_ELSEWHERE), fetch_fault="the disk is full")
    dialog = at_models(open_first_run, workbench)
    qtbot.waitUntil(lambda: "small.en" in dialog.model.names)
    button(dialog.model, "Fetch small.en").click()
    qtbot.waitUntil(lambda: "the disk is full" in said(dialog))
    assert button(dialog.model, "Fetch small.en").isVisible()


def test_closing_ends_a_fetch(qtbot: QtBot, open_first_run: OpenFirstRun) -> None:
    workbench = ScriptedWorkbench(offered=(BOX, SMALL_ELSEWHERE))
    dialog = at_models(open_first_run, workbench)
    qtbot.waitUntil(lambda: "small.en" in dialog.model.names)
    button(dialog.model, "Fetch small.en").click()
    qtbot.waitUntil(lambda: "50 of 100 MB" in said(dialog))
    dialog.close()
    qtbot.waitUntil(lambda: workbench.n_cancelled == 1, timeout=PATIENCE_MS)
    assert workbench.fetched == []


def test_this_machine_s_models_are_measured(
    qtbot: QtBot, open_first_run: OpenFirstRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOTTO_CACHE_DIR", str(OWN_CACHE))
    dialog = open_first_run(LocalWorkbench(SettingsStore(Settings())))
    qtbot.waitUntil(lambda: dialog.model.speed_of("basic") is not None, timeout=COMPILED_WITHIN_MS)
    speed = dialog.model.speed_of("basic")
    assert speed is not None
    assert speed.is_measured
    assert {"base", "base.en", "small", "small.en", "large-v3-turbo"} <= set(dialog.model.names)


def test_without_a_real_model_base_is_recommended(
    qtbot: QtBot, open_first_run: OpenFirstRun
) -> None:
    base = model("base", 145, is_installed=False)
    dialog = at_models(open_first_run, ScriptedWorkbench(offered=(BOX, base, SMALL_ELSEWHERE)))
    qtbot.waitUntil(lambda: "Recommended · Many languages · 145 MB to fetch" in said(dialog))
    assert said(dialog).count("Recommended") == 1
    assert button(dialog.model, "basic").isChecked()


def test_a_real_model_that_is_here_is_preselected_before_it_is_measured(
    qtbot: QtBot, open_first_run: OpenFirstRun
) -> None:
    dialog = at_models(open_first_run, ScriptedWorkbench(offered=(BOX, BASE)))
    qtbot.waitUntil(lambda: "base.en" in dialog.model.names)
    assert button(dialog.model, "base.en").isChecked()
    assert "Recommended" not in said(dialog)


def test_a_model_comes_from_the_hub_and_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"config.json": b'{"model_type": "whisper"}', "model.safetensors": b"w" * 3_000_000}
    with running_hub({"Systran/faster-whisper-tiny.en": files}) as hub:
        constants = "huggingface_hub.constants"
        template = f"{hub.endpoint}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
        monkeypatch.setattr(f"{constants}.ENDPOINT", hub.endpoint)
        monkeypatch.setattr(f"{constants}.HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(f"{constants}.HF_HUB_CACHE", str(tmp_path / "hub"))
        workbench = LocalWorkbench(SettingsStore(Settings()))
        with pytest.raises(DownloadError):
            workbench.fetch("tiny.en", lambda *_: None, lambda: True)
        arrived: list[tuple[int, int]] = []
        workbench.fetch("tiny.en", lambda _, done, total: arrived.append((done, total)), bool)
    done, total = arrived[-1]
    assert done == total == sum(len(body) for body in files.values())
