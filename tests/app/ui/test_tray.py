"""The tray on a real X server with a real panel, clicked by a real pointer."""

import subprocess
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import CaptionSource
from sotto.app.dictating.phases import Phase
from sotto.app.ui.tray import Tray
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import AA_CONTROL, contrast
from tests.app.ui.conftest import child
from tests.helpers.scripted_engine import BASE, MICROPHONES, STARTER

Panel = subprocess.Popen[bytes]
PATIENCE_MS = 60_000
LEFT, MIDDLE, RIGHT = "1", "2", "3"
STATES = ("tray_idle", "tray_listening", "tray_busy", "tray_error")


@pytest.fixture
def panel(qapp: QApplication, qtbot: QtBot) -> Iterator[Panel]:
    """A panel with a tray at the top left; gone afterwards."""
    options = "--edge top --align left --widthtype request --height 32 --SetPartialStrut false"
    with subprocess.Popen(["trayer", *options.split()], stderr=subprocess.DEVNULL) as process:
        try:
            qtbot.waitUntil(QSystemTrayIcon.isSystemTrayAvailable, timeout=PATIENCE_MS)
            yield process
        finally:
            process.terminate()
    qtbot.waitUntil(lambda: not QSystemTrayIcon.isSystemTrayAvailable(), timeout=PATIENCE_MS)


@pytest.fixture
def tray(qapp: QApplication) -> Iterator[Tray]:
    tray = Tray()
    tray.set_microphones(MICROPHONES, "usb")
    tray.set_models((STARTER, BASE), "base.en")
    tray.set_captions(is_shown=True, source=CaptionSource.MICROPHONE)
    yield tray
    tray.hide()
    tray.menu.close()
    tray.deleteLater()


def place(qtbot: QtBot, tray: Tray) -> QPoint:
    """Return the middle of the icon on the screen, once it is there."""
    shown = child(tray, QSystemTrayIcon)

    def is_there() -> bool:
        return shown.geometry().width() > 8 and picture(shown.geometry()) is not None

    qtbot.waitUntil(is_there, timeout=PATIENCE_MS)
    return shown.geometry().center()


def picture(area: QRect) -> QImage | None:
    """Return what the screen shows there; None where that is one flat colour."""
    screen = QApplication.primaryScreen()
    image = screen.grabWindow(0, area.x(), area.y(), area.width(), area.height()).toImage()
    colours = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
    return image if len(colours) > 2 else None


def click(at: QPoint, button: str) -> None:
    position = ["mousemove", str(at.x()), str(at.y())]
    subprocess.run(["xdotool", *position, "click", button], check=True)


def action(menu: QMenu, words: str) -> QAction:
    (found,) = (
        each
        for each in menu.actions()
        if each.text().replace("&", "").startswith(words) and each.isVisible()
    )
    return found


def submenu(tray: Tray, words: str) -> QMenu:
    menu = action(tray.menu, words).menu()
    assert isinstance(menu, QMenu)
    return menu


def marked(menu: QMenu) -> list[str]:
    return [each.text().replace("&", "") for each in menu.actions() if each.isChecked()]


def test_clicks_on_the_icon_do_what_they_should(qtbot: QtBot, panel: Panel, tray: Tray) -> None:
    asked: list[str] = []
    tray.window_requested.connect(lambda: asked.append("window"))
    tray.toggle_requested.connect(lambda: asked.append("toggle"))
    tray.show()
    at = place(qtbot, tray)
    click(at, LEFT)
    qtbot.waitUntil(lambda: asked == ["window"], timeout=PATIENCE_MS)
    click(at, MIDDLE)
    qtbot.waitUntil(lambda: asked == ["window", "toggle"], timeout=PATIENCE_MS)
    click(at, RIGHT)
    qtbot.waitUntil(tray.menu.isVisible, timeout=PATIENCE_MS)
    assert asked == ["window", "toggle"]


def test_the_menu_starts_what_is_clicked_in_it(qtbot: QtBot, panel: Panel, tray: Tray) -> None:
    asked: list[str] = []
    tray.settings_requested.connect(lambda: asked.append("settings"))
    tray.show()
    click(place(qtbot, tray), RIGHT)
    qtbot.waitUntil(tray.menu.isVisible, timeout=PATIENCE_MS)
    line = tray.menu.actionGeometry(action(tray.menu, "Settings")).center()
    click(tray.menu.mapToGlobal(line), LEFT)
    qtbot.waitUntil(lambda: asked == ["settings"], timeout=PATIENCE_MS)


def test_a_panel_that_comes_later_gets_the_icon(
    qtbot: QtBot, tray: Tray, request: pytest.FixtureRequest
) -> None:
    told: list[bool] = []
    tray.availability_changed.connect(told.append)
    tray.show()
    assert not tray.is_available
    request.getfixturevalue("panel")
    tray.look()
    assert told == [True]
    place(qtbot, tray)


def test_without_a_panel_nothing_breaks(tray: Tray) -> None:
    tray.show()
    for phase in Phase:
        tray.set_phase(phase)
    tray.set_fault("The microphone was unplugged.")
    tray.look()
    assert not tray.is_available


def test_a_panel_that_ends_is_told_of(qtbot: QtBot, tray: Tray, panel: Panel) -> None:
    tray.look()
    assert tray.is_available
    told: list[bool] = []
    tray.availability_changed.connect(told.append)
    tray.show()
    place(qtbot, tray)
    panel.terminate()
    qtbot.waitUntil(lambda: not QSystemTrayIcon.isSystemTrayAvailable(), timeout=PATIENCE_MS)
    tray.look()
    assert told == [False]


def test_every_phase_has_its_picture_and_words(tray: Tray) -> None:
    shown = child(tray, QSystemTrayIcon)
    seen = {}
    for phase in (Phase.IDLE, Phase.PREPARING, Phase.LISTENING):
        tray.set_phase(phase)
        seen[shown.toolTip()] = pixels(shown)
    tray.set_phase(Phase.IDLE)
    tray.set_fault("The microphone was unplugged.")
    seen[shown.toolTip()] = pixels(shown)
    assert len(set(seen.values())) == len(seen) == 4
    assert "Sotto: The microphone was unplugged." in seen
    tray.set_phase(Phase.LISTENING)
    assert shown.toolTip() == "Sotto is listening"


def pixels(shown: QSystemTrayIcon) -> bytes:
    return bytes(shown.icon().pixmap(24, 24).toImage().constBits())


def test_the_first_line_says_what_a_click_does(tray: Tray) -> None:
    toggle = tray.menu.actions()[0]
    assert toggle.text() == "Start &dictation"
    tray.set_phase(Phase.LISTENING)
    assert toggle.text() == "Stop &dictation"
    tray.set_phase(Phase.FINISHING)
    assert not toggle.isEnabled()
    tray.set_window_shown(is_shown=True)
    assert action(tray.menu, "Hide window")


def test_lists_mark_what_is_chosen_and_tell_what_is_picked(tray: Tray) -> None:
    picked: list[object] = []
    tray.microphone_picked.connect(picked.append)
    tray.model_picked.connect(picked.append)
    microphones, models = submenu(tray, "Microphone"), submenu(tray, "Model")
    assert marked(microphones) == ["USB microphone"]
    assert marked(models) == ["base.en"]
    action(microphones, "Default").trigger()
    action(models, "basic").trigger()
    assert picked == ["", "basic"]
    assert marked(microphones) == ["Default microphone"]
    tray.set_microphones(MICROPHONES, "usb")
    assert marked(microphones) == ["USB microphone"]
    tray.set_chosen("", "base.en")
    assert marked(microphones) == ["Default microphone"]
    assert marked(models) == ["base.en"]
    assert picked == ["", "basic"]  # showing is not picking


def test_what_is_in_use_cannot_be_changed(tray: Tray) -> None:
    tray.set_phase(Phase.LISTENING)
    assert not submenu(tray, "Microphone").isEnabled()
    tray.set_phase(Phase.IDLE)
    assert submenu(tray, "Microphone").isEnabled()


def test_captions_are_switched_and_chosen(tray: Tray) -> None:
    told: list[object] = []
    tray.captions_toggled.connect(told.append)
    tray.caption_source_picked.connect(told.append)
    tray.move_captions_requested.connect(lambda: told.append("move"))
    captions = submenu(tray, "Captions")
    assert marked(captions) == ["Show captions", "Of the microphone"]
    for words in ("Show", "Of what the computer plays", "Move"):
        action(captions, words).trigger()
    assert told == [False, CaptionSource.SYSTEM, "move"]
    assert marked(captions) == ["Of what the computer plays"]


@pytest.mark.parametrize(
    ("words", "signal"),
    [
        ("History", lambda tray: tray.history_requested),
        ("Settings", lambda tray: tray.settings_requested),
        ("Show window", lambda tray: tray.window_requested),
        ("Quit", lambda tray: tray.quit_requested),
    ],
)
def test_every_line_tells(tray: Tray, words: str, signal: Callable[[Tray], object]) -> None:
    told: list[None] = []
    signal(tray).connect(lambda: told.append(None))  # type: ignore[attr-defined]  # a bound signal
    action(tray.menu, words).trigger()
    assert told == [None]


def test_letters_are_one_line_s_each(tray: Tray) -> None:
    for menu in (tray.menu, submenu(tray, "Captions")):
        texts = [each.text() for each in menu.actions() if each.text()]
        letters = [text[text.index("&") + 1].lower() for text in texts]
        assert len(set(letters)) == len(letters), texts


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("panel_colour", ["#ffffff", "#000000"])
def test_icons_stand_out_on_light_and_dark_panels(
    qapp: QApplication, name: str, panel_colour: str
) -> None:
    image = icons.coloured_icon(name).pixmap(64, 64).toImage()
    badge: QColor = image.pixelColor(image.width() // 2, 5)
    assert contrast(badge.name(), panel_colour) >= AA_CONTROL
    assert contrast(badge.name(), "#ffffff") >= AA_CONTROL  # the drawing on it is white
