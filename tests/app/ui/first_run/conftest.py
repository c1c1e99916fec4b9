"""The first start, open on the real X server, on a workbench that does what a script says."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from sotto.app.core.models.speeds import Speed
from sotto.app.core.settings import Settings, Value
from sotto.app.dictating.engine import Microphone
from sotto.app.ui.first_run import FirstRun, OfferedModel, Workbench
from sotto.app.ui.first_run.workbench import Arrival, Preparation
from sotto.errors import DownloadError, SottoError
from tests.helpers.dialogs import bring_up, put_away
from tests.helpers.recorded_store import RecordedStore
from tests.helpers.scripted_engine import MICROPHONES

OpenFirstRun = Callable[..., FirstRun]


def model(
    name: str, megabytes: int, *, is_installed: bool = True, is_starter: bool = False
) -> OfferedModel:
    return OfferedModel(
        name,
        megabytes * 1_000_000,
        is_installed=is_installed,
        is_starter=is_starter,
        is_multilingual=not name.endswith(("basic", ".en")),
        rank=(megabytes,),
    )


BOX = model("basic", 15, is_starter=True)
TINY = model("tiny.en", 151)
BASE = model("base.en", 290)
SMALL_ELSEWHERE = model("small.en", 967, is_installed=False)


@dataclass
class ScriptedWorkbench:
    """A fetch tells half and then waits to be let through or cancelled.

    `partials_ms` are the milliseconds of a partial by model.
    """

    found_microphones: tuple[Microphone, ...] = MICROPHONES
    offered: tuple[OfferedModel, ...] = (BOX,)
    partials_ms: Mapping[str, float | SottoError] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    may_arrive: threading.Event = field(default_factory=threading.Event)
    n_cancelled: int = 0
    fetch_fault: str = ""

    def microphones(self) -> tuple[Microphone, ...]:
        return self.found_microphones

    def models(self) -> tuple[OfferedModel, ...]:
        return tuple(
            replace(each, is_installed=True) if each.name in self.fetched else each
            for each in self.offered
        )

    def measure(self, model: str, prepare: Preparation) -> Speed:
        prepare("compiling", 1.0, 20.0)
        partial_ms = self.partials_ms.get(model, 100.0)
        if isinstance(partial_ms, SottoError):
            raise partial_ms
        return Speed(partial_ms, is_measured=True)

    def fetch(self, model: str, arrive: Arrival, cancelled: Callable[[], bool]) -> None:
        if self.fetch_fault:
            raise DownloadError(self.fetch_fault)
        arrive("model.safetensors", 50_000_000, 100_000_000)
        while not cancelled():
            if self.may_arrive.wait(0.02):
                self.fetched.append(model)
                return
        self.n_cancelled += 1
        raise DownloadError("cancelled")


@pytest.fixture
def open_first_run(qtbot: QtBot, qapp: QApplication) -> Iterator[OpenFirstRun]:
    dialogs = []

    def open_one(workbench: Workbench | None = None, settings: Settings | None = None) -> FirstRun:
        dialog = FirstRun(RecordedStore(settings), workbench or ScriptedWorkbench())
        dialogs.append(dialog)
        bring_up(qtbot, qapp, dialog)
        return dialog

    yield open_one
    for dialog in dialogs:
        put_away(qtbot, dialog)


def changes(dialog: FirstRun) -> list[dict[str, Value]]:
    """Return what is changed from the opening on; it grows."""
    store = dialog._settings
    assert isinstance(store, RecordedStore)
    return store.saved


def button(parent: QWidget, words: str) -> QAbstractButton:
    (found,) = (
        each
        for each in parent.findChildren(QAbstractButton)
        if each.accessibleName() == words and each.isVisibleTo(parent)
    )
    return found
