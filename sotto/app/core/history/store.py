"""The history of dictated texts."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import platformdirs

from sotto.app.core.history import database
from sotto.app.core.history.database import DamagedError, errors_in_words, transaction
from sotto.app.core.history.entry import Dictated, Entry
from sotto.app.core.history.folding import fold
from sotto.app.core.history.sounds import PASSES_AFTER_S, PASSING, SoundFolder
from sotto.app.core.joining import continued
from sotto.audio.input.source import Pcm
from sotto.errors import OutputError

PAGE = 100  # entries that a search returns at once, unless told otherwise
_DAY_S = 86_400.0
_COLUMNS = """id, when_s, text, application, start_s, end_s, dictation, sound,
(SELECT missing_s FROM gaps WHERE gaps.entry = entries.id)"""
_INSERT = f"""
INSERT INTO entries (when_s, text, folded, application, start_s, end_s, dictation, sound)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING {_COLUMNS}
"""  # noqa: S608  # nobody's text is in it
_PASSED = "sound LIKE ? AND when_s < ?"

_FORGET_GAPS = "DELETE FROM gaps WHERE entry NOT IN (SELECT id FROM entries)"

Row = tuple[int, float, str, str, float, float, str, str | None, float | None]


def history_path() -> Path:
    """Return the file in the user's data that holds the history."""
    return platformdirs.user_data_path("sotto") / "history.sqlite3"


class History:
    """Dictated texts in one SQLite file, their sound in a folder beside it.

    Both are for the user alone, and what is deleted is overwritten. Used by one background thread
    at a time; several processes may have the same file open. A damaged file is set aside with its
    sound, and `warning` says so in one line.

    Raises:
        OutputError: the file cannot be opened or written, or is of a newer Sotto. Every method
            may raise it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warning: str | None = None
        self._sounds = SoundFolder(path.with_name(f"{path.stem}-sound"))
        try:
            self._connection = database.connect(path)
        except DamagedError as error:
            self.warning = self._set_aside(error)
            self._connection = database.connect(path)
        with self._changing():
            self._sounds.remove_all_but(self._names_of_sounds())

    def add(self, dictated: Dictated, sound: Pcm | None = None, *, passes: bool = False) -> Entry:
        """Keep a text, and with it its sound (n_samples,), 16 kHz, [-1, 1], if one is given.

        Where it goes on in the sentence of the newest text of its dictation, that loses its full
        stop. Of sound that `passes`, `forget_passed_sounds` deletes the file after a day.
        """
        with self._changing():
            # Within the change: another process that opens the file must not take it for a
            # leftover.
            name = None if sound is None else self._sounds.keep(sound, passes=passes)
            if dictated.joined_by is not None:
                self._go_on(dictated.dictation, dictated.joined_by)
            (row,) = self._connection.execute(_INSERT, _values(dictated, name)).fetchall()
            if dictated.missing_s is not None:
                gap = (row[0], dictated.missing_s)
                self._connection.execute("INSERT INTO gaps VALUES (?, ?)", gap)
        return replace(self._entry(row), missing_s=dictated.missing_s)

    def search(
        self, words: str = "", *, limit: int = PAGE, before: int | None = None
    ) -> tuple[Entry, ...]:
        """Return the texts that contain all `words`, newest first; without words, all texts.

        Capitals and accents make no difference, and a part of a word is enough.

        Args:
            words: What to look for, separated by spaces.
            limit: At most how many texts.
            before: Only texts older than the one of this id: the next page.
        """
        wanted = _storable(fold(words)).split()
        contained = "".join(" AND instr(folded, ?)" for _ in wanted)
        with self._errors_in_words():
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM entries WHERE id < ?{contained} ORDER BY id DESC LIMIT ?",  # noqa: S608  # nobody's text is in it
                (2**63 - 1 if before is None else before, *wanted, limit),
            ).fetchall()
        return tuple(map(self._entry, rows))

    def delete(self, ids: Iterable[int]) -> None:
        """Remove these texts and their sound for good; ids that are gone already are ignored."""
        self._delete("id = ?", [(each,) for each in ids])

    def delete_all(self) -> None:
        """Remove all texts and sounds for good."""
        self._delete("TRUE", [()])

    def forget_older_than(self, days: float) -> int:
        """Remove what is older than `days`, 0 for never, and return how many texts that were."""
        return self._delete("when_s < ?", [(time.time() - days * _DAY_S,)]) if days else 0

    def forget_passed_sounds(self) -> int:
        """Remove sound that was kept for a day, and is older; return how many texts had one."""
        passed = (f"%{PASSING}", time.time() - PASSES_AFTER_S)
        with self._changing():
            gone = self._connection.execute(
                f"SELECT sound FROM entries WHERE {_PASSED}",  # noqa: S608  # nobody's text is in it
                passed,
            ).fetchall()
            self._connection.execute(
                f"UPDATE entries SET sound = NULL WHERE {_PASSED}",  # noqa: S608  # likewise
                passed,
            )
        with self._errors_in_words():
            for name in gone:
                self._sounds.remove(*name)
        return len(gone)

    def change_text(self, number: int, text: str) -> None:
        """Replace the text of an entry, such as by what another model makes of its sound."""
        with self._changing():
            self._change_text(number, text)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _change_text(self, number: int, text: str) -> None:
        changed = (_storable(text), _storable(fold(text)), number)
        self._connection.execute("UPDATE entries SET text = ?, folded = ? WHERE id = ?", changed)

    def _go_on(self, dictation: str, joined_by: str) -> None:
        newest = "SELECT id, text FROM entries WHERE dictation = ? ORDER BY id DESC LIMIT 1"
        for number, text in self._connection.execute(newest, (dictation,)).fetchall():
            self._change_text(number, continued(text, joined_by))

    def _delete(self, condition: str, choices: list[tuple[float, ...]]) -> int:
        statement = f"DELETE FROM entries WHERE {condition} RETURNING sound"  # noqa: S608  # one of three
        with self._changing():
            gone = [
                name
                for choice in choices
                for (name,) in self._connection.execute(statement, choice).fetchall()
            ]
            self._connection.execute(_FORGET_GAPS)
        with self._errors_in_words():
            for name in filter(None, gone):
                self._sounds.remove(name)
        return len(gone)

    def _names_of_sounds(self) -> set[str]:
        rows = self._connection.execute("SELECT sound FROM entries WHERE sound IS NOT NULL")
        return {name for (name,) in rows}

    def _entry(self, row: Row) -> Entry:
        number, when_s, text, application, start_s, end_s, dictation, name, missing_s = row
        when = datetime.fromtimestamp(when_s).astimezone()
        sound = None if name is None else self._sounds.path / name
        return Entry(number, when, text, application, start_s, end_s, dictation, sound, missing_s)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._errors_in_words(), transaction(self._connection):
            yield

    @contextmanager
    def _errors_in_words(self) -> Iterator[None]:
        try:
            with errors_in_words(self.path):
                yield
        except DamagedError as error:
            raise OutputError(
                f"The history {self.path} is damaged ({error}); start Sotto anew: it sets the file "
                "aside and begins another."
            ) from error

    def _set_aside(self, error: DamagedError) -> str:
        """Rename the file, its journal and the sounds to names that are free."""
        journal = self.path.with_name(f"{self.path.name}-journal")
        broken = _free_name(self.path)
        with errors_in_words(self.path):
            for path in (journal, self._sounds.path, self.path):
                if path.exists():
                    path.rename(_free_name(path))
        return f"The history was damaged ({error}) and is now {broken}; a new one has been begun."


def _free_name(path: Path) -> Path:
    names = (f"{path.name}.broken", *(f"{path.name}.broken-{n}" for n in range(2, 1000)))
    return next(free for name in names if not (free := path.with_name(name)).exists())


def _values(dictated: Dictated, sound: str | None) -> tuple[str | float | None, ...]:
    return (
        dictated.when.timestamp(),
        _storable(dictated.text),
        _storable(fold(dictated.text)),
        _storable(dictated.application),
        dictated.start_s,
        dictated.end_s,
        dictated.dictation,
        sound,
    )


def _storable(text: str) -> str:
    """Return text that UTF-8 can hold: half of a surrogate pair becomes a question mark."""
    return text.encode(errors="replace").decode()
