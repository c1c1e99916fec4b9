"""A fresh engine that recognises the start of a clip: `python -m` this, model, compute type.

Writes the text and the most memory it held, as a line of JSON. Nothing of a window is imported.
"""

import json
import sys
from pathlib import Path

from sotto.app.core.bench.speech import speech
from sotto.app.core.models.loader import recogniser_loader
from sotto.app.core.settings import Settings
from sotto.inference.compute_type import ComputeType

CLIP_S = 5.0


def main() -> None:
    """Load, recognise, tell."""
    name, compute_type = sys.argv[1:]
    load = recogniser_loader(Settings(model=name, compute_type=ComputeType(compute_type)))
    recogniser = load(lambda *_: None)
    recogniser.append(speech(CLIP_S))
    words = recogniser.recognise((), final=True).words
    text = "".join(word.text for word in words).strip()
    sys.stdout.write(json.dumps({"text": text, "rss_peak_bytes": rss_peak_bytes()}) + "\n")
    sys.stdout.flush()


def rss_peak_bytes() -> int:
    """Return the most memory that this process has held.

    `getrusage` would count what the parent held when it started this process.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1024


if __name__ == "__main__":
    main()
