"""The first start's dialog: three steps, each of which can be skipped."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sotto.app.core.settings import SettingsStore, Value
from sotto.app.ui.first_run.hotkey_step import HotkeyStep
from sotto.app.ui.first_run.microphone_step import MicrophoneStep
from sotto.app.ui.first_run.model_step import ModelStep
from sotto.app.ui.first_run.step import Step
from sotto.app.ui.first_run.workbench import Workbench
from sotto.app.ui.widgets.buttons import push_button
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import Colours

_SIZE = QSize(660, 620)
_LEAST_SIZE = QSize(460, 380)
_LOGO = QSize(28, 28)


class FirstRun(QDialog):
    """Asks for microphone, model and hotkey. However it ends, nobody is asked twice."""

    def __init__(
        self, settings: SettingsStore, workbench: Workbench, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Welcome to Sotto")
        self.setMinimumSize(_LEAST_SIZE)
        self.resize(_SIZE)
        self._settings = settings
        self.microphone = MicrophoneStep(settings.current, workbench)
        self.model = ModelStep(settings.current, workbench)
        self.hotkey = HotkeyStep(settings)
        self.steps: tuple[Step, ...] = (self.microphone, self.model, self.hotkey)
        self._build()
        self._turn_to(0)
        self.model.begin()

    def set_colours(self, colours: Colours) -> None:
        """Paint what is drawn by hand in these colours."""
        for step in self.steps:
            step.set_colours(colours)

    def done(self, result: int) -> None:
        """End, in whatever way: stop what goes on in the background."""
        self.model.end()
        self._settings.change(was_welcomed=True)
        super().done(result)

    # Steps ---------------------------------------------------------------------------------

    def _go_on(self) -> None:
        self._keep(self.steps[self._stack.currentIndex()].choices())
        self._skip()

    def _skip(self) -> None:
        following = self._stack.currentIndex() + 1
        if following == len(self.steps):
            self.accept()
        else:
            self._turn_to(following)

    def _keep(self, choices: dict[str, Value]) -> None:
        now = self._settings.current
        changes = {name: value for name, value in choices.items() if value != getattr(now, name)}
        if changes:
            self._settings.change(**changes)

    def _turn_to(self, number: int) -> None:
        step = self.steps[number]
        is_last = number == len(self.steps) - 1
        self._stack.setCurrentIndex(number)
        self._number.setText(f"Step {number + 1} of {len(self.steps)}")
        self.setAccessibleName(f"{self._number.text()}: {step.headline}")
        self._back.setVisible(number > 0)
        self._skipping.setVisible(not is_last)
        self._next.setText("&Done" if is_last else "&Continue")
        self._next.setAccessibleName("Done" if is_last else "Continue")
        step.first_control().setFocus()

    # Building ------------------------------------------------------------------------------

    def _build(self) -> None:
        self._stack = QStackedWidget()
        for step in self.steps:
            self._stack.addWidget(step)
        self._number = QLabel()
        self._number.setObjectName("secondary")
        self._skipping = push_button("&Skip this", self._skip)
        self._skipping.setObjectName("link")
        self._back = push_button("&Back", lambda: self._turn_to(self._stack.currentIndex() - 1))
        self._next = push_button("&Continue", self._go_on)
        self._next.setObjectName("primary")
        self._next.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._head())
        layout.addWidget(self._stack, 1)
        layout.addLayout(self._foot())

    def _head(self) -> QHBoxLayout:
        logo, name = QLabel(), QLabel("Sotto")
        logo.setPixmap(icons.app_icon().pixmap(_LOGO))
        name.setObjectName("section")
        head = QHBoxLayout()
        head.setContentsMargins(40, 24, 40, 12)
        head.setSpacing(10)
        head.addWidget(logo)
        head.addWidget(name)
        head.addStretch()
        head.addWidget(self._number)
        return head

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(32, 14, 40, 24)
        foot.setSpacing(10)
        foot.addWidget(self._skipping)
        foot.addStretch()
        foot.addWidget(self._back)
        foot.addWidget(self._next)
        return foot
