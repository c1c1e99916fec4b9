"""whisper_streaming (the package `whisper-streaming`) as a program that listens.

The package is a rewrite of ÚFAL's `whisper_online.py`, which no package has. It shows only what
two passes agree on. A pass is made for each second of sound, ÚFAL's default, or for what came
while it was busy; its buffer is cut to 15 s, ÚFAL's default too, since cutting at sentences is not
finished in the package.
"""

import queue
import threading
import time
from typing import Any

from whisper_streaming import (  # type: ignore[import-not-found]
    ASRProcessor,
    AudioReceiver,
    Backend,
    OutputSender,
    TimeTrimming,
)
from whisper_streaming.backend import (  # type: ignore[import-not-found]
    FasterWhisperFeatureExtractorConfig,
    FasterWhisperModelConfig,
    FasterWhisperTranscribeConfig,
)

from tools.peers.streaming.microphone import (
    SAMPLE_RATE,
    Microphone,
    Pcm,
    Screen,
    Setup,
    as_floats,
)

CHUNK = SAMPLE_RATE
BUFFER_S = 15.0
PROMPT_LETTERS = 200
END_S = 6.0  # without sound, after which it gives what it holds back
POLL_S = 0.02


def listen(setup: Setup, microphone: Microphone, screen: Screen) -> None:
    """Listen to the end of the sound."""
    receiver = Receiver(microphone)
    processor = ASRProcessor(
        ASRProcessor.ProcessorConfig(
            sampling_rate=SAMPLE_RATE,
            prompt_size=PROMPT_LETTERS,
            audio_receiver_timeout=END_S,
            audio_trimming=TimeTrimming(BUFFER_S),
            language="en",
        ),
        receiver,
        Sender(screen),
        Backend.FASTER_WHISPER,
        FasterWhisperModelConfig(setup.ctranslate2, device="cpu", compute_type="int8"),
        FasterWhisperTranscribeConfig(),
        FasterWhisperFeatureExtractorConfig(),
    )
    screen.ready()
    processor.run()
    receiver.join()


class Receiver(AudioReceiver):  # type: ignore[misc]
    """Gives a chunk at least, and all that was heard while the program was busy."""

    def __init__(self, microphone: Microphone) -> None:
        super().__init__()
        self._heard: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        threading.Thread(target=self._hear, args=[microphone], daemon=True).start()

    def _hear(self, microphone: Microphone) -> None:
        for block in microphone.blocks(SAMPLE_RATE // 50):
            self._heard.put(block)
        self._heard.put(None)

    def _do_receive(self) -> Pcm | None:
        blocks: list[bytes] = []
        while sum(map(len, blocks)) < 2 * CHUNK or not self.queue.empty():
            try:
                block = self._heard.get(timeout=POLL_S)
            except queue.Empty:
                continue
            if block is None:
                time.sleep(END_S)  # not to be closed before the last chunk is read
                return None
            blocks.append(block)
        return as_floats(b"".join(blocks))

    def _do_close(self) -> None:
        pass


class Sender(OutputSender):  # type: ignore[misc]
    """Shows what is committed."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._text = ""

    def _do_output(self, data: Any) -> None:
        self._text += data.word
        self._screen.show(self._text, "")

    def _do_close(self) -> None:
        pass
