import os
from pathlib import Path

from sotto.app.core.projects.names import SOUND
from sotto.app.core.projects.sounds import make_room, use_sound


def sounds(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.glob(f"*/{SOUND}"))


def put(folder: Path, **sizes: int) -> None:
    """Make sounds of so many bytes, the first the oldest."""
    for age, (name, size) in enumerate(sizes.items()):
        (folder / name).mkdir()
        (folder / name / SOUND).write_bytes(bytes(size))
        (folder / name / "text.json").touch()
        os.utime(folder / name / SOUND, (1000 + age, 1000 + age))


def test_the_oldest_make_room_and_texts_stay(tmp_path: Path) -> None:
    put(tmp_path, a=40, b=40, c=40)
    make_room(tmp_path, 80)
    assert sounds(tmp_path) == ["b", "c"]
    assert len(list(tmp_path.glob("*/text.json"))) == 3


def test_what_was_wanted_last_is_the_newest(tmp_path: Path) -> None:
    put(tmp_path, a=40, b=40, c=40)
    use_sound(tmp_path / "a")
    make_room(tmp_path, 80)
    assert sounds(tmp_path) == ["a", "c"]


def test_the_newest_stays_however_long_it_is(tmp_path: Path) -> None:
    put(tmp_path, a=40, b=400)
    make_room(tmp_path, 80)
    assert sounds(tmp_path) == ["b"]


def test_there_may_be_none(tmp_path: Path) -> None:
    use_sound(tmp_path / "a")
    make_room(tmp_path / "nowhere")
    assert sounds(tmp_path) == []
