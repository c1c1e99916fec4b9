"""Writes tests/golden/output: what openai-whisper's writers make of a few hand-made results."""

import json
from pathlib import Path

from whisper.utils import get_writer

FOLDER = Path(__file__).parents[2] / "tests" / "golden" / "output"
SHAPES: list[dict[str, int | bool]] = [
    {"highlight_words": True},
    {"max_line_width": 20},
    {"max_line_width": 16, "max_line_count": 2},
    {"max_line_width": 30, "max_line_count": 1, "highlight_words": True},
    {"max_line_count": 2},
    {"max_words_per_line": 3},
    {"max_words_per_line": 2, "highlight_words": True},
    {"max_words_per_line": 4, "max_line_width": 12},
    {"max_words_per_line": 2, "max_line_width": 12, "max_line_count": 3},
]


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
# Words side by side and after pauses (one of over 3 s), of no length, longer than a line, without
# a space before them, and segments that are empty at the start, in the middle and at the end.
SPEECH = {
    "text": "",
    "segments": [
        segment(0, 0.0, 0.5, "") | {"words": []},
        segment(1, 0.5, 7.0, " The quick brown fox, <b> jumps over the lazy dog.")
        | {
            "words": words(0.5, " The", " quick", " brown", " fox,", " <b>", " jumps")
            + words(3.9, " over", " the")
            + words(5.0004, " lazy", " dog.")
        },
        segment(2, 7.0, 7.0, "") | {"words": []},
        segment(3, 7.0, 9.0, " Donaudampfschifffahrtsgesellschaft, 世界。再见 -->")
        | {
            "words": words(
                7.0, " Donaudampfschifffahrtsgesellschaft,", " 世", "界。", "再", "见", " -->"
            )
        },
        segment(4, 14.0, 15.0, " And then: one, two, three.")
        | {
            "words": [
                {"word": text, "start": start, "end": end, "probability": 0.5}
                for text, start, end in (
                    (" And", 14.0, 14.0),
                    (" then:", 14.0, 14.2496),
                    (" one,", 14.2504, 14.5),
                    (" two,", 17.6, 17.7),
                    (" three.", 17.7, 3600.25),
                )
            ]
        },
        segment(5, 15.0, 15.0, "") | {"words": []},
    ],
    "language": "en",
}
SILENCE = {"text": "", "segments": [], "language": "en"}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    write = get_writer("all", str(FOLDER))
    for name, result in (("plain", PLAIN), ("words", WORDS), ("silence", SILENCE)):
        write(json.loads(json.dumps(result)), f"{name}.wav", {})
    write_shapes()


def write_shapes() -> None:
    folder = FOLDER / "shapes"
    folder.mkdir(exist_ok=True)
    (folder / "shapes.json").write_text(json.dumps(SHAPES, indent=1) + "\n")
    (folder / "speech.json").write_text(json.dumps(SPEECH))
    for number, shape in enumerate(SHAPES):
        for output_format in ("srt", "vtt"):
            write = get_writer(output_format, str(folder))
            write(json.loads(json.dumps(SPEECH)), f"{number}.wav", **shape)


if __name__ == "__main__":
    main()
