"""The captions in this process: what is shown when, and where."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QImage, QPainter, QPainterPath, QScreen
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import CaptionPreset, Settings, SettingsStore
from sotto.app.core.transcript import Paragraph, Transcript
from sotto.app.ui.overlay import Captions
from sotto.app.ui.overlay.surface import Paint, Surface

MakeCaptions = Callable[..., Captions]


class Canvas(Surface):
    """A surface that keeps what it was last told."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place: QRect | None = None
        self.shape = QPainterPath()
        self._paint: Paint = lambda _painter: None

    def present(self, _screen: QScreen, place: QRect, shape: QPainterPath, paint: Paint) -> None:
        self.place, self.shape, self._paint = place, shape, paint

    def vanish(self) -> None:
        self.hide()
        self.gone.emit()

    def hide(self) -> None:
        self.place = None

    def is_shown(self) -> bool:
        return self.place is not None

    def picture(self) -> QImage:
        assert self.place is not None
        image = QImage(self.place.size(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        self._paint(painter)
        painter.end()
        return image


@pytest.fixture
def canvas(qapp: QApplication) -> Canvas:
    return Canvas()


@pytest.fixture
def captions_with(canvas: Canvas) -> Iterator[MakeCaptions]:
    made: list[Captions] = []

    def make(**settings: object) -> Captions:
        store = SettingsStore(Settings(overlay_fade_s=0))
        store.change(**settings)
        made.append(Captions(store, canvas))
        return made[-1]

    yield make
    for captions in made:
        captions.end_editing()
        captions.deleteLater()


def spoken(*texts: str, committed: str = "", tentative: str = "") -> Transcript:
    paragraphs = tuple(Paragraph(0.0, 1.0, text) for text in texts)
    return Transcript(paragraphs, committed, tentative)


def texts(captions: Captions) -> list[str]:
    return [line.text for line in captions.lines]


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
        if image.pixelColor(x, y).alpha() == 255
    }


def test_there_is_nothing_until_somebody_speaks(
    captions_with: MakeCaptions, canvas: Canvas
) -> None:
    captions = captions_with()
    captions.show_transcript(Transcript())
    assert not canvas.is_shown()
    captions.show_transcript(spoken(tentative="Hello"))
    assert canvas.place is not None
    assert texts(captions) == ["Hello"]


def test_they_go_when_it_is_silent_and_begin_again_with_the_next_words(
    captions_with: MakeCaptions, canvas: Canvas, qtbot: QtBot
) -> None:
    captions = captions_with(overlay_fade_s=1)
    transcript = spoken("Good morning.")
    captions.show_transcript(transcript)
    assert canvas.place is not None
    qtbot.waitUntil(lambda: not canvas.is_shown(), timeout=30_000)
    captions.show_transcript(replace(transcript, committed="Next", tentative=" words"))
    assert canvas.place is not None
    assert texts(captions) == ["Next words"]


def test_what_was_said_before_can_be_skipped(captions_with: MakeCaptions, canvas: Canvas) -> None:
    captions = captions_with()
    old = spoken("Yesterday.", "And before.")
    captions.skip(old)
    captions.show_transcript(old)
    assert not canvas.is_shown()
    captions.show_transcript(replace(old, tentative="Today"))
    assert texts(captions) == ["Today"]


@pytest.mark.parametrize("n_lines", [1, 2, 3, 4])
def test_as_many_lines_as_are_set_the_newest_at_the_bottom(
    n_lines: int, captions_with: MakeCaptions, canvas: Canvas
) -> None:
    captions = captions_with(overlay_lines=n_lines)
    transcript = spoken("One.")
    captions.show_transcript(transcript)
    low = canvas.shape.boundingRect()
    captions.show_transcript(replace(transcript, committed="word " * 80))
    high = canvas.shape.boundingRect()
    assert len(captions.lines) == n_lines
    assert canvas.place is not None
    assert low.bottom() == pytest.approx(canvas.place.height(), abs=1)
    assert high.bottom() == pytest.approx(canvas.place.height(), abs=1)
    assert low.height() + (n_lines - 1) * 40 <= high.height() <= canvas.place.height() + 1


def test_certain_and_tentative_words_are_painted_apart(
    captions_with: MakeCaptions, canvas: Canvas
) -> None:
    captions = captions_with(
        overlay_preset=CaptionPreset.CUSTOM,
        overlay_text="#ff0000",
        overlay_tentative="#00ff00",
        overlay_background="#0000ff",
        overlay_opacity=0,
        overlay_font_size=60,
    )
    captions.show_transcript(spoken(committed="Certain"))
    assert {"#ff0000", "#0000ff"} <= colours(canvas.picture())  # letters and their outline
    assert "#00ff00" not in colours(canvas.picture())
    captions.show_transcript(spoken(committed="Certain", tentative=" not"))
    assert {"#ff0000", "#00ff00", "#0000ff"} <= colours(canvas.picture())


def test_a_word_does_not_move_when_it_becomes_certain(
    captions_with: MakeCaptions, canvas: Canvas
) -> None:
    same = {"overlay_text": "#ffffff", "overlay_tentative": "#ffffff"}
    captions = captions_with(overlay_preset=CaptionPreset.CUSTOM, overlay_opacity=100, **same)
    captions.show_transcript(spoken(committed="It", tentative=" is warm"))
    before = canvas.picture()
    captions.show_transcript(spoken(committed="It is warm"))
    after = canvas.picture()
    # All but the dotted line, which only tentative words have.
    height = before.height() * 3 // 4
    different = [
        (x, y)
        for x in range(before.width())
        for y in range(height)
        if before.pixel(x, y) != after.pixel(x, y)
    ]
    assert not different


def test_settings_change_at_once(captions_with: MakeCaptions, canvas: Canvas) -> None:
    captions = captions_with(overlay_lines=2)
    captions.show_transcript(spoken("One two three four five six seven eight nine ten. " * 3))
    assert canvas.place is not None
    before = canvas.place
    captions._settings.change(overlay_lines=4, overlay_y=300, overlay_width=300)
    assert len(captions.lines) == 4
    assert canvas.place.width() < before.width()
    assert canvas.place.bottom() < before.top()


def test_a_screen_that_is_not_there_is_the_main_one(
    captions_with: MakeCaptions, canvas: Canvas
) -> None:
    captions = captions_with(overlay_screen="HDMI-unplugged")
    captions.show_notice("Listening…")
    assert canvas.place is not None
    assert QApplication.primaryScreen().geometry().contains(canvas.place)


def test_while_they_are_placed_the_sample_stands_there_instead(
    captions_with: MakeCaptions, canvas: Canvas, qtbot: QtBot
) -> None:
    captions = captions_with()
    transcript = spoken("Hello.")
    captions.show_transcript(transcript)
    with qtbot.waitSignal(captions.editing_ended):
        captions.edit()
        assert not canvas.is_shown()
        assert captions.is_edited
        captions.show_transcript(replace(transcript, committed="Still there?"))
        assert not canvas.is_shown()
        captions.end_editing()
    assert canvas.place is not None


def test_nothing_runs_while_nothing_is_shown(captions_with: MakeCaptions, canvas: Canvas) -> None:
    captions = captions_with(overlay_fade_s=5)
    captions.show_notice("Listening…")
    assert captions._silence.isActive()
    captions.clear()
    assert not captions._silence.isActive()
    assert captions.lines == ()
