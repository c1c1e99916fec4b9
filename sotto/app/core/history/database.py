"""The SQLite file of the history: made for the user alone, checked, and set aside when broken.

SQLite gives its journal the permissions of the file beside it. The journal is the classic one,
which is gone after each change: a write-ahead log would keep deleted texts until it is next
rewritten.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sotto.errors import OutputError
from sotto.private_folder import make_private_folder, open_private

VERSION = 1  # of the table; PRAGMA user_version
_WAITS_S = 10.0  # for another process that is writing

# AUTOINCREMENT: an id that was deleted never comes back, so nobody deletes another text by it.
# STRICT and CHECK: quick_check then finds values that damage has made senseless.
_TABLE = """\
CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    when_s REAL NOT NULL CHECK (when_s BETWEEN 0 AND 250000000000),
    text TEXT NOT NULL,
    folded TEXT NOT NULL,
    application TEXT NOT NULL,
    start_s REAL NOT NULL,
    end_s REAL NOT NULL,
    dictation TEXT NOT NULL,
    sound TEXT
) STRICT"""
# Beside the texts, which are searched and inserted. Where a text is gone, its gap goes, too.
_GAPS = """\
CREATE TABLE IF NOT EXISTS gaps (
    entry INTEGER PRIMARY KEY,
    missing_s REAL NOT NULL
) STRICT"""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class DamagedError(Exception):
    """What the file holds is not a sound SQLite database."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, made where there is none, with its table.

    Raises:
        DamagedError: set the file aside and try again.
        OutputError: it cannot be opened, or a newer Sotto wrote it.
    """
    with errors_in_words(path):
        _make_private(path)
        # Used by one thread at a time, but not by the same one for ever.
        connection = sqlite3.connect(
            path, timeout=_WAITS_S, isolation_level=None, check_same_thread=False
        )
        try:
            connection.text_factory = lambda data: data.decode(errors="replace")
            connection.execute("PRAGMA secure_delete = ON")  # deleted texts become zeros
            _bring_up_to_date(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextlib.contextmanager
def errors_in_words(path: Path) -> Iterator[None]:
    """Raise what SQLite and the system say as DamagedError or OutputError."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        # The low byte is the error, the rest says more about it.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
            raise DamagedError(str(error)) from error
        raise _output_error(path, str(error)) from error
    except UnicodeDecodeError as error:  # SQLite quotes garbled names in its messages
        raise DamagedError("garbled text") from error
    except OSError as error:
        raise _output_error(path, error.strerror or str(error)) from error


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Do all or nothing, while no other process writes."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # some errors end it by themselves
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _make_private(path: Path) -> None:
    make_private_folder(path.parent)
    os.close(open_private(path, 0))  # private, too, if it has come from a backup


def _bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise DamagedError(found)
    with transaction(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise OutputError(
                f"{path} was written by a newer Sotto; update Sotto, or move the file away."
            )
        if version == 0:
            connection.execute(_TABLE)
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute(_GAPS)
    # SQLite keeps the statement that made a table, and reads the columns from it.
    made_by = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'entries'").fetchone()
    if made_by != (_TABLE,):
        raise DamagedError("its table is not the history's")


def _output_error(path: Path, why: str) -> OutputError:
    remedy = f"make room in {path.parent}, and make it writable"
    return OutputError(f"The history {path} cannot be used ({why.lower()}); {remedy}.")
