"""Captions while they are wanted: of the microphone, or of what the machine plays."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from sotto.app.core.settings import CaptionSource, Settings, SettingsStore
from sotto.app.core.spoken_languages import SPOKEN_NAMES, Spoken
from sotto.app.core.transcript import Transcript
from sotto.app.dictating.messages import Request, Sound
from sotto.app.dictating.phases import Phase, Purpose
from sotto.app.service.dictation import Dictation
from sotto.app.service.qt_settings import follow
from sotto.app.ui.overlay import Captions
from sotto.app.ui.overlay.captions import WAITING

# After a fault, such as a microphone that is gone, captions try again; not so often that it shows.
_RETRY_MS = 5000
# What decides whether there are captions, and what they listen to.
_NAMES = ("overlay", "overlay_source", "overlay_task", *SPOKEN_NAMES, "microphone", "model")


class Captioning(QObject):
    """Listens for captions while nobody dictates, and shows them. Lives on Qt's thread.

    Args:
        dictation: owns the sessions.
        settings: the user's.
        choose: returns the microphone and the model that are chosen now.
    """

    def __init__(
        self,
        dictation: Dictation,
        settings: SettingsStore,
        choose: Callable[[], tuple[str, str]],
    ) -> None:
        super().__init__(dictation)
        self._dictation = dictation
        self._settings = settings
        self._choose = choose
        self._captions: Captions | None = None
        self._retry = QTimer(self, singleShot=True, interval=_RETRY_MS)
        self._retry.timeout.connect(self._listen)
        self._has_failed = False
        self._listens_to: tuple[object, ...] = ()  # what the session for captions was opened with
        dictation.began.connect(self._check)
        dictation.captions_changed.connect(self._show)
        dictation.transcript_changed.connect(self._show_dictated)
        dictation.phase_changed.connect(self._follow)
        dictation.fault.connect(self._note_fault)

    def start(self) -> None:
        """Show captions, or none, as the settings say from now on."""
        follow(self._settings, _NAMES, self._obey, self)
        self._obey(self._settings.current)

    def _obey(self, settings: Settings) -> None:
        if not settings.overlay:
            self._retry.stop()
            if self._captions is not None:
                self._captions.clear()
            self._stop_listening()
            return
        self._shown()
        self._check()
        self._listen()

    def edit(self) -> None:
        """Let the user drag the captions to their place, which is saved."""
        self._shown().edit()

    @property
    def _wanted(self) -> tuple[object, ...]:
        return (self._settings.current.overlay_source, self._spoken, *self._choose())

    @property
    def _spoken(self) -> Spoken:
        return replace(Spoken.of(self._settings.current), task=self._settings.current.overlay_task)

    @property
    def _is_captioning(self) -> bool:
        is_ours = self._dictation.purpose is Purpose.CAPTIONS
        return is_ours and self._dictation.phase is not Phase.IDLE

    def _listen(self) -> None:
        if not self._settings.current.overlay or self._dictation.phase is not Phase.IDLE:
            return
        self._has_failed = False
        self._listens_to = self._wanted
        microphone, model = self._choose()
        is_system = self._settings.current.overlay_source is CaptionSource.SYSTEM
        sound = Sound.SYSTEM if is_system else Sound.MICROPHONE
        self._dictation.listen_if_idle(
            Request(Purpose.CAPTIONS, sound, microphone, model, self._spoken)
        )

    def _check(self, _number: int = 0) -> None:
        """Stop captions that are not wanted any more, or of another source: those begin anew."""
        if not self._settings.current.overlay or self._wanted != self._listens_to:
            self._stop_listening()

    def _stop_listening(self) -> None:
        if self._is_captioning:
            self._dictation.stop()

    def _follow(self, phase: Phase) -> None:
        """Go on with captions once a dictation has ended; say that the microphone is away."""
        if phase is Phase.WAITING and self._is_captioning:
            self._shown().show_notice(WAITING[self._settings.current.overlay_source])
        if phase is Phase.IDLE and self._settings.current.overlay:
            self._retry.start(_RETRY_MS if self._has_failed else 0)

    def _note_fault(self, _message: str) -> None:
        self._has_failed = True

    def _show(self, transcript: Transcript) -> None:
        if self._settings.current.overlay:
            self._shown().show_transcript(transcript)

    def _show_dictated(self, transcript: Transcript) -> None:
        """What is dictated is what the microphone hears."""
        if self._settings.current.overlay_source is CaptionSource.MICROPHONE:
            self._show(transcript)

    def _shown(self) -> Captions:
        if self._captions is None:
            self._captions = Captions(self._settings, parent=self)
            self._captions.moved.connect(self._keep_place)
        return self._captions

    def _keep_place(self, x: int, y: int, width: int, screen: str) -> None:
        self._settings.change(overlay_x=x, overlay_y=y, overlay_width=width, overlay_screen=screen)
