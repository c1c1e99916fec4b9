"""Which files of a folder are recordings, by their names alone."""

from pathlib import PurePath

PLAIN = "aif aifc aiff au caf rf64 snd voc w64 wav wave"
LOSSLESS = "ape flac tak tta wv"
SQUEEZED = "aac ac3 amr dts eac3 m4a m4b mka mp2 mp3 mpga oga ogg opus ra spx wma weba"
FILM = "3ga 3gp avi f4v flv m2ts m4v mkv mov mp4 mpeg mpg mts mxf ogv rm ts webm wmv"
KINDS = frozenset(f"{PLAIN} {LOSSLESS} {SQUEEZED} {FILM}".split())
"""Suffixes of sound and film that FFmpeg reads; a file that is named itself may have any."""


def is_recording(path: PurePath) -> bool:
    """Tell whether a file looks like a recording that is meant for people.

    Hidden ones are not: macOS puts `._talk.mp3`, which holds no sound, beside `talk.mp3`.
    """
    return path.suffix[1:].lower() in KINDS and not path.name.startswith(".")
