from datetime import datetime, timedelta

import pytest
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication

from sotto.app.ui.history.entries.entry_painting import first_lines
from sotto.app.ui.history.entries.time_words import count_words, duration_words, when_words

NOW = datetime(2026, 11, 21, 9, 5)  # a Saturday


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(minutes=3), "Today, 9:02"),
        (timedelta(hours=10), "Yesterday, 23:05"),
        (timedelta(days=2), "Thursday, 9:05"),
        (timedelta(days=6), "Sunday, 9:05"),
        (timedelta(days=7), "14 November, 9:05"),
        (timedelta(days=365), "21 November 2025, 9:05"),
        (-timedelta(days=1), "22 November, 9:05"),  # the clock was wrong once
    ],
)
def test_when(ago: timedelta, words: str) -> None:
    assert when_words(NOW - ago, NOW) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (4.4, "4 s"), (60, "1 min"), (80, "1 min 20 s"), (119.8, "2 min")],
)
def test_how_long(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


def test_how_many() -> None:
    assert (count_words(1), count_words(1234)) == ("1 text", "1,234 texts")


@pytest.mark.parametrize(
    "text",
    ["", "short", "words " * 200, "unbroken" * 200, "👋 wave 你好 " * 80, "a\n\nb", "\ud83d"[:0]],
)
def test_two_lines_at_most_and_none_too_wide(qapp: QApplication, text: str) -> None:
    font = QFont(qapp.font())
    lines = first_lines(text, font, 200)
    assert len(lines) <= 2
    assert all(QFontMetrics(font).horizontalAdvance(line.rstrip()) <= 200 for line in lines)
    flat = " ".join(text.split())
    shown = "".join(lines)
    assert flat.startswith(shown.removesuffix("…"))
    assert (shown == flat) or shown.endswith("…")
