"""The left of the window: all recordings, and what can be done with the chosen one."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sotto.app.core.projects.queued import Queued, State
from sotto.app.service.recordings.recording_queue import RecordingQueue
from sotto.app.ui.files.queue.queue_list import QueueList
from sotto.app.ui.files.queue.queue_model import QueueModel
from sotto.app.ui.widgets.buttons import name_button, tool_button
from sotto.app.ui.widgets.labels import ElidedLabel
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import Colours
from sotto.app.ui.widgets.theme.sizes import scaled

_WIDTH = 272
_MOST = 0.38  # of the window: the text needs the rest


class QueuePanel(QWidget):
    """A title and a button above the list, two buttons below it."""

    def __init__(self, queue: RecordingQueue, parent: QWidget) -> None:
        super().__init__(parent)
        self.list = QueueList(QueueModel(queue, self), self)
        self.add_button = tool_button("Open recordings", "Ctrl+O", self)
        self.add_with_button = tool_button(
            "Open recordings with other settings", "Ctrl+Shift+O", self
        )
        self.again_button = tool_button("Transcribe again", "Ctrl+R", self)
        self.remove_button = tool_button("Remove from the list", "Del", self)
        self.setFixedWidth(_WIDTH)
        self._arrange()

    def fit(self, window_width: int) -> None:
        """Be as wide as names of the user's size need, in a window of this width."""
        self.setFixedWidth(max(_WIDTH, min(scaled(_WIDTH), round(_MOST * window_width))))

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What takes the keyboard, in reading order."""
        adding = (self.add_with_button, self.add_button)
        return *adding, self.list, self.again_button, self.remove_button

    def set_available(self, row: Queued | None) -> None:
        """Offer what can be done with a recording."""
        self.again_button.setEnabled(row is not None)
        self.remove_button.setEnabled(row is not None)
        has_no_text = row is not None and row.state is not State.DONE
        words = "Transcribe with other settings" if has_no_text else "Transcribe again"
        name_button(self.again_button, words, "Ctrl+R")

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self.list.set_colours(colours)
        for button, name in (
            (self.add_with_button, "sliders"),
            (self.add_button, "add"),
            (self.again_button, "again"),
            (self.remove_button, "clear"),
        ):
            button.setIcon(icons.icon(name, colours.text))

    def _arrange(self) -> None:
        title = ElidedLabel("Recordings", "section")
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 10, 6)
        head.addWidget(title, 1)
        head.setSpacing(2)
        head.addWidget(self.add_with_button)
        head.addWidget(self.add_button)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 6, 10, 10)
        foot.addStretch(1)
        foot.addWidget(self.again_button)
        foot.addWidget(self.remove_button)
        listed = QHBoxLayout()
        listed.setContentsMargins(8, 0, 4, 0)
        listed.addWidget(self.list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addLayout(listed, 1)
        layout.addLayout(foot)
