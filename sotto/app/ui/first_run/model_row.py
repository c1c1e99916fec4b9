"""One model to choose: what it is, how fast it is here, or how to get it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from sotto.app.core.models import wording
from sotto.app.ui.fields.fields import WORDS_INDENT
from sotto.app.ui.first_run.workbench import OfferedModel
from sotto.app.ui.widgets.buttons import push_button
from sotto.app.ui.widgets.labels import wrapped_label

if TYPE_CHECKING:
    from sotto.app.core.models.speeds import Speed


class ModelRow(QWidget):
    """A radio button with details, and at the right a speed, a button, or what is going on."""

    chosen = Signal()
    fetch_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, model: OfferedModel) -> None:
        super().__init__()
        self.model = model
        self.speed: Speed | None = None
        self.button = QRadioButton(model.name)
        self.button.setAutoExclusive(False)  # the step's group sees to that
        self.button.setAccessibleName(model.name)
        self.button.clicked.connect(self.chosen)
        self._details = wrapped_label(_details(model), "secondary")
        self._details.setContentsMargins(WORDS_INDENT, 0, 0, 0)
        self.button.setAccessibleDescription(_details(model))
        self._state = QLabel()
        self._state.setObjectName("secondary")
        self._state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._fetch = push_button("Fetch", self.fetch_requested.emit)
        self._fetch.setAccessibleName(f"Fetch {model.name}")
        self._cancel = push_button("Cancel", self.cancel_requested.emit)
        self._cancel.setAccessibleName(f"Cancel fetching {model.name}")
        self._bar = _bar(model.name)
        self._arrange()
        if model.is_installed:
            self.show_state("")
        else:
            self.show_absent()

    def show_state(self, text: str) -> None:
        """Say what is going on with a model that is here, such as that it is measured."""
        self._show_parts(state=text)
        self.button.setEnabled(True)

    def show_speed(self, *, is_recommended: bool) -> None:
        """Say how far its text is behind a voice, once that is measured."""
        if self.speed is None:
            return
        text = _capitalised(wording.speed_text(self.speed))
        self.show_state(f"{text} · recommended" if is_recommended else text)
        self.button.setAccessibleDescription(f"{_details(self.model)}. {self._state.text()}")

    def show_absent(self, praise: str = "") -> None:
        """Offer to fetch it."""
        self._show_parts(state="", fetch=True)
        self.button.setEnabled(False)
        details = _details(self.model)
        self._tell(f"{praise} · {details}" if praise else details, is_refusal=False)

    def show_failed(self, why: str) -> None:
        """Offer to fetch it again, and say what came of the last try."""
        self.show_absent()
        self._tell(why, is_refusal=True)

    def show_arrival(self, done: int, total: int) -> None:
        """Show how much of it has come."""
        self._show_parts(state="", cancel=True)
        self._tell(f"{done / 1e6:.0f} of {total / 1e6:.0f} MB", is_refusal=False)
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * done / max(total, 1)))
        self._bar.show()

    def show_wrong(self, why: str) -> None:
        """Say why it cannot be used."""
        self._tell(why, is_refusal=True)

    def show_connecting(self) -> None:
        """Show that it is asked for."""
        self.show_arrival(0, self.model.n_bytes)
        self._tell("Asking the hub …", is_refusal=False)

    def show_fetched(self) -> None:
        """It is here now."""
        self._tell(_details(self.model), is_refusal=False)
        self.show_state("")

    def _show_parts(self, *, state: str, fetch: bool = False, cancel: bool = False) -> None:
        self._state.setText(state)
        self._state.setVisible(bool(state))
        self._fetch.setVisible(fetch)
        self._cancel.setVisible(cancel)
        self._bar.hide()

    def _tell(self, text: str, *, is_refusal: bool) -> None:
        self._details.setObjectName("refusal" if is_refusal else "secondary")
        self._details.setText(text)
        self._details.style().unpolish(self._details)
        self._details.style().polish(self._details)

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.button, 0, 0)
        grid.addWidget(self._details, 1, 0)
        arrival = QHBoxLayout()
        arrival.setContentsMargins(WORDS_INDENT, 5, 0, 0)
        arrival.addWidget(self._bar)
        grid.addLayout(arrival, 2, 0)
        for widget in (self._state, self._fetch, self._cancel):
            grid.addWidget(widget, 0, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)


def _details(model: OfferedModel) -> str:
    if model.is_starter:
        return _capitalised(wording.BASIC)
    languages = wording.languages_text(is_multilingual=model.is_multilingual)
    size = wording.size_text(model.n_bytes)
    size = size if model.is_installed else f"{size} to fetch"
    parts = [languages, size, model.origin, model.good_for]
    return _capitalised(" · ".join(filter(None, parts)))


def _capitalised(text: str) -> str:
    """Return text with a capital at its start; what follows stays as it is."""
    return text[:1].upper() + text[1:]


def _bar(name: str) -> QProgressBar:
    bar = QProgressBar()
    bar.setObjectName("preparing")
    bar.setTextVisible(False)
    bar.setAccessibleName(f"Fetching {name}")
    bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return bar
