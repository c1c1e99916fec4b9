"""Listen while the machine is busy: is sound lost, and how far behind does the text fall?

People's clips are heard one after another, as a file at the speed of speech and through a
microphone of a real sound server, beside programs that compute all the time.

    python -m tools.measure_load                  # two minutes
    python -m tools.measure_load --clips 20
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import soundfile

from sotto.app.core.events import Event, Final, Gap, Lag, Partial
from sotto.app.core.models.loader import load_model
from sotto.app.dictating.session import Feed, Session, SessionSettings
from sotto.audio.input.file_source import FileSource
from sotto.audio.input.microphone import microphone_source
from sotto.audio.input.source import SAMPLE_RATE, Source
from sotto.inference.compute_type import best_compute_type
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser
from tools.fixtures.audio_server import audio_server
from tools.fixtures.busy_machine import busy
from tools.fixtures.clips import Clip, human_clips
from tools.fixtures.official import official
from tools.word_error import word_errors

_PAUSE_S = 1.0
_ROWS = (
    "sound, s",
    "gaps",
    "missing, s",
    "partials a minute",
    "lag p50, s",
    "lag max, s",
    "WER, %",
)


def write_speech(clips: list[Clip], path: Path) -> float:
    """Write the clips with pauses into a file; return how long it is, in seconds."""
    pause = np.zeros(round(_PAUSE_S * SAMPLE_RATE), np.float32)
    sound = np.concatenate([pause, *(part for clip in clips for part in (clip.pcm(), pause))])
    soundfile.write(path, sound, SAMPLE_RATE)
    return len(sound) / SAMPLE_RATE


def hear(source: Source, feed: Feed, recogniser: WhisperRecogniser, for_s: float) -> list[Event]:
    """Run a session; of a microphone for so long."""
    events: SimpleQueue[Event] = SimpleQueue()
    session = Session(source, lambda _: recogniser, events.put, SessionSettings(feed=feed))
    session.start()
    if feed is Feed.LIVE:
        time.sleep(for_s)
        session.stop()
    session.join()
    return [events.get_nowait() for _ in range(events.qsize())]


def through_microphone(path: Path, recogniser: WhisperRecogniser, for_s: float) -> list[Event]:
    """Play the file into a virtual microphone and listen to that."""
    with (
        audio_server() as server,
        server.awake("virtmic"),
        server.playing(path, "feed") as player,
    ):
        events = hear(microphone_source("virtmic"), Feed.LIVE, recogniser, for_s + 3)
        player.wait_for_end()
    return events


def figures(events: list[Event], clips: list[Clip], duration_s: float) -> list[str]:
    """Return the figures of a session, in the order of `_ROWS`."""
    gaps = [event.end - event.start for event in events if isinstance(event, Gap)]
    lags = [event.lag_s for event in events if isinstance(event, Lag)]
    n_partials = sum(isinstance(event, Partial) for event in events)
    heard = " ".join(event.text for event in events if isinstance(event, Final))
    errors = word_errors([(" ".join(clip.text for clip in clips), heard)])
    return [
        f"{duration_s:.0f}",
        str(len(gaps)),
        f"{sum(gaps):.2f}",
        f"{60 * n_partials / duration_s:.0f}",
        f"{statistics.median(lags):.2f}",
        f"{max(lags):.2f}",
        f"{100 * errors.rate:.1f}",
    ]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=4)
    parser.add_argument("--busy", type=int, default=4, help="programs that compute")
    arguments = parser.parse_args()
    clips = human_clips()[: arguments.clips]
    model = load_model(official("tiny.en"), lambda *_: None, best_compute_type())
    recogniser = WhisperRecogniser(model)
    print(f"| | {' | '.join(_ROWS)} |\n|{'---|' * (1 + len(_ROWS))}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        duration_s = write_speech(clips, path)
        for n_programs in (0, arguments.busy):
            with busy(n_programs):
                file = hear(FileSource(str(path)), Feed.PLAYED, recogniser, duration_s)
                microphone = through_microphone(path, recogniser, duration_s)
            for name, events in (("file", file), ("microphone", microphone)):
                row = figures(events, clips, duration_s)
                print(f"| {name}, {n_programs} busy | {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
