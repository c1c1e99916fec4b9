"""Fetching models from the Hugging Face hub into the user's own hub cache.

The cache is the one that every program using huggingface_hub shares, so nothing is fetched twice.
Its library neither resumes a download that was cut off nor checks a file against its checksum;
both are done here. Nothing that the hub answers is believed beyond that: names stay in their
folder, answers have an end, and one that brings nothing is asked for a few times only.
"""

import errno
import functools
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Set
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
    constants,
    get_hf_file_metadata,
    get_session,
    get_token,
    hf_hub_url,
    is_offline_mode,
)
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
)
from huggingface_hub.file_download import repo_folder_name
from huggingface_hub.utils._headers import build_hf_headers
from huggingface_hub.utils._http import hf_raise_for_status

from sotto.app.core.models import snapshot
from sotto.app.core.models.model_names import is_hub_id
from sotto.app.core.models.removal import Removed, remove
from sotto.errors import DownloadError

CONFIGURATION = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "vocab.json",
    "added_tokens.json",
    "tokenizer_config.json",
)
WEIGHTS = "model.safetensors"
WEIGHTS_INDEX = "model.safetensors.index.json"
OLD_WEIGHTS = "pytorch_model.bin"  # from before 2023; no code in it is run
CTRANSLATE2_WEIGHTS = "model.bin"
CTRANSLATE2_VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
_SHARD = re.compile(r"model-[^/]*\.safetensors")
# Git's of a small file, SHA-256 of a large one.
_CHECKSUM = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")

_ANSWER_S = 5.0  # for a first word; then it counts as out of reach
_TIMEOUT_S = 30.0  # without a byte; then the connection counts as broken
_ATTEMPTS = 5  # connections in a row that bring next to nothing before the download is given up
_LEAST = 1 << 16  # bytes; what brings fewer brings next to nothing
_FIRST_WAIT_S = 0.5  # before such a connection is tried again; then twice as long each time
_SLOWEST_S = 60.0  # for `_LEAST` bytes; slower counts as broken
_LONGEST_ANSWER = 16 << 20  # bytes of a list of files; the longest known has one
_POLL_S = 0.1  # between two looks at a cancellation while nothing comes


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
    commit: str


def answers() -> bool:
    """Tell whether the hub answers at all within 5 s.

    Raises:
        DownloadError: The user wants nothing to be downloaded.
    """
    _refuse_offline()
    try:
        get_session().head(constants.ENDPOINT, timeout=_ANSWER_S)
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        return False
    return True


def delete(repo: str) -> Removed:
    """Remove a model from the cache, begun downloads included."""
    return remove(_repo_folder(repo))


def download(
    repo: str, report: Report, cancelled: Cancelled, wanted_file: str | None = None
) -> Path:
    """Fetch what Sotto needs of a model and return its folder, or its one file, in the cache.

    What is there already is not fetched again. A download that was cut off goes on where it
    stopped. Every file is checked against the hub's checksum.

    Args:
        repo: The model's hub id.
        report: Called with the file that is coming, bytes done, and bytes in all.
        cancelled: Asked at every block that comes.
        wanted_file: The model's file in a repository that holds several.

    Raises:
        DownloadError: offline, no such model, cancelled, disk full, wrong checksum, …
    """
    if not is_hub_id(repo):
        raise DownloadError(f"{repo!r} is not a hub id; hub ids look like openai/whisper-base.en")
    if not answers():
        raise DownloadError(
            f"{constants.ENDPOINT} cannot be reached; check the network, then run the same again: "
            "it goes on where it stopped"
        )
    with _in_one_line(repo):
        names = [wanted_file] if wanted_file else wanted(repo, _present(repo))
        files = [_describe(repo, name) for name in names]
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
        folder = _repo_folder(repo)
        paths = [
            snapshot.enter(folder, file.commit, file.name, folder / "blobs" / file.etag)
            for file in files
        ]
    return paths[0] if _is_single_file(files[0].name) else paths[0].parent


def _refuse_offline() -> None:
    if is_offline_mode():
        raise DownloadError(
            "HF_HUB_OFFLINE is set, so nothing is downloaded; unset it, or copy the model's "
            "folder to this machine and give its path"
        )


def _report_file(report: Report, name: str, start: int, total: int, done: int) -> None:
    report(name, start + done, total)


def _present(repo: str) -> set[str]:
    """Return the names of all files of a repository."""
    url = f"{constants.ENDPOINT}/api/models/{repo}"
    headers = build_hf_headers()
    with get_session().stream("GET", url, headers=headers, timeout=_TIMEOUT_S) as response:
        content = _bounded(response)
        # hf_raise_for_status reads what there is of an answer, so it gets one that has an end.
        hf_raise_for_status(
            httpx2.Response(
                response.status_code,
                headers=_plain(response.headers),
                content=content,
                request=response.request,
            )
        )
    try:
        return {str(sibling["rfilename"]) for sibling in json.loads(content)["siblings"]}
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise DownloadError(
            f"{constants.ENDPOINT} does not answer as the hub does; check HF_ENDPOINT"
        ) from error


def _bounded(response: httpx2.Response) -> bytes:
    """Return the body of an answer that has an end."""
    content = bytearray()
    deadline_s = time.monotonic() + _SLOWEST_S
    for block in response.iter_bytes():
        content += block
        if len(content) > _LONGEST_ANSWER or time.monotonic() > deadline_s:
            raise DownloadError(
                f"the answer of {constants.ENDPOINT} does not end; check HF_ENDPOINT, or try later"
            )
    return bytes(content)


def _plain(headers: httpx2.Headers) -> dict[str, str]:
    """Return the headers of a body that is no longer packed."""
    packed = {"content-encoding", "content-length", "transfer-encoding"}
    return {name: value for name, value in headers.items() if name.lower() not in packed}


def wanted(repo: str, present: Set[str]) -> list[str]:
    """Return the files that Sotto needs of a repository that holds the files `present`.

    That is transformers' layout, else CTranslate2's, else transformers' old one, else the one ggml
    or `.pt` file.

    Raises:
        DownloadError: There is no model of a layout that Sotto reads, or there are several.
    """
    configuration = [name for name in CONFIGURATION if name in present]
    shards = sorted(name for name in present if _SHARD.fullmatch(name))
    if CONFIGURATION[0] in present:
        if WEIGHTS in present:
            return [*configuration, WEIGHTS]
        if WEIGHTS_INDEX in present and shards:
            return [*configuration, WEIGHTS_INDEX, *shards]
        if CTRANSLATE2_WEIGHTS in present:
            vocabulary = [name for name in CTRANSLATE2_VOCABULARIES if name in present]
            return [*configuration, *vocabulary, CTRANSLATE2_WEIGHTS]
        if OLD_WEIGHTS in present:
            return [*configuration, OLD_WEIGHTS]
    return [_single_file(repo, present)]


def _single_file(repo: str, present: Set[str]) -> str:
    files = sorted(name for name in present if _is_single_file(name) and is_safe_name(name))
    if len(files) > 1:
        raise DownloadError(
            f"{repo} holds several models; name one of them, such as {repo}/{files[0]}"
        )
    if not files:
        raise DownloadError(
            f"{repo} has no weights that Sotto reads (safetensors, CTranslate2, ggml or .pt); "
            "choose another model"
        )
    return files[0]


def _is_single_file(name: str) -> bool:
    return name.endswith(".pt") or (name.startswith("ggml") and name.endswith(".bin"))


def is_safe_name(name: str) -> bool:
    """Tell whether a file of that name lies in its repository's folder, whoever gave the name."""
    parts = name.split("/")
    is_plain = all(part and part not in {".", ".."} for part in parts)
    return is_plain and "\\" not in name and name.isprintable() and ":" not in name


def _describe(repo: str, name: str) -> _RemoteFile:
    if not is_safe_name(name):
        raise DownloadError(f"{name!r} is no name of a file; check the name")
    url = hf_hub_url(repo, name)
    metadata = get_hf_file_metadata(url, timeout=_TIMEOUT_S, retry_on_errors=True)
    if metadata.etag is None or metadata.size is None:
        raise DownloadError(f"the hub does not tell checksum and size of {name}; try again later")
    commit = metadata.commit_hash or ""
    if not (_CHECKSUM.fullmatch(metadata.etag) and _COMMIT.fullmatch(commit)):
        raise DownloadError(
            f"{constants.ENDPOINT} does not answer as the hub does; check HF_ENDPOINT"
        )
    return _RemoteFile(name, url, metadata.etag, metadata.size, commit)


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
    """Append to `partial` until it is whole; connect again when the connection breaks.

    Raises:
        DownloadError: A few connections in a row brought next to nothing, or too much came.
    """
    most, fruitless = _size(partial), 0
    while _size(partial) < file.size:
        broken: httpx2.TransportError | None = None
        try:
            _append(file, partial, _size(partial), report, cancelled)
        except httpx2.TransportError as error:
            broken = error
        # What was there before and comes again is no progress.
        fruitless = 0 if _size(partial) >= min(most + _LEAST, file.size) else fruitless + 1
        most = max(most, _size(partial))
        if fruitless == _ATTEMPTS:
            raise broken or DownloadError(
                f"{constants.ENDPOINT} does not send {file.name} to its end; try again later: it "
                "goes on where it stopped"
            )
        if fruitless:
            _wait(_FIRST_WAIT_S * 2 ** (fruitless - 1), cancelled)


def _wait(seconds: float, cancelled: Cancelled) -> None:
    end_s = time.monotonic() + seconds
    while (left_s := end_s - time.monotonic()) > 0:
        _stop_if(cancelled)
        time.sleep(min(left_s, _POLL_S))


def _stop_if(cancelled: Cancelled) -> None:
    if cancelled():
        raise DownloadError("the download was cancelled; the next one goes on where it stopped")


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
            pace = _Pace()
            for block in response.iter_raw():
                target.write(block)
                done += len(block)
                if done > file.size:
                    break  # what came is not the file: its checksum will tell
                report(done)
                pace.check(done - offset)
                _stop_if(cancelled)


class _Pace:
    """Notices a connection that brings something now and then, and will never come to an end."""

    def __init__(self) -> None:
        self._since_s = time.monotonic()
        self._n_bytes = 0

    def check(self, n_bytes: int) -> None:
        """Look at how much has come over the connection.

        Raises:
            httpx2.ReadTimeout: For a long time it was next to nothing.
        """
        now_s = time.monotonic()
        if n_bytes - self._n_bytes >= _LEAST:
            self._since_s, self._n_bytes = now_s, n_bytes
        elif now_s - self._since_s > _SLOWEST_S:
            raise httpx2.ReadTimeout("it sends next to nothing")


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
    except GatedRepoError as error:
        raise DownloadError(
            f"{repo} is given to registered users only; put your hub token into HF_TOKEN"
        ) from error
    except RepositoryNotFoundError as error:
        raise DownloadError(f"the hub has no model {repo}; check the name") from error
    except httpx2.TooManyRedirects as error:
        raise DownloadError(
            f"{constants.ENDPOINT} sends from place to place without end; check HF_ENDPOINT"
        ) from error
    except HfHubHTTPError as error:
        status = error.response.status_code
        raise DownloadError(f"the hub answered {status} for {repo}; try again later") from error
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
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
    place = error.filename or constants.HF_HUB_CACHE
    return f"{place} cannot be used ({why.lower()}); HF_HOME names another folder"
