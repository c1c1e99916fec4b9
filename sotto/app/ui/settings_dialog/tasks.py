"""What may be written of what is said."""

from sotto.app.core.settings import Task
from sotto.app.ui.widgets.picker import Choice

TASKS = (
    Choice(Task.TRANSCRIBE, "What is said"),
    Choice(Task.TRANSLATE, "Its English translation"),
)
