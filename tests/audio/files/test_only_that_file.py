"""Reading a file opens that file: no name and no content leads anywhere else."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sotto.audio.files.decoder_processes import DecoderProcesses
from sotto.audio.files.reading import SELECTION, read_recording
from sotto.errors import AudioFileError
from tests.helpers.canaries import Canaries
from tools.fixtures.media_files import wav

# FFmpeg's protocols, and what other programs take for addresses.
SCHEMES = [
    "async",
    "bluray",
    "cache",
    "concat",
    "concatf",
    "crypto",
    "data",
    "fd",
    "ffrtmpcrypt",
    "ffrtmphttp",
    "file",
    "ftp",
    "gopher",
    "gophers",
    "hls",
    "http",
    "httpproxy",
    "https",
    "icecast",
    "ipfs",
    "ipns",
    "libsrt",
    "md5",
    "mmsh",
    "mmst",
    "pipe",
    "prompeg",
    "rist",
    "rtmp",
    "rtmpe",
    "rtmps",
    "rtmpt",
    "rtp",
    "rtsp",
    "sctp",
    "sftp",
    "smb",
    "srt",
    "srtp",
    "subfile",
    "tcp",
    "tee",
    "tls",
    "udp",
    "udplite",
    "unix",
    "zmq",
    "x",
    "C",
]
NAMES = (
    *(
        "12:30 meeting.wav",
        "Re: call.wav",
        "sound%d.wav",
        "%03d.png",
        "a|b.wav",
        "-",
        "--",
        "-i",
        "~",
    ),
    *(
        "[0:a].wav",
        "a?b=c.wav",
        "a#b.wav",
        "x*.wav",
        "new\nline.wav",
        "$HOME.wav",
        "subfile,,:a.wav",
    ),
    *("data:audio/wav;base64,AAAA", "lavfi:sine", "sine=frequency=440", "concat:a.wav|b.wav"),
)


@pytest.fixture
def canaries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Canaries]:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with Canaries(tmp_path / "canaries") as canaries:
        yield canaries


def names(canaries: Canaries) -> Iterator[str]:
    yield from NAMES
    for scheme in SCHEMES:
        yield f"{scheme}:sound.wav"
        yield f"{scheme}://127.0.0.1:{canaries.port}/sound.wav"
        yield f"{scheme}:{canaries.folder}/secret.wav"


def test_a_canary_sings(canaries: Canaries) -> None:
    assert canaries.touched() == []
    (canaries.folder / "secret.wav").read_bytes()
    socket.create_connection(("127.0.0.1", canaries.port)).close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.sendto(b"x", ("127.0.0.1", canaries.port))
    assert canaries.touched() == ["open", "tcp", "udp"]
    assert canaries.touched() == []


def test_a_name_is_a_name(canaries: Canaries) -> None:
    tried = 0
    for name in names(canaries):
        path = Path(name)
        with pytest.raises(AudioFileError, match="does not exist"):
            read_recording(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(wav(1))
        assert len(read_recording(path).pcm) == 6_400, name
        tried += 1
    assert canaries.touched() == []
    assert tried > 150


def referring(target: str) -> Iterator[tuple[str, str]]:
    """Yield files that hold the name of another, in the formats that FFmpeg follows."""
    yield "a.m3u8", f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{target}\n#EXT-X-ENDLIST\n"
    key = f'#EXT-X-KEY:METHOD=AES-128,URI="{target}"\n#EXT-X-MAP:URI="{target}"\n'
    yield "key.m3u8", f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n{key}#EXTINF:9,\n{target}\n"
    yield "master.m3u8", f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{target}\n"
    yield "list.m3u", f"#EXTM3U\n{target}\n"
    yield "a.ffconcat", f"ffconcat version 1.0\nfile '{target}'\nduration 9\n"
    yield "a.wav", f"ffconcat version 1.0\nfile {target}\n"
    yield (
        "a.mpd",
        (
            '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
            'mediaPresentationDuration="PT9S"><Period><AdaptationSet mimeType="audio/mp4">'
            f'<Representation id="1" bandwidth="1"><BaseURL>{target}</BaseURL><SegmentList>'
            f'<Initialization sourceURL="{target}"/><SegmentURL media="{target}"/></SegmentList>'
            "</Representation></AdaptationSet></Period></MPD>"
        ),
    )
    yield "a.sdp", f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns={target}\nc=IN IP4 127.0.0.1\nt=0 0\n" \
        "m=audio 5004 RTP/AVP 0\n"  # fmt: skip
    yield "a.asx", f'<asx version="3.0"><entry><ref href="{target}"/></entry></asx>'
    yield "a.pls", f"[playlist]\nFile1={target}\nNumberOfEntries=1\n"
    yield "a.avs", f'WavSource("{target}")\n'
    yield (
        "a.idx",
        f"# VobSub index file, v7 (do not modify this line!)\nid: en, index: 0\n{target}\n",
    )
    yield (
        "a.xml",
        (
            '<?xml version="1.0"?><CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/'
            f'2013"><Id>urn:uuid:0</Id><Asset>{target}</Asset></CompositionPlaylist>'
        ),
    )
    yield "a.ram", f"{target}\n"
    yield "a.txt", f"[InternetShortcut]\nURL={target}\n"


def test_what_names_another_file_does_not_open_it(canaries: Canaries) -> None:
    address = f"127.0.0.1:{canaries.port}"
    secret = canaries.folder / "secret"
    targets = (
        *(f"{secret}.wav", f"file:{secret}.ts", f"concat:{secret}.wav|{secret}.ts"),
        *(f"{secret}%d.png", f"crypto:{secret}.ts", f"subfile,,start,0,end,9,,:{secret}.wav"),
        *(
            f"http://{address}/x.ts",
            f"tcp://{address}",
            f"udp://{address}",
            f"../{secret.name}.wav",
        ),
    )
    tried = 0
    for target in targets:
        for name, text in referring(target):
            Path(name).write_text(text)
            with pytest.raises(AudioFileError, match="holds no sound itself"):
                read_recording(name)
            tried += 1
    assert canaries.touched() == []
    assert tried == 150


def test_a_playlist_is_told_to_hold_no_sound_itself(canaries: Canaries) -> None:
    Path("a.m3u8").write_text(f"#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:{canaries.port}/x\n")
    with pytest.raises(AudioFileError, match="holds no sound itself: give a file"):
        read_recording("a.m3u8")
    assert canaries.touched() == []


def test_the_decoder_has_room_for_one_open_file_and_no_core(tmp_path: Path) -> None:
    """It has standard streams and its socket; the next descriptor is the file's."""
    (tmp_path / "sound.wav").write_bytes(wav(1))
    process = DecoderProcesses().take()
    with (tmp_path / "sound.wav").open("rb") as file:
        packets = list(process.answers(file.fileno(), "wav", SELECTION))
        limits = Path(f"/proc/{process.pid}/limits").read_text()
    process.end()
    assert packets[-1] == b"E"
    values = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()}
    assert values["Max open files"] == ["5", "5"]
    assert values["Max core file size"] == ["0", "0"]
    assert values["Max file size"] == ["0", "0"]
    assert int(values["Max address space"][0]) < 2**30
