"""The first step: a microphone that hears the user."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sotto.app.core.events import Level
from sotto.app.core.settings import Settings, Value
from sotto.app.dictating.engine import Microphone
from sotto.app.service.background import Background
from sotto.app.service.microphone_level import MicrophoneLevel
from sotto.app.ui.fields.fields import Selection
from sotto.app.ui.first_run.step import Step
from sotto.app.ui.first_run.workbench import Workbench
from sotto.app.ui.widgets.buttons import push_button
from sotto.app.ui.widgets.labels import wrapped_label
from sotto.app.ui.widgets.level_meter import LevelMeter
from sotto.app.ui.widgets.picker import Choice
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours

_SPEECH_DB = -42.0  # of full scale; quiet rooms are under -55, a voice at arm's length over -35
_ENOUGH = 6  # levels that loud, 0.05 s each: more than a knock on the table

_NO_MICROPHONE = "No microphone was found. Plug one in, then look again."


class MicrophoneStep(Step):
    """Listens while it is shown, and says so once it hears something."""

    def __init__(self, settings: Settings, workbench: Workbench) -> None:
        super().__init__("Can Sotto hear you?", "Choose a microphone and say something.")
        self._workbench = workbench
        self._devices = Background("sotto-first-devices", self)
        self._listening = MicrophoneLevel(self)
        self._listening.levels.connect(self._hear)
        self.levels = self._listening.levels
        self._listening.failed.connect(self._fail)
        self._colours = LIGHT
        self._microphone = settings.microphone
        self._n_loud = 0
        self._build()
        self.look()

    @property
    def n_choices(self) -> int:
        """How many microphones are offered."""
        return self._picker.n_choices

    @property
    def is_listening(self) -> bool:
        """Whether a microphone is open."""
        return self._listening.is_running

    @property
    def has_heard(self) -> bool:
        """Whether something as loud as speech came from the microphone."""
        return self._n_loud >= _ENOUGH

    def set_colours(self, colours: Colours) -> None:
        """See `Step.set_colours`."""
        self._colours = colours
        self._meter.set_colours(colours)
        self._mark.setPixmap(icons.pixmap("check", colours.accent, 24))

    def choices(self) -> dict[str, Value]:
        """See `Step.choices`."""
        return {"microphone": self._microphone}

    def first_control(self) -> QWidget:
        """See `Step.first_control`."""
        return self._picker.control

    def look(self) -> None:
        """Find the microphones, and listen to the chosen one if this is in sight."""
        self._devices.run(
            self._workbench.microphones, self._offer, lambda error: self._fail(str(error))
        )

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Listen as long as it can be seen."""
        super().showEvent(event)
        self._listen()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  # Qt's name
        """Nothing listens that cannot be seen."""
        self._listening.stop()
        super().hideEvent(event)

    def _build(self) -> None:
        label = QLabel("&Microphone")
        self._picker = Selection([Choice("", "Default microphone")])
        self._picker.name("Microphone")
        self._picker.show_value(self._microphone)
        self._picker.edited.connect(self.pick)
        label.setBuddy(self._picker.control)
        picking = QVBoxLayout()
        picking.setSpacing(6)
        picking.addWidget(label)
        picking.addWidget(self._picker)
        self._meter = LevelMeter()
        self._mark = QLabel()
        self._said = wrapped_label("", "state")
        self._again = push_button("&Look again", self.look)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self._meter)
        row.addWidget(self._mark)
        row.addWidget(self._said, 1)
        self.body.addLayout(picking)
        self.body.addSpacing(6)
        self.body.addLayout(row)
        self.body.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)
        self._begin()

    def _offer(self, found: tuple[Microphone, ...]) -> None:
        self._picker.fill([Choice(each.name, each.label) for each in found])
        if not found:
            self._fail(_NO_MICROPHONE)
        elif self.isVisible():
            self._listen()

    def pick(self, name: str) -> None:
        """Listen to this microphone from now on."""
        self._microphone = name
        self._listen()

    def _listen(self) -> None:
        self._begin()
        self._listening.start(self._microphone)

    def _begin(self) -> None:
        self._n_loud = 0
        self._meter.silence()
        self._meter.show()
        self._mark.hide()
        self._again.hide()
        self._say("Say something …", "state")

    def _hear(self, levels: Sequence[Level]) -> None:
        self._meter.show_levels(levels)
        had_heard = self.has_heard
        self._n_loud += sum(level.rms_db > _SPEECH_DB for level in levels)
        if self.has_heard and not had_heard:
            self._mark.show()
            self._say("I hear you.", "heard")

    def _fail(self, why: str) -> None:
        self._listening.stop()
        self._meter.hide()
        self._mark.hide()
        self._again.show()
        self._say(why, "refusal")

    def _say(self, text: str, kind: str) -> None:
        self._said.setObjectName(kind)
        self._said.setText(text)
        self._said.style().unpolish(self._said)
        self._said.style().polish(self._said)
