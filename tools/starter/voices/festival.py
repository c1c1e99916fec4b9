"""festival, as a server of its own process; it is slow to start, and tells when words are said."""

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from tools.starter.voices import foreign
from tools.starter.voices.speech import Speech, SynthesisError, finish

# Festival's Scheme: speak, save the sound, and write the start and the end of every token. The
# last word of a token may be a comma or an "'s", which has no sounds of its own.
PRELUDE = """
(define (later a b) (if (> a b) a b))
(define (times token)
  (if token (begin
    (format t "T %f %f\\n"
      (item.feat token "daughter1.R:SylStructure.daughter1.daughter1.R:Segment.p.end")
      (later
        (item.feat token "daughtern.R:SylStructure.daughtern.daughtern.R:Segment.end")
        (item.feat token "daughtern.p.R:SylStructure.daughtern.daughtern.R:Segment.end")))
    (times (item.next token)))))
(define (say words stretch path)
  (Parameter.set 'Duration_Stretch stretch)
  (let ((utt (eval (list 'Utterance 'Text words))))
    (utt.synth utt)
    (utt.save.wave utt path 'riff)
    (times (utt.relation.first utt 'Token))
    (format t "DONE\\n")
    (fflush nil)))
"""


@dataclass(frozen=True, slots=True)
class FestivalVoice:
    """A voice of festival, and how much slower than usual it speaks."""

    name: str
    stretch: float

    def __str__(self) -> str:
        return f"festival-{self.name}"


class Festival:
    """The process, which some texts end; not to be used by two threads."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            ["festival", "--pipe"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._tell(PRELUDE + foreign.PRELUDE)
        for name, speaker in foreign.SPEAKERS.items():
            self._tell(foreign.definition(name, speaker))

    def _tell(self, scheme: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(scheme + "\n")
        self._process.stdin.flush()

    def speak(self, voice: FestivalVoice, text: str) -> Speech:
        """Speak an ASCII text. Raises SynthesisError."""
        if self._process.poll() is not None:
            self._start()
        path = Path(self._folder.name) / "speech.wav"
        quoted = text.replace("\\", "").replace('"', "")
        self._tell(
            f'(set! foreign nil) (voice_{voice.name}) (say "{quoted}" {voice.stretch:.2f} "{path}")'
        )
        times = self._times(text)
        samples, rate = soundfile.read(path, dtype="float32")
        words = tuple(text.split())
        return finish(samples, rate, words, times[:, 0], times[:, 1])

    def _times(self, text: str) -> NDArray[np.float64]:
        assert self._process.stdout
        rows = []
        for line in self._process.stdout:
            if line.startswith("T "):
                rows.append([float(number) for number in line.split()[1:]])
            elif line.startswith("DONE"):
                return np.array(rows).reshape(-1, 2)
            elif "ERROR" in line:
                raise SynthesisError(f"{text}: {line.strip()}")
        self._process.wait()
        raise SynthesisError(f"festival has ended: {text}")
