"""WhisperLive as a program that listens: its server and its client, on this machine.

The server is as `run_server.py --backend faster_whisper` makes it; on a processor it takes int8 by
itself. The client is its own, with its own settings and blocks, without its microphone.
"""

import subprocess
import sys
import time
from typing import Any

from whisper_live.client import Client  # type: ignore[import-not-found]

from tools.peers.streaming.local_server import free_port, wait_for_port
from tools.peers.streaming.microphone import Microphone, Screen, Setup, as_floats

BLOCK = 4096  # samples, as its client reads from a microphone
HOST = "127.0.0.1"
STARTS_WITHIN_S = 60.0
QUIET_S = 3.0  # without news after the end: it has no end of its own

SERVER = """
import sys
from whisper_live.server import TranscriptionServer
TranscriptionServer().run(
    sys.argv[1], int(sys.argv[2]), "faster_whisper", faster_whisper_custom_model_path=sys.argv[3]
)
"""


def listen(setup: Setup, microphone: Microphone, screen: Screen) -> None:
    """Listen to the end of the sound."""
    port = free_port()
    command = [sys.executable, "-c", SERVER, HOST, str(port), setup.ctranslate2]
    subprocess.Popen(command, stdin=subprocess.DEVNULL)
    wait_for_port(HOST, port, STARTS_WITHIN_S)
    client = Client(HOST, port, lang="en", model=setup.ctranslate2, log_transcription=False)
    client.transcription_callback = lambda *_: show(client, screen)
    deadline = time.monotonic() + STARTS_WITHIN_S
    while not client.recording and time.monotonic() < deadline:
        time.sleep(0.05)
    screen.ready()
    for block in microphone.blocks(BLOCK):
        client.send_packet_to_server(as_floats(block).tobytes())
    wait_for_the_last(client)


def show(client: Any, screen: Screen) -> None:
    """Show what the client would print: finished segments and the last unfinished one."""
    finished = [segment["text"].strip() for segment in client.transcript]
    last = client.last_segment["text"].strip() if client.last_segment else ""
    screen.show(" ".join(finished), "" if last in finished else last)


def wait_for_the_last(client: Any) -> None:
    """Wait until the text has come to rest."""
    ended = time.time()
    while time.time() - max(ended, client.last_response_received or 0.0) < QUIET_S:
        time.sleep(0.05)
