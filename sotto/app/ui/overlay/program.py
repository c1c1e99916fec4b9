"""Captions as a program of their own: with a session of their own, or those of a running Sotto."""

import logging
import os
import sys
from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QApplication

from sotto.app.core.settings import CaptionSource, Settings, SettingsStore, save
from sotto.app.dictating.engine import Engine
from sotto.app.dictating.messages import Request, Sound
from sotto.app.dictating.phases import Phase, Purpose
from sotto.app.service.dictation import Dictation
from sotto.app.service.qt_messages import logged_qt_messages
from sotto.app.service.quit_signals import on_signals
from sotto.app.ui.overlay.captions import WAITING, Captions
from sotto.app.ui.overlay.follower import Follower, Line
from sotto.app.ui.widgets.application import application
from sotto.app.ui.widgets.theme import style
from sotto.errors import SottoError

_GAVE_UP = 130  # as a shell reports the end by Ctrl+C
_NOTICES = {Phase.PREPARING: "Getting ready…", Phase.LISTENING: "Listening…"}


def listen(store: SettingsStore, engine: Engine) -> int:
    """Show what the engine hears until Ctrl+C; a second one gives up what is not yet text.

    Raises:
        SottoError: sound or model cannot be used, or broke off.
    """
    settings = store.current
    app = _application(settings)
    captions, dictation = Captions(store), Dictation(engine, store)
    faults: list[str] = []
    notices = _NOTICES | {Phase.WAITING: WAITING[settings.overlay_source]}

    def follow(phase: Phase) -> None:
        if phase in notices:
            captions.show_notice(notices[phase])
        elif phase is Phase.IDLE:
            app.quit()

    dictation.fault.connect(faults.append)
    dictation.incident.connect(lambda message: sys.stderr.write(f"sotto: {message}\n"))
    dictation.incident.connect(captions.show_notice)
    dictation.phase_changed.connect(follow)
    dictation.captions_changed.connect(captions.show_transcript)
    with logged_qt_messages(), on_signals(lambda: _stop(dictation, app)):
        is_system = settings.overlay_source is CaptionSource.SYSTEM
        sound = Sound.SYSTEM if is_system else Sound.MICROPHONE
        dictation.listen(Request(Purpose.CAPTIONS, sound, settings.microphone, settings.model))
        app.exec()
    if dictation.phase is not Phase.IDLE:
        # The engine's threads cannot be stopped, and nobody wants their text.
        sys.stdout.flush()
        logging.shutdown()
        os._exit(_GAVE_UP)
    if faults:
        raise SottoError(faults[-1])
    return 0


def follow(settings: Settings, lines: Callable[[], Iterable[Line]]) -> int:
    """Show what a running Sotto hears, until it ends or Ctrl+C.

    Args:
        settings: how the captions look.
        lines: see `Follower`.

    Raises:
        SottoError: none runs, or it broke off.
    """
    app = _application(settings)
    captions, follower = Captions(SettingsStore(settings)), Follower(lines)
    faults: list[str] = []
    follower.transcript_changed.connect(captions.show_transcript)
    follower.waiting.connect(lambda: captions.show_notice(WAITING[CaptionSource.MICROPHONE]))
    follower.ended.connect(faults.append)
    follower.ended.connect(app.quit)
    with logged_qt_messages(), on_signals(app.quit):
        follower.start()
        app.exec()
    if any(faults):
        raise SottoError(faults[-1])
    return 0


def edit(settings: Settings) -> int:
    """Let the user place the captions, and save where they put them.

    Raises:
        OutputError: the settings file cannot be written.
    """
    app = _application(settings)
    captions = Captions(SettingsStore(settings))
    places: list[tuple[int, int, int, str]] = []
    captions.moved.connect(lambda *place: places.append(place))
    captions.editing_ended.connect(app.quit)
    captions.edit()
    with logged_qt_messages(), on_signals(app.quit):
        app.exec()
    if places:
        names = ("overlay_x", "overlay_y", "overlay_width", "overlay_screen")
        save(dict(zip(names, places[-1], strict=True)))
    return 0


def _application(settings: Settings) -> QApplication:
    app = application(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    style.apply(style.wanted_colours(settings.theme, app), app)
    return app


def _stop(dictation: Dictation, app: QApplication) -> None:
    if dictation.phase is Phase.FINISHING:
        app.quit()
    else:
        dictation.stop()
