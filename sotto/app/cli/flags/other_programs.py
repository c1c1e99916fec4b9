"""What openai-whisper, faster-whisper, whisper.cpp and whisperX call things.

docs/flags.md lists all of it.

faster-whisper has no command line: its names are those of its Python arguments and of
whisper-ctranslate2, the command line that others made for it. `Parser` knows flags with hyphens.
"""

from collections.abc import Mapping

ALIASES: Mapping[str, tuple[str, ...]] = {
    # openai-whisper
    "-o": ("--output-dir",),
    "-f": ("--output-format",),  # of whisper.cpp, a file: see `is_file`
    # faster-whisper, whisper-ctranslate2
    "--model-directory": ("--model",),
    "--model-size-or-path": ("--model",),
    "--download-root": ("--model-dir",),
    "--cpu-threads": ("--threads",),
    "--log-prob-threshold": ("--logprob-threshold",),
    "--vad-filter": ("--vad",),
    # whisperX
    "--vad-onset": ("--vad-threshold",),
    "--suppress-numerals": ("--suppress-regex=.*[0-9%$£].*",),
    "-V": ("--version",),
    "--chunk-size": ("--vad-max-speech-duration-s",),
    # whisper.cpp
    "-m": ("--model",),
    "-l": ("--language",),
    "-t": ("--threads",),
    "-tr": ("--task", "translate"),
    "--translate": ("--task", "translate"),
    "-bs": ("--beam-size",),
    "-bo": ("--best-of",),
    "-tp": ("--temperature",),
    "-tpi": ("--temperature-increment-on-fallback",),
    "--temperature-inc": ("--temperature-increment-on-fallback",),
    "-nf": ("--temperature-increment-on-fallback", "None"),
    "--no-fallback": ("--temperature-increment-on-fallback", "None"),
    "-lpt": ("--logprob-threshold",),
    "--logprob-thold": ("--logprob-threshold",),
    "-nth": ("--no-speech-threshold",),
    "--no-speech-thold": ("--no-speech-threshold",),
    "--prompt": ("--initial-prompt",),
    "-mc": ("--max-context",),
    "-sns": ("--suppress-tokens=-1",),
    "--suppress-nst": ("--suppress-tokens=-1",),
    "-ot": ("--offset-t",),
    "-d": ("--duration",),
    "-di": ("--channels", "separate"),
    "-ng": ("--device", "cpu"),
    "--no-gpu": ("--device", "cpu"),
    "-np": ("--no-prints",),
    "-nt": ("--no-timestamps",),
    "-otxt": ("--output-txt",),
    "-ovtt": ("--output-vtt",),
    "-osrt": ("--output-srt",),
    "-oj": ("--output-json",),
    "-ojf": ("--output-json",),
    "-olrc": ("--output-lrc",),
    "--output-json-full": ("--output-json",),
    "-vt": ("--vad-threshold",),
    "-vspd": ("--vad-min-speech-duration-ms",),
    "-vsd": ("--vad-min-silence-duration-ms",),
    "-vmsd": ("--vad-max-speech-duration-s",),
    "-vp": ("--vad-speech-pad-ms",),
    "-pp": ("--print-progress",),
    "-ml": ("--max-line-width",),
    "--max-len": ("--max-line-width",),
    "-sow": ("--split-on-word",),
    "-fa": ("--flash-attn",),
    "-nfa": ("--no-flash-attn",),
    "-wt": ("--word-thold",),
    "-et": ("--entropy-thold",),
    "-vm": ("--vad-model",),
    "-vo": ("--vad-samples-overlap",),
    "-dev": ("--device",),
}
"""Name: what it is here, with its value if it takes none there."""

UNUSED: Mapping[str, str] = {
    "--fp16": "",
    "--flash-attn": "",
    "--no-flash-attn": "",
    "--print-progress": "",
    "--log-progress": "",
    "--split-on-word": "",
    "--local-files-only": "",
    "--model-cache-only": "",
    "--no-align": "",
    "--vad-model": "",
    "--vad-method": "Silero's network, and WebRTC's detector before it, tell speech from noise",
    "--vad-samples-overlap": "stretches of speech are not cut out of the sound, so none overlap",
    "--word-thold": "words are timed by the model's attention, without a threshold",
    "--entropy-thold": "--compression-ratio-threshold is what tells loops",
}
"""Flags that are taken, as there is nothing to be done: and what is said of it, if anything."""

UNUSED_ALONE = frozenset({"--flash-attn", "--no-flash-attn", "--split-on-word", "--no-align"})
UNUSED_SWITCHES = frozenset(
    {
        "--fp16",
        "--print-progress",
        "--log-progress",
        "--local-files-only",
        "--model-cache-only",
    }
)
"""Those of them that take no value, and those that take True or False."""

_NO_SPEAKERS = (
    "voices are not told apart; of a stereo recording with a speaker a side: --channels separate"
)
_NO_ALIGNMENT = "Whisper itself times words (--word-timestamps True); no other model is asked"
_NO_GRAMMAR = "Sotto has no grammars; names and style to expect go into --initial-prompt"
_LIVE = "live text is another command: sotto listen"

REFUSED: Mapping[str, str] = {
    # Speakers
    "--diarize": _NO_SPEAKERS,
    "--tinydiarize": _NO_SPEAKERS,
    "-tdrz": _NO_SPEAKERS,
    "--min-speakers": _NO_SPEAKERS,
    "--max-speakers": _NO_SPEAKERS,
    "--diarize-model": _NO_SPEAKERS,
    "--speaker-embeddings": _NO_SPEAKERS,
    "--speaker-name": _NO_SPEAKERS,
    "--speaker-num": _NO_SPEAKERS,
    "--hf-token": "no model that asks for one is used; voices are not told apart",
    "--use-auth-token": "no model that asks for one is used",
    # Alignment by other models
    "--align-model": _NO_ALIGNMENT,
    "--interpolate-method": _NO_ALIGNMENT,
    "--return-char-alignments": _NO_ALIGNMENT,
    "-dtw": _NO_ALIGNMENT,
    "--dtw": _NO_ALIGNMENT,
    # What the processor does
    "--device-index": "Sotto computes on the processor; there is no second one to choose",
    "--num-workers": "all processors work on one recording; --threads says how many",
    "-p": "two programs mean two things by it; say --threads, or leave it out",
    "--processors": "it loses words where it cuts; all processors work on one recording here",
    "-oved": "Sotto has its own kernels; OpenVINO has no part in it",
    "--ov-e-device": "Sotto has its own kernels; OpenVINO has no part in it",
    "-ac": "models make up text on shortened windows",
    "--audio-ctx": "models make up text on shortened windows",
    "--chunk-length": "Whisper's windows are 30 s; shorter ones make it invent words",
    # What is written
    "-of": "files are called as their recording is; --output-dir says where they go",
    "--output-file": "files are called as their recording is; --output-dir says where they go",
    "-owts": "no karaoke script is written; json has each word's time",
    "--output-words": "no karaoke script is written; json has each word's time",
    "-fp": "no karaoke script is written",
    "--font-path": "no karaoke script is written",
    "-ocsv": "--output-format tsv has the same columns",
    "--output-csv": "--output-format tsv has the same columns",
    "-on": "subtitles are numbered from 1",
    "--offset-n": "subtitles are numbered from 1",
    "--pretty-json": "a program such as jq formats json",
    "-ps": "json has the tokens",
    "--print-special": "json has the tokens",
    "-pc": "json has the probability of each word (--word-timestamps True)",
    "--print-colors": "json has the probability of each word (--word-timestamps True)",
    "--print-confidence": "json has the probability of each word (--word-timestamps True)",
    "-ls": "json has the probability of each word (--word-timestamps True)",
    "--log-score": "json has the probability of each word (--word-timestamps True)",
    "-dl": "without --language it is detected, and json says which it is",
    "--detect-language": "without --language it is detected, and json says which it is",
    "--segment-resolution": "subtitles are cut where the model says that a sentence ends",
    "--log-level": "what happened is in: sotto doctor --report",
    "-debug": "sotto doctor says what works here",
    "--debug-mode": "sotto doctor says what works here",
    # Decoding
    "--grammar": _NO_GRAMMAR,
    "--grammar-rule": _NO_GRAMMAR,
    "--grammar-penalty": _NO_GRAMMAR,
    "--vad-offset": "speech goes on at 0.15 below --vad-threshold",
    "--neg-threshold": "speech goes on at 0.15 below --vad-threshold",
    # Other things
    "--revision": "models are fetched by: sotto models pull",
    "--files": "a model is a folder or a file: --model PATH",
    "--live-transcribe": _LIVE,
    "--live-volume-threshold": _LIVE,
    "--live-input-device": "live text is another command: sotto listen --microphone NAME",
    "--live-input-device-sample-rate": _LIVE,
    "-P": "sotto doctor says which Python it is",
    "--python-version": "sotto doctor says which Python it is",
}
"""Flags that are not here, and what to do instead."""


def is_file(value: str) -> bool:
    """Tell whisper.cpp's `-f FILE` from openai-whisper's `-f FORMAT`."""
    return value == "-" or bool({".", "/"} & set(value))
