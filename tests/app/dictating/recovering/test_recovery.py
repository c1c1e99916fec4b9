"""Recovery never breaks what comes after it, and never gives a text up without saying so."""

from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from sotto.app.core.events import Recovered
from sotto.app.core.journal.left import MOST_TRIES, LeftJournal, left_journals
from sotto.app.core.journal.pages import Pages
from sotto.app.core.journal.places import journals
from sotto.app.core.journal.record import Passage, Record, from_json
from sotto.app.core.settings import Settings
from sotto.app.dictating.recognising import Recognisers
from sotto.app.dictating.recovering.recovery import Recovery
from sotto.errors import ModelError

PASSAGE = Passage(0, 0.0, 1.0, " One.", "en")
SETTINGS = Settings(model="starter-en")


def left(folder: Path, record: Record) -> None:
    pages = Pages.new(folder)
    pages.append(0, np.zeros(32_000, np.int16))
    pages.write(record)
    pages.give_up()


def tries(folder: Path) -> int:
    (journal,) = journals(folder)
    return from_json((journal / "record.json").read_bytes()).tries


class Raising(Recognisers):
    """Gives no recogniser."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def take(self, *_: object) -> NoReturn:
        raise self._error


def test_a_model_that_cannot_be_used_costs_a_line_and_no_try(tmp_path: Path) -> None:
    left(tmp_path, Record("listen", until=16_000, passages=(PASSAGE,)))
    given: list[Recovered] = []
    recovery = Recovery(SETTINGS, Raising(ModelError("there is none")), given.append)
    for _ in range(MOST_TRIES + 2):
        (line,) = recovery.run(tmp_path, "listen")
        assert line == (
            "what was said before Sotto was cut off is not recovered yet: there is none"
        )
    assert [text.text for text in given] == [" One."]  # once
    assert tries(tmp_path) == 0


def test_sound_that_breaks_recognition_is_left_alone_at_last(tmp_path: Path) -> None:
    left(tmp_path, Record("listen", committed=" Certain"))
    given: list[Recovered] = []
    recovery = Recovery(SETTINGS, Raising(ZeroDivisionError()), given.append)
    for number in range(1, MOST_TRIES + 1):
        (line,) = recovery.run(tmp_path, "listen")
        assert "ZeroDivisionError" in line
        assert tries(tmp_path) == number
    (line,) = recovery.run(tmp_path, "listen")
    assert str(tmp_path) in line
    assert list(recovery.run(tmp_path, "listen")) == []
    assert [text.text for text in given] == ["Certain"]
    (journal,) = left_journals(tmp_path, "listen")
    assert len(journal.sound()) == 32_000


@pytest.mark.parametrize("is_kept", [True, False])
def test_who_keeps_such_sound_has_it_instead(tmp_path: Path, is_kept: bool) -> None:
    left(tmp_path, Record("listen", committed=" Certain", tries=MOST_TRIES))
    given: list[Recovered] = []
    kept: list[tuple[int, str]] = []

    def keep_sound(journal: LeftJournal, known: str) -> bool:
        kept.append((len(journal.sound()), known))
        return is_kept

    recovery = Recovery(SETTINGS, Raising(ZeroDivisionError()), given.append, keep_sound)
    lines = list(recovery.run(tmp_path, "listen"))
    assert kept == [(32_000, "Certain")]
    assert (len(lines), len(given), len(journals(tmp_path))) == (
        (0, 0, 0) if is_kept else (1, 1, 1)
    )


def test_one_journal_that_fails_does_not_keep_the_others_back(tmp_path: Path) -> None:
    left(tmp_path, Record("listen"))
    left(tmp_path, Record("listen", until=32_000, passages=(PASSAGE,)))
    given: list[Recovered] = []
    recovery = Recovery(SETTINGS, Raising(ModelError("there is none")), given.append)
    assert len(list(recovery.run(tmp_path, "listen"))) == 1
    assert [text.text for text in given] == [" One."]
