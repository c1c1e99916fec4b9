"""What `uv tool install` makes of Sotto works outside the checkout."""

import configparser
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

import sotto
from tools.fixtures.x_server import x_server

WINDOW_WITHIN_S = 120
ROOT = Path(__file__).parents[1]
CLIP = ROOT / "tests" / "clips" / "starter" / "000.flac"


def environment(**changes: str) -> dict[str, str]:
    unwanted = {"PYTHONPATH", "VIRTUAL_ENV"}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return kept | changes


def run(command: Sequence[str | Path], folder: Path, **changes: str) -> str:
    """Run a program to its end and return what it wrote."""
    result = subprocess.run(
        command,
        cwd=folder,
        env=environment(**changes),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it, with the locked packages, into an environment of its own."""
    uv = shutil.which("uv") or ROOT / ".uv" / "bin" / "uv"
    folder = tmp_path_factory.mktemp("installed") / "environment"
    # uv keeps the wheel of a folder until its pyproject.toml changes: let it build anew.
    anew = ("--reinstall-package", "sotto")
    run(
        [uv, "sync", "--frozen", "--no-dev", "--no-editable", "--no-python-downloads", *anew],
        ROOT,
        UV_PROJECT_ENVIRONMENT=str(folder),
    )
    return folder


def test_the_command_is_there(installed: Path, tmp_path: Path) -> None:
    assert (
        run([installed / "bin" / "sotto", "--version"], tmp_path) == f"sotto {sotto.__version__}\n"
    )


def test_it_brings_model_and_kernels_along(installed: Path, tmp_path: Path) -> None:
    program = installed / "bin" / "sotto"
    python = installed / "bin" / "python"
    where = run([python, "-c", "import sotto; print(sotto.__file__)"], tmp_path)
    assert Path(where).is_relative_to(installed)
    said = run([program, "transcribe", CLIP, "--output_format", "txt"], tmp_path)
    assert "garden" in said
    assert (tmp_path / "000.txt").read_text()


def test_every_file_of_the_package_is_there(installed: Path) -> None:
    (package,) = installed.glob("lib/python3*/site-packages/sotto")
    shipped = {path.relative_to(package) for path in package.rglob("*") if path.is_file()}
    tracked = run(["git", "ls-files", "sotto"], ROOT).splitlines()
    assert {Path(name).relative_to("sotto") for name in tracked} <= shipped


def test_desktops_find_their_files(installed: Path) -> None:
    share = installed / "share"
    run(["desktop-file-validate", share / "applications" / "sotto.desktop"], installed)
    assert (share / "metainfo" / "sotto.metainfo.xml").is_file()
    assert (share / "icons" / "hicolor" / "scalable" / "apps" / "sotto.svg").is_file()
    assert (share / "icons" / "hicolor" / "symbolic" / "apps" / "sotto-symbolic.svg").is_file()


def test_the_menu_and_the_autostart_know_where_it_is(installed: Path, tmp_path: Path) -> None:
    folders = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    code = (
        "from sotto.app.desktop import autostart, desktop_entry\n"
        "desktop_entry.install()\nautostart.enable()"
    )
    run([installed / "bin" / "python", "-c", code], tmp_path, **folders)
    program = installed / "bin" / "sotto"
    entry = (tmp_path / "data" / "applications" / "sotto.desktop").read_text()
    assert f'Exec="{program}" record toggle\n' in entry
    started = (tmp_path / "config" / "autostart" / "sotto.desktop").read_text()
    assert f'Exec="{program}" "--hidden"\n' in started


def test_the_window_opens_and_closes_in_order(installed: Path, tmp_path: Path) -> None:
    entry = configparser.RawConfigParser()
    entry.read(installed / "share" / "applications" / "sotto.desktop", encoding="utf-8")
    name = entry["Desktop Entry"]["StartupWMClass"]
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    with x_server() as display:
        own = environment(
            DISPLAY=display,
            QT_QPA_PLATFORM="xcb",
            HOME=str(tmp_path),
            PULSE_SERVER=f"unix:{tmp_path}/no-server",
            SOTTO_CONFIG_DIR=str(tmp_path / "settings"),
            XDG_CONFIG_HOME=str(tmp_path / "config"),
            XDG_DATA_HOME=str(tmp_path / "data"),
            XDG_RUNTIME_DIR=str(runtime),
        )
        program = subprocess.Popen(
            [installed / "bin" / "sotto"], cwd=tmp_path, env=own, stderr=subprocess.PIPE, text=True
        )
        with program:
            wait_for_window(program, display, name)
            program.send_signal(signal.SIGTERM)
            _, complaints = program.communicate(timeout=WINDOW_WITHIN_S)
    assert (program.returncode, complaints) == (0, "")


def wait_for_window(program: "subprocess.Popen[str]", display: str, name: str) -> None:
    """Wait for a window of the class that the menu entry names; the window manager lists it."""
    deadline = time.monotonic() + WINDOW_WITHIN_S
    while name not in window_classes(display):
        assert program.poll() is None, program.stderr and program.stderr.read()
        assert time.monotonic() < deadline, "no window"
        time.sleep(0.1)


def window_classes(display: str) -> set[str]:
    listed = subprocess.run(
        ["wmctrl", "-lx"],
        env=environment(DISPLAY=display),
        capture_output=True,
        text=True,
        check=False,
    )
    # 0x00a00003  0 sotto.sotto  host title
    return {line.split()[2].partition(".")[2] for line in listed.stdout.splitlines()}
