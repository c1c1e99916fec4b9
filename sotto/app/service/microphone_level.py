"""Listening to a microphone for nothing but its level: no model, no text, nothing kept."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from sotto.app.core.events import Event, Fault, Level
from sotto.app.service.event_bridge import EventBridge
from sotto.errors import DeviceError, SottoError

_PAUSE_S = 0.03  # between two looks at the microphone; a meter moves 20 times a second


class MicrophoneLevel(QObject):
    """Tells how loud a microphone is while it is asked to. Lives on Qt's thread.

    The microphone is opened, read and closed by a thread of its own, one a test. Its levels stop
    with `stop`, whatever the device does.
    """

    levels = Signal(tuple)  # tuple[Level, ...], oldest first
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = EventBridge(self)
        self._bridge.arrived.connect(self._follow)
        self._stopping: threading.Event | None = None

    @property
    def is_running(self) -> bool:
        """Whether a microphone is listened to."""
        return self._stopping is not None

    def start(self, microphone: str) -> None:
        """Listen to this microphone, by name, and to no other; empty is the system's default."""
        self.stop()
        stopping = self._stopping = threading.Event()

        def post(event: Event) -> None:
            if not stopping.is_set():
                self._bridge.post(event)

        # A daemon: a driver that hangs must not keep the program from ending.
        threading.Thread(
            target=_listen, args=(microphone, stopping, post), name="sotto-level", daemon=True
        ).start()

    def stop(self) -> None:
        """Close the microphone; returns at once."""
        if self._stopping is not None:
            self._stopping.set()
            self._stopping = None

    def _follow(self, events: tuple[Event, ...]) -> None:
        if not self.is_running:
            return
        levels = tuple(event for event in events if isinstance(event, Level))
        if levels:
            self.levels.emit(levels)
        for event in events:
            if isinstance(event, Fault):
                self.stop()
                self.failed.emit(event.message)


def _listen(microphone: str, stopping: threading.Event, post: Callable[[Event], None]) -> None:
    # numpy and PortAudio take a while to import, which Qt's thread can spare.
    from sotto.app.dictating.intake import Intake, Timeline  # noqa: PLC0415
    from sotto.audio.input.microphone import microphone_source  # noqa: PLC0415
    from sotto.clock import SystemClock  # noqa: PLC0415

    source = microphone_source(microphone or None)
    intake = Intake(source, Timeline(SystemClock()), post, is_paced=True)
    try:
        source.open()
        while not stopping.wait(_PAUSE_S) and not intake.has_ended:
            intake.read()
            if source.is_away:  # who is choosing one need not wait for it
                raise DeviceError(
                    f"the microphone “{source.name}” gives no sound: plug it in again or choose "
                    "another"
                )
        if intake.fault is not None:
            raise intake.fault
    except SottoError as error:
        post(Fault(str(error)))
    finally:
        source.close()
