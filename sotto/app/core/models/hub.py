"""Fetching models from the Hugging Face hub into the user's own hub cache.

The cache is the one that every program using huggingface_hub shares, so nothing is fetched twice.
Its library neither resumes a download that was cut off nor checks a file against its checksum;
both are done here, and the library then takes the file over.
"""

import errno
import functools
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from itertools import accumulate
from pathlib import Path

# Both are read when huggingface_hub is imported.
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"

import httpx2
from filelock import FileLock, Timeout
from huggingface_hub import (
    HfApi,
    constants,
    get_hf_file_metadata,
    get_session,
    get_token,
    hf_hub_download,
    hf_hub_url,
    is_offline_mode,
    scan_cache_dir,
    try_to_load_from_cache,
)
from huggingface_hub.errors import (
    CacheNotFound,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    RepositoryNotFoundError,
)
from huggingface_hub.file_download import repo_folder_name

from sotto.errors import DownloadError

CONFIGURATION = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "vocab.json",
    "merges.txt",
    "added_tokens.json",
)
WEIGHTS = "model.safetensors"
WEIGHTS_INDEX = "model.safetensors.index.json"

_TIMEOUT_S = 30.0  # without a byte; then the connection counts as broken
_BLOCK = 1 << 20  # bytes between two reports, and between two looks at a cancellation
_ATTEMPTS = 5  # connections in a row that bring nothing before the download is given up


# Called with the file that is coming, and with bytes done and to be done over all files.
Report = Callable[[str, int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class _RemoteFile:
    """A file of a model as the hub describes it; `etag` is a checksum of its content."""

    name: str
    url: str
    etag: str
    size: int


def cached_folder(repo: str) -> Path | None:
    """Return the folder of a model that is in the cache as a whole, else None."""
    try:
        config = try_to_load_from_cache(repo, CONFIGURATION[0])
    except HFValidationError:
        return None
    if not isinstance(config, str):
        return None
    folder = Path(config).parent
    has_weights = (folder / WEIGHTS).exists() or (folder / WEIGHTS_INDEX).exists()
    return folder if has_weights else None


def cached_repos() -> tuple[str, ...]:
    """Return the ids of all models in the cache, of whatever kind."""
    try:
        repos = scan_cache_dir().repos
    except CacheNotFound:
        return ()
    return tuple(sorted(repo.repo_id for repo in repos if repo.repo_type == "model"))


def delete(repo: str) -> int:
    """Remove a model from the cache, begun downloads included; return the bytes freed."""
    folder = _repo_folder(repo)
    freed = sum(
        path.lstat().st_size
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )
    shutil.rmtree(folder, ignore_errors=True)
    return freed


def download(repo: str, report: Report, cancelled: Cancelled) -> Path:
    """Fetch what Sotto needs of a model and return its folder in the cache.

    What is there already is not fetched again. A download that was cut off goes on where it
    stopped. Every file is checked against the hub's checksum.

    Raises:
        DownloadError: offline, no such model, cancelled, disk full, wrong checksum, …
    """
    if is_offline_mode():
        raise DownloadError(
            "HF_HUB_OFFLINE is set, so nothing is downloaded; unset it, or copy the model's "
            "folder to this machine and give its path"
        )
    with _in_one_line(repo):
        files = [_describe(repo, name) for name in _wanted(repo)]
        _check_space(repo, files)
        ends = list(accumulate(file.size for file in files))
        for file, end in zip(files, ends, strict=True):
            start = end - file.size
            _fetch(
                repo,
                file,
                functools.partial(_report_file, report, file.name, start, ends[-1]),
                cancelled,
            )
        paths = [Path(hf_hub_download(repo, file.name)) for file in files]
    return paths[0].parent


def _report_file(report: Report, name: str, start: int, total: int, done: int) -> None:
    report(name, start + done, total)


def _wanted(repo: str) -> list[str]:
    siblings = HfApi().model_info(repo, timeout=_TIMEOUT_S).siblings or []
    present = {sibling.rfilename for sibling in siblings}
    configuration = [name for name in CONFIGURATION if name in present]
    if WEIGHTS in present:
        return [*configuration, WEIGHTS]
    shards = sorted(
        name for name in present if name.startswith("model-") and name.endswith(".safetensors")
    )
    if WEIGHTS_INDEX not in present or not shards or CONFIGURATION[0] not in present:
        raise DownloadError(
            f"{repo} has no config.json with safetensors weights; choose another model"
        )
    return [*configuration, WEIGHTS_INDEX, *shards]


def _describe(repo: str, name: str) -> _RemoteFile:
    url = hf_hub_url(repo, name)
    metadata = get_hf_file_metadata(url, timeout=_TIMEOUT_S, retry_on_errors=True)
    if metadata.etag is None or metadata.size is None:
        raise DownloadError(f"the hub does not tell checksum and size of {name}; try again later")
    return _RemoteFile(name, url, metadata.etag, metadata.size)


def _repo_folder(repo: str) -> Path:
    return Path(constants.HF_HUB_CACHE) / repo_folder_name(repo_id=repo, repo_type="model")


def _partial(repo: str, file: _RemoteFile) -> Path:
    return _repo_folder(repo) / "blobs" / f"{file.etag}.incomplete"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _check_space(repo: str, files: list[_RemoteFile]) -> None:
    folder = _repo_folder(repo)
    (folder / "blobs").mkdir(parents=True, exist_ok=True)
    missing = [file for file in files if not (folder / "blobs" / file.etag).exists()]
    needed = sum(file.size - _size(_partial(repo, file)) for file in missing)
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise DownloadError(
            f"{repo} needs {needed / 1e6:.0f} MB, but {constants.HF_HUB_CACHE} has only "
            f"{free / 1e6:.0f} MB free; make room, or set HF_HOME to a folder on a larger disk"
        )


def _fetch(
    repo: str, file: _RemoteFile, report: Callable[[int], None], cancelled: Cancelled
) -> None:
    """Bring one file into the cache's `blobs`, where the library finds it by its checksum."""
    partial = _partial(repo, file)
    blob = partial.with_name(file.etag)
    try:
        with FileLock(partial.with_suffix(".lock"), timeout=0):
            if not blob.exists():
                _receive(file, partial, report, cancelled)
                _verify(file, partial)
                partial.replace(blob)
    except Timeout:
        raise DownloadError(f"{repo} is being downloaded already; wait for it to end") from None
    report(file.size)


def _receive(
    file: _RemoteFile, partial: Path, report: Callable[[int], None], cancelled: Cancelled
) -> None:
    """Append to `partial` until it is whole; connect again when the connection breaks."""
    attempts = 0
    while (before := _size(partial)) < file.size:
        try:
            _append(file, partial, before, report, cancelled)
        except httpx2.TransportError:
            attempts = attempts + 1 if _size(partial) == before else 0
            if attempts == _ATTEMPTS:
                raise


def _append(
    file: _RemoteFile,
    partial: Path,
    offset: int,
    report: Callable[[int], None],
    cancelled: Cancelled,
) -> None:
    headers = {"Accept-Encoding": "identity", "Range": f"bytes={offset}-"}
    if token := get_token():
        headers["Authorization"] = f"Bearer {token}"
    with get_session().stream("GET", file.url, headers=headers, timeout=_TIMEOUT_S) as response:
        response.raise_for_status()
        is_resumed = response.status_code == HTTPStatus.PARTIAL_CONTENT
        done = offset if is_resumed else 0
        with partial.open("ab" if is_resumed else "wb") as target:
            for block in response.iter_raw(_BLOCK):
                target.write(block)
                done += len(block)
                report(done)
                if cancelled():
                    raise DownloadError(
                        "the download was cancelled; the next one goes on where it stopped"
                    )


def _verify(file: _RemoteFile, partial: Path) -> None:
    if _checksum(partial, file) != file.etag:
        partial.unlink()
        raise DownloadError(
            f"{file.name} arrived damaged (its checksum is wrong) and was thrown away; try again"
        )


def _checksum(path: Path, file: _RemoteFile) -> str:
    """Return the hub's checksum: SHA-256 of a large file, git's blob id of a small one."""
    if len(file.etag) == 64:
        with path.open("rb") as large:
            return hashlib.file_digest(large, "sha256").hexdigest()
    content = path.read_bytes()
    header = f"blob {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


@contextmanager
def _in_one_line(repo: str) -> Iterator[None]:
    """Say what went wrong in the user's words."""
    try:
        yield
    except HFValidationError:
        raise DownloadError(
            f"{repo!r} is not a hub id; hub ids look like openai/whisper-base.en"
        ) from None
    except GatedRepoError as error:
        raise DownloadError(
            f"{repo} is given to registered users only; put your hub token into HF_TOKEN"
        ) from error
    except RepositoryNotFoundError as error:
        raise DownloadError(f"the hub has no model {repo}; check the name") from error
    except HfHubHTTPError as error:
        status = error.response.status_code
        raise DownloadError(f"the hub answered {status} for {repo}; try again later") from error
    except httpx2.HTTPError as error:
        raise DownloadError(
            f"{constants.ENDPOINT} cannot be reached ({error}); check the network, then run the "
            "same again: it goes on where it stopped"
        ) from error
    except OSError as error:
        raise DownloadError(_disk_trouble(error)) from error


def _disk_trouble(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return (
            f"the disk of {constants.HF_HUB_CACHE} is full; make room and run the same again: it "
            "goes on where it stopped"
        )
    why = error.strerror or str(error)
    return f"{constants.HF_HUB_CACHE} cannot be written ({why.lower()}); HF_HOME names another"
