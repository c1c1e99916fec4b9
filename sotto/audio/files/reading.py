"""Sound files: whatever FFmpeg reads, block by block, to 16 kHz mono.

One decoder (PyAV, which carries FFmpeg inside) for every format, so that a file that can be
transcribed can also be listened to. It runs in a process of its own (`sotto.audio.files.decoder`),
which gets the open file: names mean nothing to it, and what a file does to it harms nobody.
"""

import os
import re
import signal
import stat
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from sotto.audio.files import packets
from sotto.audio.files.decoder_processes import PROCESSES, DecoderProcess
from sotto.audio.files.missing import Missing, added, told
from sotto.audio.files.packed_sound import PackedSound
from sotto.audio.files.packets import Kind
from sotto.audio.files.selection import Selection
from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.errors import AudioFileError

SELECTION = Selection()  # the default track, all channels mixed
_ADDRESS = re.compile(r"[a-z]{2,}:/")  # of the web; a path has one of its slashes left
HOUR_SAMPLES = 3600 * SAMPLE_RATE
SAMPLE_BYTES = 2


@dataclass(frozen=True, slots=True)
class Recording:
    """A file's sound.

    Attributes:
        pcm: (n_samples,), 16 kHz mono, [-1, 1]; silent where sound is missing.
        missing: what cannot be read, in order of time.
    """

    pcm: PackedSound
    missing: tuple[Missing, ...] = ()


def read_audio(path: str | Path) -> Pcm:
    """Decode a whole file to samples (n,), 16 kHz mono, [-1, 1]; a short one, or memory is short.

    Raises:
        AudioFileError: see `decode`; or a part is missing.
    """
    decoding = decode(path)
    pcm = np.concatenate([*decoding])
    if decoding.missing:
        raise AudioFileError(damage(path, decoding.missing))
    return pcm


def read_recording(path: str | Path, selection: Selection = SELECTION, name: str = "") -> Recording:
    """Decode a whole file, as far as it can be read.

    Args:
        path: The file.
        selection: Which of its sound.
        name: What errors call it, if it has a better one than its path.

    Raises:
        AudioFileError: see `decode`; or it is too long for the memory.
    """
    (recording,) = read_sounds(path, Selection(selection.track, selection.sounds[:1]), name)
    return recording


def read_sounds(path: str | Path, selection: Selection, name: str = "") -> tuple[Recording, ...]:
    """Decode a whole file once, as `read_recording` does, to each of the sounds of a selection."""
    decoding = decode(path, selection, name)
    sounds = [PackedSound() for _ in selection.sounds]
    for block in decoding:
        for number, sound in enumerate(sounds):
            sound.append(block if block.ndim == 1 else block[:, number])
        n = len(sounds[0])
        n_bytes = SAMPLE_BYTES * n * len(sounds)
        if n % HOUR_SAMPLES < len(block) and not _has_memory(n_bytes):
            raise AudioFileError(
                f"“{name or path}” is longer than {n / HOUR_SAMPLES:.0f} h, for which there "
                "is not enough memory: cut it into parts"
            )
    return tuple(Recording(sound, decoding.missing) for sound in sounds)


def damage(path: str | Path, missing: tuple[Missing, ...]) -> str:
    """Return the line that tells what of a file cannot be read."""
    return f"“{path}” is damaged or cut short: {told(missing)} cannot be read; copy it again"


def decode(
    path: str | Path,
    selection: Selection = SELECTION,
    name: str = "",
    *,
    suffix: str | None = None,
) -> "Decoding":
    """Decode a file block by block (0.1 to 1 s each), so that an hour needs no more memory.

    Args:
        path: Of the file.
        selection: What of its sound.
        name: What errors call it, if it has a better one than its path.
        suffix: Tells the format where nothing in the file does; None: the path's.

    The blocks raise AudioFileError where the file is missing, a folder, empty, not sound, or holds
    no samples, or where no decoder survives it, before the first of them.
    """
    return Decoding(Path(path), selection, name or str(path), suffix)


class Decoding:
    """The blocks of a file: an iterator over samples (n,), 16 kHz mono, [-1, 1].

    Of a selection of several sounds they are (n, n_sounds).
    Where sound is missing they are silent, and `missing` says so by then. Used by one thread.
    """

    def __init__(
        self, path: Path, selection: Selection, name: str, suffix: str | None = None
    ) -> None:
        self._path = path
        self._name = name
        self._suffix = path.suffix if suffix is None else suffix
        self._selection = selection
        self._missing: list[Missing] = []
        self._n_samples = 0
        self._ended_by: signal.Signals | None = None
        self._blocks = self._decode()

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What could not be read so far, in order of time."""
        return tuple(self._missing)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Pcm:
        return next(self._blocks)

    def close(self) -> None:
        """Stop decoding. Idempotent."""
        self._blocks.close()

    def _decode(self) -> Generator[Pcm]:
        file = opened(self._path, self._name)
        try:
            while True:
                process = self._process()
                was_used = process.n_files > 0
                is_told = yield from self._tell(process, file)
                if is_told:
                    return
                # Files before this one may have shaken the process; else it was this one.
                if not (was_used and _rewound(file)):
                    break
            self._tell_end()
        finally:
            os.close(file)

    def _process(self) -> DecoderProcess:
        try:
            return PROCESSES.take()
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise AudioFileError(
                f"“{self._name}” cannot be decoded: no process can be started ({why})"
            ) from error

    def _tell(self, process: DecoderProcess, file: int) -> Generator[Pcm, None, bool]:
        """Yield the sound behind what an attempt before has given; return whether it has an end."""
        self._missing.clear()
        n_given, n_samples, is_told = self._n_samples, 0, False
        try:
            for packet in process.answers(file, self._suffix[1:].lower(), self._selection):
                kind, body = Kind(packet[:1]), packet[1:]
                is_told = kind in packets.LAST
                self._note(kind, body)
                if kind is Kind.SOUND:
                    pcm = packets.samples(body, len(self._selection.sounds))
                    n_samples += len(pcm)
                    if n_samples > n_given:
                        self._n_samples = n_samples
                        yield pcm[max(0, len(pcm) - (n_samples - n_given)) :]
        finally:
            if is_told:
                PROCESSES.give_back(process)
            else:
                self._ended_by = process.end()
        return is_told

    def _note(self, kind: Kind, body: bytes) -> None:
        if kind is Kind.MISSING:
            self._missing = added(self._missing, packets.place_of(body))
        if kind is Kind.FAULT and not self._kept():
            raise AudioFileError(f"“{self._name}” {body.decode()}")

    def _kept(self) -> bool:
        """Tell whether there is sound from before a failure; what follows it is missing."""
        if self._n_samples:
            self._missing = added(self._missing, Missing(self._n_samples / SAMPLE_RATE, None))
        return self._n_samples > 0

    def _tell_end(self) -> None:
        """The file has ended the process."""
        if self._kept():
            return
        is_hung = self._ended_by is signal.SIGALRM
        why = "nothing comes of it" if is_hung else "the decoder fails on it"
        raise AudioFileError(
            f"“{self._name}” cannot be read as sound ({why}): convert it to WAV or FLAC"
        )


def _rewound(file: int) -> bool:
    """Go back to the start of a file, if it is no pipe."""
    try:
        os.lseek(file, 0, os.SEEK_SET)
    except OSError:
        return False
    return True


def opened(path: Path, name: str) -> int:
    """Open a file without waiting, as for a pipe into which nobody writes; `name` is for errors.

    Raises:
        AudioFileError: It is missing, a folder, or empty.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        what_to_do = (
            "Sotto fetches nothing: download it first"
            if _ADDRESS.match(name)
            else "check the spelling of the path"
        )
        raise AudioFileError(f"“{name}” does not exist: {what_to_do}") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = getattr(error, "strerror", None) or str(error)
        raise AudioFileError(f"“{name}” cannot be opened ({why.lower()})") from error
    try:
        _check(name, os.fstat(file))
    except AudioFileError:
        os.close(file)
        raise
    os.set_blocking(file, True)
    return file


def _check(name: str, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise AudioFileError(f"“{name}” is a folder: give a sound file in it")
    if stat.S_ISREG(status.st_mode) and status.st_size == 0:
        raise AudioFileError(f"“{name}” is empty: record or copy it again")


def _has_memory(n_bytes: int) -> bool:
    """Tell whether there is room for as much again: what hears it keeps half as much of its own."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024 > n_bytes
    return True
