"""RealtimeSTT as a program that listens: its recorder, fed with sound in the place of a microphone.

Its own settings but for live text, which is off by default, and int8, which is what it takes on a
processor without further packages to be quick. Both of its models, the one for live text and the
one for finals, are the same.
"""

import threading
import time
from typing import Any

from RealtimeSTT import AudioToTextRecorder  # type: ignore[import-not-found]

from tools.peers.streaming.microphone import SAMPLE_RATE, Microphone, Screen, Setup

BLOCK = 512  # samples, as it reads from a microphone
LAST_FINAL_S = 8.0  # that it may take after the sound has ended


def listen(setup: Setup, microphone: Microphone, screen: Screen) -> None:
    """Listen to the end of the sound."""
    text = Text(screen)
    recorder = AudioToTextRecorder(
        model=setup.ctranslate2,
        realtime_model_type=setup.ctranslate2,
        language="en",
        device="cpu",
        compute_type="int8",
        use_microphone=False,
        enable_realtime_transcription=True,
        on_realtime_transcription_update=text.partial,
        silero_backend="raw_onnx",  # what "auto" takes first, and it asks no hub
        spinner=False,
        no_log_file=True,
    )
    threading.Thread(target=text.take_finals, args=[recorder], daemon=True).start()
    screen.ready()
    for block in microphone.blocks(BLOCK):
        recorder.feed_audio(block, SAMPLE_RATE)
    deadline = time.monotonic() + LAST_FINAL_S
    while text.tentative and time.monotonic() < deadline:
        time.sleep(0.05)


class Text:
    """Finals and what is being said. Used by the recorder's threads."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._finals = ""
        self.tentative = ""

    def partial(self, text: str) -> None:
        """Show live text."""
        self.tentative = text
        self._screen.show(self._finals, text)

    def take_finals(self, recorder: Any) -> None:
        """Show each final as it comes."""
        while True:
            self._finals = f"{self._finals} {recorder.text()}".strip()
            self.tentative = ""
            self._screen.show(self._finals, "")
