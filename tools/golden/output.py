"""Writes tests/golden/output: what openai-whisper's writers make of a few hand-made results."""

import json
from pathlib import Path

from whisper.utils import get_writer

FOLDER = Path(__file__).parents[2] / "tests" / "golden" / "output"


def segment(number: int, start: float, end: float, text: str) -> dict[str, object]:
    return {
        "id": number,
        "seek": 0,
        "start": start,
        "end": end,
        "text": text,
        "tokens": [50364, 50464],
        "temperature": 0.0,
        "avg_logprob": -0.25,
        "compression_ratio": 1.5,
        "no_speech_prob": 0.01,
    }


def words(start: float, *texts: str) -> list[dict[str, object]]:
    return [
        {"word": text, "start": start + i / 2, "end": start + i / 2 + 0.4, "probability": 0.75}
        for i, text in enumerate(texts)
    ]


PLAIN = {
    "text": " Hello there. Grüße, 世界! a\tb a --> b Done.",
    "segments": [
        segment(0, 0.0, 2.5, " Hello there."),
        segment(1, 2.5, 59.9996, " Grüße, 世界!"),
        segment(2, 61.0005, 3599.9999, " a\tb a --> b"),
        segment(3, 3600.125, 360000.0, " Done."),
    ],
    "language": "en",
}
WORDS = {
    "text": " Hello there. Done.",
    "segments": [
        segment(0, 0.0, 2.5, " Hello there.") | {"words": words(0.25, " Hello", " there.")},
        segment(1, 2.5, 2.5, "") | {"words": []},
        segment(2, 3.0, 4.0, " Done.") | {"words": words(3.125, " Done.")},
    ],
    "language": "en",
}
SILENCE = {"text": "", "segments": [], "language": "en"}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    write = get_writer("all", str(FOLDER))
    for name, result in (("plain", PLAIN), ("words", WORDS), ("silence", SILENCE)):
        write(json.loads(json.dumps(result)), f"{name}.wav", {})


if __name__ == "__main__":
    main()
