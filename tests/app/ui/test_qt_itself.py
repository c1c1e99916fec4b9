import sys

from PySide6.QtCore import QRectF


def test_calls_without_a_result_keep_count_of_none() -> None:
    """PySide6 6.12.0 on Python 3.11 loses one reference to None a call, until the process dies."""
    rectangle, before = QRectF(), sys.getrefcount(None)
    for _ in range(500):
        rectangle.translate(0, 0)
    assert sys.getrefcount(None) > before - 100
