"""flite, through its C library, which tells when each word is said."""

import ctypes
import zlib
from dataclasses import dataclass

import numpy as np

from tools.starter.voices.speech import Speech, SynthesisError, finish


@dataclass(frozen=True, slots=True)
class FliteVoice:
    """A voice, how much slower than usual it speaks, and by what its pitch is multiplied."""

    name: str
    stretch: float
    shift: float

    def __str__(self) -> str:
        return f"flite-{self.name}"


class _Wave(ctypes.Structure):  # cst_wave.h
    _fields_ = [
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    ]


class _Voice(ctypes.Structure):  # the beginning of cst_voice.h's
    _fields_ = [("name", ctypes.c_char_p), ("features", ctypes.c_void_p)]


FIRST_SEGMENT = b"R:Token.daughter.R:SylStructure.daughter.daughter.R:Segment.p.end"
LAST_SEGMENT = b"R:Token.daughtern.R:SylStructure.daughtern.daughtern.R:Segment.end"


class Flite:
    """The library and its voices, opened once; not to be used by two threads."""

    VOICES = ("kal16", "rms", "slt", "awb")

    def __init__(self) -> None:
        self._c = ctypes.CDLL(None)
        self._flite = ctypes.CDLL("libflite.so.1", ctypes.RTLD_GLOBAL)
        ctypes.CDLL("libflite_usenglish.so.1", ctypes.RTLD_GLOBAL)
        ctypes.CDLL("libflite_cmulex.so.1", ctypes.RTLD_GLOBAL)
        for function, result, arguments in (
            ("flite_synth_text", "p", "sp"),
            ("utt_wave", "w", "p"),
            ("utt_relation", "p", "ps"),
            ("relation_head", "p", "p"),
            ("item_next", "p", "p"),
            ("ffeature_float", "f", "ps"),
            ("feat_set_float", "", "psf"),
            ("get_param_float", "f", "psf"),
            ("delete_utterance", "", "p"),
        ):
            self._declare(function, result, arguments)
        self._flite.flite_init()
        self._voices = {name: self._register(name) for name in self.VOICES}
        self._pitch = {
            name: self._flite.get_param_float(self._features(name), b"int_f0_target_mean", 100.0)
            for name in self.VOICES
        }

    def _declare(self, name: str, result: str, arguments: str) -> None:
        kinds = {
            "p": ctypes.c_void_p,
            "s": ctypes.c_char_p,
            "f": ctypes.c_float,
            "w": ctypes.POINTER(_Wave),
            "": None,
        }
        function = getattr(self._flite, name)
        function.restype, function.argtypes = kinds[result], [kinds[kind] for kind in arguments]

    @staticmethod
    def _register(name: str) -> int:
        register = getattr(ctypes.CDLL(f"libflite_cmu_us_{name}.so.1"), f"register_cmu_us_{name}")
        register.restype, register.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
        return int(register(None))

    def _features(self, name: str) -> int:
        voice = ctypes.cast(self._voices[name], ctypes.POINTER(_Voice))
        return int(voice.contents.features)

    def speak(self, voice: FliteVoice, text: str) -> Speech:
        """Speak an ASCII text, always the same way. Raises SynthesisError."""
        features = self._features(voice.name)
        self._flite.feat_set_float(features, b"duration_stretch", voice.stretch)
        mean = self._pitch[voice.name] * voice.shift
        self._flite.feat_set_float(features, b"int_f0_target_mean", mean)
        content = text.encode("ascii")
        # A voice draws its breath by C's `rand`: whatever was said before, it now breathes alike.
        self._c.srand(zlib.crc32(content))
        utterance = self._flite.flite_synth_text(content, self._voices[voice.name])
        if not utterance:
            raise SynthesisError(text)
        try:
            return self._speech(utterance, text)
        finally:
            self._flite.delete_utterance(utterance)

    def _speech(self, utterance: int, text: str) -> Speech:
        wave = self._flite.utt_wave(utterance).contents
        samples = np.ctypeslib.as_array(wave.samples, (wave.num_samples,)).astype(np.float32)
        starts, ends = [], []
        token = self._flite.relation_head(self._flite.utt_relation(utterance, b"Token"))
        while token:
            starts.append(self._flite.ffeature_float(token, FIRST_SEGMENT))
            ends.append(self._flite.ffeature_float(token, LAST_SEGMENT))
            token = self._flite.item_next(token)
        words = tuple(text.split())
        return finish(
            samples / np.float32(32768), wave.sample_rate, words, np.array(starts), np.array(ends)
        )
