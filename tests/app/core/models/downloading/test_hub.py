"""A hub, or what stands in its place, that answers short, without end, slowly or with lies."""

import hashlib
import itertools
import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from huggingface_hub import constants

from sotto.app.core.models.downloading import bounded_download, hub
from sotto.app.core.models.downloading.repository_files import is_safe_name
from sotto.errors import DownloadError
from tests.helpers.misbehaving_server import misbehaving_server

REPO = "somebody/whisper-x"
WEIGHTS = bytes(range(256)) * 1024  # 256 kB
CHECKSUM = hashlib.sha256(WEIGHTS).hexdigest()
COMMIT = "0123456789abcdef0123456789abcdef01234567"

Misbehave = Callable[[BaseHTTPRequestHandler], None]


def answer(handler: BaseHTTPRequestHandler, body: bytes, **headers: str) -> None:
    handler.send_response(200)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    if handler.command == "GET":
        handler.wfile.write(body)


def listing(handler: BaseHTTPRequestHandler, *names: str) -> None:
    answer(handler, json.dumps({"siblings": [{"rfilename": name} for name in names]}).encode())


def description(handler: BaseHTTPRequestHandler, **changes: str) -> None:
    told = {
        "X-Repo-Commit": COMMIT,
        "X-Linked-Etag": f'"{CHECKSUM}"',
        "X-Linked-Size": str(len(WEIGHTS)),
    }
    answer(handler, b"", **(told | changes))


def well_behaved_until_the_file(misbehave: Misbehave) -> Misbehave:
    def handle(handler: BaseHTTPRequestHandler) -> None:
        if handler.path.startswith("/api/"):
            listing(handler, "ggml-x.bin")
        elif handler.command == "HEAD":
            description(handler)
        else:
            misbehave(handler)

    return handle


@pytest.fixture
def download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Misbehave], Path]:
    """Fetch a model from a server that handles requests so; waits are short."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(bounded_download, "_FIRST_WAIT_S", 0.01)

    def run(misbehave: Misbehave) -> Path:
        with misbehaving_server(misbehave) as endpoint:
            monkeypatch.setattr(constants, "ENDPOINT", endpoint)
            template = f"{endpoint}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
            monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
            monkeypatch.setattr(
                "huggingface_hub.file_download.HUGGINGFACE_CO_URL_TEMPLATE", template, raising=False
            )
            return hub.download(REPO, lambda *_: None, lambda: False)

    return run


def nothing(handler: BaseHTTPRequestHandler) -> None:
    """The body is announced and does not come."""
    handler.send_response(206)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def a_little(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(206)
    handler.send_header("Content-Length", "1")
    handler.end_headers()
    handler.wfile.write(b"x")


def the_beginning_over_and_over(handler: BaseHTTPRequestHandler) -> None:
    answer(handler, WEIGHTS[: len(WEIGHTS) // 2])


turns = itertools.count()


def forwards_and_back(handler: BaseHTTPRequestHandler) -> None:
    answer(handler, WEIGHTS[: len(WEIGHTS) // 2] if next(turns) % 2 else b"")


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.close()


@pytest.mark.parametrize(
    "misbehave",
    [nothing, a_little, the_beginning_over_and_over, forwards_and_back, hangs_up],
    ids=lambda each: each.__name__,
)
def test_a_short_answer_is_asked_for_a_few_times(
    download: Callable[[Misbehave], Path], misbehave: Misbehave
) -> None:
    n_asked = itertools.count()

    def count(handler: BaseHTTPRequestHandler) -> None:
        next(n_asked)
        misbehave(handler)

    with pytest.raises(DownloadError, match="goes on where it stopped"):
        download(well_behaved_until_the_file(count))
    assert next(n_asked) <= 2 * bounded_download.ATTEMPTS + 1


def without_end(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.close_connection = True
    while True:
        handler.wfile.write(b"x" * 65536)


def test_an_endless_file_is_left(download: Callable[[Misbehave], Path], tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="arrived damaged"):
        download(well_behaved_until_the_file(without_end))
    kept = [path for path in (tmp_path / "hub").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in kept) == 0


def test_an_endless_list_is_left(
    download: Callable[[Misbehave], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_download, "_LONGEST_ANSWER", 1 << 18)
    with pytest.raises(DownloadError, match="does not end"):
        download(lambda handler: without_end(handler) if "/api/" in handler.path else None)


def test_a_file_that_trickles_is_given_up(
    download: Callable[[Misbehave], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_download, "_SLOWEST_S", 0.1)
    monkeypatch.setattr(bounded_download, "ATTEMPTS", 2)

    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(WEIGHTS)))
        handler.end_headers()
        for _ in range(2000):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.01)

    with pytest.raises(DownloadError, match="next to nothing"):
        download(well_behaved_until_the_file(trickle))


def round_and_round(handler: BaseHTTPRequestHandler) -> None:
    if handler.path == "/":
        return answer(handler, b"")
    handler.send_response(302)
    handler.send_header("Location", handler.path)
    handler.send_header("Content-Length", "0")
    handler.end_headers()
    return None


def no_hub(handler: BaseHTTPRequestHandler) -> None:
    answer(handler, b"<html>It works!</html>")


def deep_list(handler: BaseHTTPRequestHandler) -> None:
    answer(handler, b"[" * 100_000)


def other_list(handler: BaseHTTPRequestHandler) -> None:
    answer(handler, b'{"siblings": [{"rfilename": 3}, 4]}')


def files_elsewhere(handler: BaseHTTPRequestHandler) -> None:
    listing(handler, "../../evil.pt", "/evil.pt", "a\\..\\evil.pt", "config.json/../../evil.pt")


def lying_checksum(handler: BaseHTTPRequestHandler) -> None:
    if handler.command == "HEAD":
        return description(handler, **{"X-Linked-Etag": '"../../../evil"'})
    return listing(handler, "ggml-x.bin")


def lying_commit(handler: BaseHTTPRequestHandler) -> None:
    if handler.command == "HEAD":
        return description(handler, **{"X-Repo-Commit": "../../../evil"})
    return listing(handler, "ggml-x.bin")


def lying_size(handler: BaseHTTPRequestHandler) -> None:
    if handler.command == "HEAD":
        return description(handler, **{"X-Linked-Size": "9" * 18})
    return listing(handler, "ggml-x.bin")


@pytest.mark.parametrize(
    ("misbehave", "said"),
    [
        (round_and_round, "without end"),
        (no_hub, "does not answer as the hub does"),
        (deep_list, "does not answer as the hub does"),
        (other_list, "does not answer as the hub does"),
        (files_elsewhere, "no weights that Sotto reads"),
        (lying_checksum, "does not answer as the hub does"),
        (lying_commit, "does not answer as the hub does"),
        (lying_size, "has only"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_a_lying_answer_is_told_in_one_line(
    download: Callable[[Misbehave], Path], tmp_path: Path, misbehave: Misbehave, said: str
) -> None:
    with pytest.raises(DownloadError, match=said) as told:
        download(misbehave)
    assert "\n" not in str(told.value)
    assert not list(tmp_path.rglob("*evil*"))


def test_another_file_than_was_promised_is_thrown_away(
    download: Callable[[Misbehave], Path], tmp_path: Path
) -> None:
    with pytest.raises(DownloadError, match="arrived damaged"):
        download(well_behaved_until_the_file(lambda each: answer(each, WEIGHTS[::-1])))
    assert not [path for path in (tmp_path / "hub").rglob("*") if path.suffix == ".bin"]


def test_a_good_one_is_entered_as_the_library_does(
    download: Callable[[Misbehave], Path], tmp_path: Path
) -> None:
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415 (the reference)

    path = download(well_behaved_until_the_file(lambda each: answer(each, WEIGHTS)))
    assert path.read_bytes() == WEIGHTS
    found = try_to_load_from_cache(REPO, "ggml-x.bin", cache_dir=tmp_path / "hub")
    assert path.samefile(str(found))


@pytest.mark.parametrize("name", ["../x", "/x", "a//x", "x/", "a/./x", "..", "", "a\\x", "c:x"])
def test_names_that_leave_the_folder_are_none(name: str) -> None:
    assert not is_safe_name(name)
    assert is_safe_name("folder/ggml-base.en-q5_1.bin")
