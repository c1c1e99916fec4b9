import json
import os
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sotto.app.desktop import desktop_entry
from sotto.app.desktop.desktop_entry import exec_value, menu_entry
from sotto.errors import OutputError
from tests.helpers.examples import examples

# What a path may hold; the specification has no way to write control characters.
PATHS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/"), min_size=1, max_size=20
)
AWKWARD = "a \"quoted\" $HOME `id` \\n 100% 'path' ü;&|"


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def validate(path: Path) -> None:
    found = subprocess.run(
        ["desktop-file-validate", str(path)], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout) == (0, "")


def test_the_menu_gets_an_entry_and_icons(tmp_path: Path) -> None:
    assert not desktop_entry.is_installed()
    entry = desktop_entry.install()
    assert entry == tmp_path / "data" / "applications" / "sotto.desktop"
    assert desktop_entry.is_installed()
    validate(entry)
    icons = tmp_path / "data" / "icons" / "hicolor"
    assert (icons / "scalable" / "apps" / "sotto.svg").read_bytes().startswith(b"<svg")
    assert (icons / "symbolic" / "apps" / "sotto-symbolic.svg").read_bytes().startswith(b"<svg")


def test_every_entry_starts_this_very_program() -> None:
    script = Path(sysconfig.get_path("scripts")) / "sotto"
    entry = desktop_entry.install().read_text(encoding="utf-8")
    commands = [line for line in entry.splitlines() if line.startswith("Exec=")]
    assert commands == [
        f'Exec="{script}" %F',
        f'Exec="{script}" record toggle',
        f'Exec="{script}" overlay',
    ]


def test_an_entry_of_another_program_is_not_this_ones() -> None:
    entry = desktop_entry.install()
    entry.write_text(menu_entry(["/elsewhere/sotto"]), encoding="utf-8")
    assert not desktop_entry.is_installed()


def test_removing_leaves_nothing(tmp_path: Path) -> None:
    desktop_entry.install()
    desktop_entry.remove()
    desktop_entry.remove()
    assert not [path for path in (tmp_path / "data").rglob("*") if path.is_file()]


def test_what_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(OutputError, match="could not be written"):
        desktop_entry.install()


def test_without_a_script_the_module_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sysconfig.get_path", lambda _: "/nowhere")
    assert desktop_entry.program() == (sys.executable, "-m", "sotto")


@settings(deadline=None)
@given(PATHS)
def test_a_quoted_command_is_read_back(name: str) -> None:
    """As the specification says: unescape the string, split it as a shell does, undouble "%"."""
    unescaped = exec_value([name, "--hidden"]).replace("\\\\", "\\")
    split = subprocess.run(
        ["sh", "-c", f"printf '%s/' {unescaped}"], capture_output=True, check=True
    )
    assert split.stdout.decode().replace("%%", "%") == f"{name}/--hidden/"


@settings(max_examples=examples(10), deadline=None)
@example(AWKWARD)
@given(PATHS)
def test_a_desktop_starts_it_with_the_arguments_given(argument: str) -> None:
    """GLib, which GNOME, Xfce and others start programs with."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        script = folder / "say"
        script.write_text(
            f"#!{sys.executable}\nimport json, os, sys\n"
            f"part = {str(folder / 'part')!r}\n"
            "open(part, 'w').write(json.dumps(sys.argv[1:]))\n"
            f"os.rename(part, {str(folder / 'said')!r})\n"
        )
        script.chmod(0o755)
        entry = folder / "say.desktop"
        entry.write_text(menu_entry([str(script), argument]), encoding="utf-8")
        validate(entry)
        # gio starts it in the background and does not wait.
        environment = os.environ | {"XDG_DATA_HOME": name}
        subprocess.run(["gio", "launch", entry], check=True, timeout=60, env=environment)
        deadline = time.monotonic() + 60
        while not (folder / "said").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert json.loads((folder / "said").read_text()) == [argument]
