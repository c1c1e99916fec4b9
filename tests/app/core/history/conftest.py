from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sotto.app.core.history import History

Open = Callable[[], History]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "sotto" / "history.sqlite3"


@pytest.fixture
def open_history(path: Path) -> Iterator[Open]:
    opened = []

    def open_one() -> History:
        opened.append(History(path))
        return opened[-1]

    yield open_one
    for history in opened:
        history.close()


@pytest.fixture
def history(open_history: Open) -> History:
    return open_history()
