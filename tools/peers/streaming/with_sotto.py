"""Sotto as a program that listens: `sotto listen --json` on a sound server's virtual microphone."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from typing import IO

from tools.fixtures.audio_server import AudioServer, audio_server
from tools.peers.streaming.microphone import SAMPLE_RATE, Microphone, Screen, Setup
from tools.peers.streaming.process_tree import cpu_s

DEVICE = "pipemic"
BLOCK = SAMPLE_RATE // 50
SILENCE = bytes(2 * BLOCK)
BLOCK_S = BLOCK / SAMPLE_RATE
LISTENS_WITHIN_S = 60.0
IDLE_WINDOW_S = 1.0
IDLE_CPU_S = 0.25  # of that window: the model is loaded
LAST_FINAL_S = 1.0


def listen(setup: Setup, microphone: Microphone, screen: Screen) -> None:
    """Listen to the end of the sound."""
    with tempfile.TemporaryDirectory() as settings, audio_server() as server:
        os.environ["XDG_CONFIG_HOME"] = settings  # not the user's
        command = [sys.executable, "-m", "sotto", "listen", "--json"]
        command += ["--microphone", DEVICE, "--model", setup.ctranslate2, "--language", "en"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sotto:
            assert sotto.stdout is not None
            reader = threading.Thread(target=show_all, args=[sotto.stdout, screen])
            reader.start()
            with (server.folder / "mic.fifo").open("wb", buffering=0) as pipe:
                for _ in until_it_listens(server, sotto.pid):
                    pipe.write(SILENCE)
                screen.ready()
                for block in microphone.blocks(BLOCK):
                    pipe.write(block)
            time.sleep(LAST_FINAL_S)
            sotto.terminate()
            reader.join()


def until_it_listens(server: AudioServer, pid: int) -> Iterator[None]:
    """Yield once a block's time until the program has its microphone and computes no more."""
    deadline = time.monotonic() + LISTENS_WITHIN_S
    spent_s, looked_s = 0.0, time.monotonic()
    while time.monotonic() < deadline:
        yield
        time.sleep(BLOCK_S)
        if time.monotonic() - looked_s < IDLE_WINDOW_S:
            continue
        before_s, spent_s, looked_s = spent_s, cpu_s(pid), time.monotonic()
        if server.n_listeners() and spent_s - before_s < IDLE_CPU_S:
            return


def show_all(lines: IO[str], screen: Screen) -> None:
    """Show what each line says, with the finals before it."""
    finals: list[str] = []
    for line in lines:
        event = json.loads(line)
        if event["event"] == "partial":
            committed = " ".join([*finals, event["committed"]])
            screen.show(committed, event["tentative"])
        elif event["event"] == "final":
            finals.append(event["text"])
            screen.show(" ".join(finals), "")
