"""WhisperLiveKit as a program that listens: its server, and a client that speaks its protocol.

Policy `simulstreaming` is its default (AlignAtt, openai-whisper's decoder behind faster-whisper's
encoder), `localagreement` the other one (whisper_streaming's rule over faster-whisper).
"""

import json
import subprocess
import sys
import threading
from pathlib import Path

from websockets.sync.client import ClientConnection, connect
from whisperlivekit.whisper import _ALIGNMENT_HEADS  # type: ignore[import-not-found]

from tools.peers.streaming.local_server import free_port, wait_for_port
from tools.peers.streaming.microphone import SAMPLE_RATE, Microphone, Screen, Setup

BLOCK = SAMPLE_RATE // 10  # its `min_chunk_size`
HOST = "127.0.0.1"
STARTS_WITHIN_S = 90.0
ENDS_WITHIN_S = 35.0


def listen(setup: Setup, microphone: Microphone, screen: Screen) -> None:
    """Listen to the end of the sound."""
    port = free_port()
    command = [sys.executable, "-m", "whisperlivekit.basic_server", "--host", HOST]
    command += ["--port", str(port), "--lan", "en", "--pcm-input", "--log-level", "WARNING"]
    command += ["--warmup-file", setup.warm_up, *policy_flags(setup)]
    subprocess.Popen(command, stdin=subprocess.DEVNULL)
    wait_for_port(HOST, port, STARTS_WITHIN_S)
    with connect(f"ws://{HOST}:{port}/asr", max_size=None) as socket:
        reader = threading.Thread(target=show_all, args=[socket, screen])
        reader.start()
        screen.ready()
        for block in microphone.blocks(BLOCK):
            socket.send(block)
        socket.send(b"")  # the end, in its protocol
        reader.join(ENDS_WITHIN_S)


def policy_flags(setup: Setup) -> list[str]:
    """Return the flags for a policy and the weights that it takes."""
    if setup.policy == "localagreement":
        policy = ["--backend-policy", setup.policy, "--backend", "faster-whisper"]
        return [*policy, "--model_dir", setup.ctranslate2]
    # Known to it for names of models, not for files.
    heads = _ALIGNMENT_HEADS[Path(setup.openai).stem].decode()
    weights = ["--decoder-model-path", setup.openai, "--encoder-model-path", setup.ctranslate2]
    return [*weights, "--custom-alignment-heads", heads]


def show_all(socket: ClientConnection, screen: Screen) -> None:
    """Show each state that the server sends, until it is ready to stop."""
    for message in socket:
        state = json.loads(message)
        if state.get("type") == "ready_to_stop":
            return
        if "lines" in state:
            lines = (line["text"] for line in state["lines"] if line.get("text"))
            screen.show(" ".join(lines), state.get("buffer_transcription", ""))
