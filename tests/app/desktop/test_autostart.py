import sys
import sysconfig
from pathlib import Path

import pytest

from sotto.app.desktop import autostart
from sotto.errors import DesktopError, OutputError
from tests.app.desktop.test_desktop_entry import validate


@pytest.fixture(autouse=True)
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "autostart" / "sotto.desktop"


def test_it_is_off_until_it_is_switched_on(entry: Path) -> None:
    assert not autostart.is_enabled()
    autostart.enable()
    assert autostart.is_enabled()
    validate(entry)
    script = Path(sysconfig.get_path("scripts")) / "sotto"
    assert f'Exec="{script}" "--hidden"\n' in entry.read_text(encoding="utf-8")
    autostart.disable()
    assert not autostart.is_enabled()
    autostart.disable()


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_a_desktops_own_tool_may_switch_it_off(entry: Path, line: str) -> None:
    autostart.enable()
    entry.write_text(f"{entry.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
    assert not autostart.is_enabled()
    autostart.enable()
    assert autostart.is_enabled()


@pytest.mark.parametrize("content", [b"", b"\xff", b"no section", b"[Desktop Entry]\nName=x\n"])
def test_a_senseless_file_starts_nothing(entry: Path, content: bytes) -> None:
    entry.parent.mkdir()
    entry.write_bytes(content)
    assert not autostart.is_enabled()


def test_what_cannot_be_written_is_said_in_one_line(entry: Path) -> None:
    entry.parent.touch()
    with pytest.raises(OutputError, match="could not be written"):
        autostart.enable()


def test_other_systems_are_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not autostart.is_available()
    with pytest.raises(DesktopError, match="add `sotto --hidden`"):
        autostart.enable()
