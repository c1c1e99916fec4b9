"""The second step: a model that keeps up on this machine."""

import threading
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QWidget

from sotto.app.core.settings import Settings, Value
from sotto.app.service import qt_thread
from sotto.app.service.background import Background
from sotto.app.ui.first_run.model_row import ModelRow
from sotto.app.ui.first_run.step import Step
from sotto.app.ui.first_run.workbench import OfferedModel, Workbench
from sotto.app.ui.widgets.labels import wrapped_label
from sotto.errors import SottoError

if TYPE_CHECKING:
    from sotto.app.core.models.speeds import Speed

_FIRST_TO_FETCH = "base"  # where there is no real model yet: small, quick, in many languages


class ModelStep(Step):
    """Measures the models that are here one after another, and fetches others when asked to."""

    def __init__(self, settings: Settings, workbench: Workbench) -> None:
        super().__init__(
            "What should understand you?",
            "Larger models make fewer mistakes and take longer. "
            "Sotto measures those that are here; the network is used only if you fetch one.",
        )
        self._workbench = workbench
        self._measurer = Background("sotto-first-models", self)
        self._fetcher = Background("sotto-first-fetch", self)
        self._wanted = settings.model
        self._was_picked = settings.model != Settings().model
        self._rows: dict[str, ModelRow] = {}
        self._group = QButtonGroup(self)
        self._unmeasured: list[ModelRow] = []
        self._is_measuring = False
        self._is_over = False
        self._cancelled: dict[str, threading.Event] = {}
        self._said = wrapped_label("Looking for models …", "secondary")
        self.body.addWidget(self._said)

    def begin(self) -> None:
        """Find the models and measure them; returns at once."""
        self._measurer.run(self._workbench.models, self._offer, self._fail)

    def end(self) -> None:
        """Fetch and measure no more."""
        self._is_over = True
        for cancelled in self._cancelled.values():
            cancelled.set()

    @property
    def names(self) -> tuple[str, ...]:
        """The models that are offered."""
        return tuple(self._rows)

    def speed_of(self, name: str) -> "Speed | None":
        """Return how far a model's text is behind a voice; None until measured."""
        row = self._rows.get(name)
        return row.speed if row else None

    def choices(self) -> dict[str, Value]:
        """Return what the user has picked; else Sotto goes on choosing the best."""
        return {"model": self._wanted}

    def first_control(self) -> QWidget:
        """See `Step.first_control`."""
        return self._group.checkedButton() or self

    def _offer(self, models: tuple[OfferedModel, ...]) -> None:
        self._said.hide()
        for model in models:
            self._add(model)
        if self._wanted and self._wanted not in self._rows:  # a folder, say
            self._add(
                OfferedModel(
                    self._wanted,
                    0,
                    is_installed=True,
                    is_starter=False,
                    is_multilingual=True,
                )
            )
        self._unmeasured = [row for row in self._rows.values() if row.model.is_installed]
        self._check(self._rows.get(self._wanted) or _best(self._unmeasured))
        is_bare = all(row.model.is_starter for row in self._unmeasured)
        if is_bare and (first := self._rows.get(_FIRST_TO_FETCH)):
            first.show_absent("Recommended")
        self._measure_next()

    def _add(self, model: OfferedModel) -> None:
        row = ModelRow(model)
        row.chosen.connect(lambda: self._pick(model.name))
        row.fetch_requested.connect(lambda: self._fetch(row))
        row.cancel_requested.connect(lambda: self._cancel(row))
        self._group.addButton(row.button)
        self._rows[model.name] = row
        self.body.addWidget(row)

    def _fail(self, error: SottoError) -> None:
        self._said.setText(str(error))

    # Choosing ------------------------------------------------------------------------------

    def _pick(self, name: str) -> None:
        self._was_picked = True
        self._wanted = name

    def _recommend(self) -> None:
        """Mark the best of those that keep up; choose it unless the user has chosen."""
        measured = [row for row in self._rows.values() if row.speed is not None]
        best = _best(measured)
        for row in measured:
            row.show_speed(is_recommended=row is best and len(measured) > 1)
        if not self._was_picked:
            self._check(best)

    def _check(self, row: ModelRow | None) -> None:
        if row is not None:
            row.button.setChecked(True)

    # Measuring -----------------------------------------------------------------------------

    def _measure_next(self) -> None:
        if self._is_measuring or self._is_over or not self._unmeasured:
            return
        self._is_measuring = True
        row = self._unmeasured.pop(0)
        row.show_state("Measuring …")
        name = row.model.name

        def prepare(what: str, elapsed_s: float, expected_s: float) -> None:
            qt_thread.call(lambda: self._show_preparation(name, what, elapsed_s, expected_s), self)

        self._measurer.run(
            lambda: self._workbench.measure(name, prepare),
            lambda speed: self._measured(row, speed),
            lambda error: self._measured(row, None, str(error)),
        )

    def _measured(self, row: ModelRow, speed: "Speed | None", why: str = "") -> None:
        self._is_measuring = False
        row.speed = speed
        row.show_state("")
        if why:
            row.show_wrong(why)
        self._recommend()
        self._measure_next()

    def _show_preparation(self, name: str, what: str, elapsed_s: float, expected_s: float) -> None:
        expected = f" of about {expected_s:.0f}" if expected_s > 0 else ""
        self._rows[name].show_state(f"{what.capitalize()} · {elapsed_s:.0f}{expected} s")

    # Fetching ------------------------------------------------------------------------------

    def _fetch(self, row: ModelRow) -> None:
        name = row.model.name
        cancelled = self._cancelled[name] = threading.Event()
        row.show_connecting()

        def arrive(_file: str, done: int, total: int) -> None:
            qt_thread.call(lambda: self._show_arrival(name, done, total), self)

        def fetch() -> OfferedModel:
            self._workbench.fetch(name, arrive, cancelled.is_set)
            return next(each for each in self._workbench.models() if each.name == name)

        self._fetcher.run(
            fetch,
            lambda model: self._fetched(row, model),
            lambda error: self._not_fetched(row, cancelled, str(error)),
        )

    def _cancel(self, row: ModelRow) -> None:
        self._cancelled[row.model.name].set()
        row.show_absent()

    def _show_arrival(self, name: str, done: int, total: int) -> None:
        if not self._cancelled[name].is_set():
            self._rows[name].show_arrival(done, total)

    def _fetched(self, row: ModelRow, model: OfferedModel) -> None:
        row.model = model
        row.show_fetched()
        self._unmeasured.append(row)
        self._measure_next()

    def _not_fetched(self, row: ModelRow, cancelled: threading.Event, why: str) -> None:
        if not cancelled.is_set():  # else the row says so, or shows a newer fetch
            cancelled.set()  # what it still tells is of no interest
            row.show_failed(why)


def _best(rows: list[ModelRow]) -> ModelRow | None:
    """Return the most capable that keeps up; else the fastest; the box's only if need be.

    What is not measured yet is taken to keep up.
    """
    real = [row for row in rows if not row.model.is_starter] or rows
    quick = [row for row in real if row.speed is None or row.speed.is_quick_enough]
    if quick:
        return max(quick, key=lambda row: row.model.rank)
    return min(real, key=lambda row: row.speed.partial_ms if row.speed else 0.0, default=None)
