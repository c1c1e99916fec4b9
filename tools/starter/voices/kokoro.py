"""Kokoro, a neural synthesiser that sounds like people, and mixtures of its speakers.

https://huggingface.co/hexgrad/Kokoro-82M (Apache 2.0) as an ONNX graph with the inputs "tokens",
"style" and "speed": a folder with kokoro.onnx, the model's config.json, which names its symbols,
and voices/SPEAKER.bin.
"""

import json
from pathlib import Path

import numpy as np
import openvino
import openvino.opset13 as opset
from hibari.g2p import G2P

from tools.starter.voices.phonemes import word_times
from tools.starter.voices.speakers import KokoroVoice, speakers
from tools.starter.voices.speech import Speech, SynthesisError, finish

RATE = 24_000
FRAMES = "/encoder/Clip_output_0"  # inside the graph: how many each token takes
ROUND = 40  # frames: the processor's code is made anew for each length that has not been
STYLE = 256  # numbers, of which a speaker has as many for each length in tokens


class Kokoro:
    """The model, compiled once; one thread."""

    def __init__(self, folder: Path) -> None:
        core = openvino.Core()
        model = core.read_model(folder / "kokoro.onnx")
        _round_up(model)
        settings = {
            "ENABLE_CPU_PINNING": False,  # to the same core as other processes
            "INFERENCE_NUM_THREADS": 1,
            "INFERENCE_PRECISION_HINT": "bf16",
        }
        self._model = core.compile_model(model, "CPU", settings)
        self._symbols: dict[str, int] = json.loads((folder / "config.json").read_text())["vocab"]
        self._styles = {
            name: np.fromfile(folder / f"voices/{name}.bin", np.float32).reshape(-1, STYLE)
            for name in speakers(folder)
        }
        self._phonemes = {True: G2P(british=True), False: G2P()}

    def speak(self, voice: KokoroVoice, text: str) -> Speech:
        """Speak a text. Raises SynthesisError."""
        words = tuple(text.split())
        phonemes = self._phonemes[voice.is_british](text)
        if len(phonemes.split()) != len(words) or not self._symbols.keys() >= set(phonemes):
            raise SynthesisError(f"{text}: said as {phonemes}")
        tokens = [self._symbols[symbol] for symbol in phonemes]
        first, second = self._styles[voice.first], self._styles[voice.second]
        if len(tokens) > len(first):
            raise SynthesisError(f"{text}: too long")
        style = voice.share * first[len(tokens) - 1] + (1 - voice.share) * second[len(tokens) - 1]
        results = self._model(
            {
                "tokens": np.array([[0, *tokens, 0]]),
                "style": style[None].astype(np.float32),
                "speed": np.array([voice.speed], np.float32),
            }
        )
        pcm, frames = results[0].ravel(), results[1].ravel()
        return finish(pcm, RATE, words, *word_times(phonemes, frames[:-1]))


def _round_up(model: openvino.Model) -> None:
    """Let the silence after the last symbol last until the frames are many of `ROUND`."""
    (result,) = model.add_outputs([FRAMES])
    frames = result.node.input_value(0)
    users = [user for user in frames.get_target_inputs() if user.get_node() != result.node]
    total = opset.reduce_sum(frames, [1], keep_dims=True)
    rounds = opset.ceil(opset.divide(total, np.float32(ROUND)))
    missing = opset.subtract(opset.multiply(rounds, np.float32(ROUND)), total)
    spoken, silence = opset.variadic_split(frames, 1, [-1, 1]).outputs()
    longer = opset.concat([spoken, opset.add(silence, missing)], 1)
    for user in users:
        user.replace_source_output(longer.output(0))
