import pytest

from sotto.app.cli.views.plain_lines import PlainLines
from sotto.app.core.events import Final, Gap, Waiting


def test_finals_and_gaps_are_lines_and_the_rest_goes_to_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    view = PlainLines()
    view.show(Final(2, 2, 0, 2, " Before."))
    view.show(Waiting(3, 2, "Headset"))
    view.show(Gap(9, 2, 7.04, "Headset was away"))
    view.show(Final(9, 4, 2, 4, " After."))
    written = capsys.readouterr()
    assert written.out == "Before.\n[5.0 s of sound missing]\nAfter.\n"
    assert written.err == "Waiting for the microphone…\n"
