import stat
from pathlib import Path

from sotto.app.core import archive
from sotto.app.core.archive import TranscriptArchive


def test_a_text_is_kept_in_one_file_for_the_user_alone(tmp_path: Path) -> None:
    kept = TranscriptArchive(tmp_path)
    path = kept.keep("One.\n")
    assert kept.keep("One.\nTwo.\n") == path
    assert path.read_text(encoding="utf-8") == "One.\nTwo.\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept.kept() == ()


def test_the_next_start_finds_it_and_goes_on(tmp_path: Path) -> None:
    path = TranscriptArchive(tmp_path).keep("One.\nTwo.\n")
    later = TranscriptArchive(tmp_path)
    (text,) = later.kept()
    assert (text.path, text.opening) == (path, "One.")
    assert later.resume(path) == "One.\nTwo.\n"
    assert later.keep("Three.\n") == path


def test_two_windows_never_share_a_file(tmp_path: Path) -> None:
    assert TranscriptArchive(tmp_path).keep("a\n") != TranscriptArchive(tmp_path).keep("b\n")


def test_a_new_text_gets_a_new_file(tmp_path: Path) -> None:
    kept = TranscriptArchive(tmp_path)
    first = kept.keep("One.\n")
    kept.begin()
    assert kept.keep("Two.\n") != first
    assert [text.opening for text in kept.kept()] == ["One."]


def test_foreign_and_empty_files_are_not_offered(tmp_path: Path) -> None:
    for name in ("notes.txt", "9999-99-99 99.99.99.txt", "2026-01-01 10.00.00.txt"):
        (tmp_path / name).touch()
    (tmp_path / "9999-99-99 99.99.99.txt").write_text("x", encoding="utf-8")
    assert TranscriptArchive(tmp_path).kept() == ()


def test_the_oldest_texts_go_when_there_are_too_many(tmp_path: Path) -> None:
    for minute in range(archive.KEPT + 5):
        name = f"2001-01-01 {minute // 60:02}.{minute % 60:02}.00.txt"
        (tmp_path / name).write_text("x", encoding="utf-8")
    TranscriptArchive(tmp_path).keep("new\n")
    assert len(list(tmp_path.iterdir())) == archive.KEPT
    assert not (tmp_path / "2001-01-01 00.05.00.txt").exists()


def test_a_folder_that_does_not_exist_holds_nothing(tmp_path: Path) -> None:
    assert TranscriptArchive(tmp_path / "none").kept() == ()
